"""Telegram's HTML: what it becomes, and what the real server says of what it cannot read."""

from typing import Any

import pytest

from app.sandbox.entities import finished, units
from app.sandbox.html_text import HtmlError, checked_link, parse


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"offset": offset, "length": length, "type": kind, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
        ("<u>a</u> <ins>b</ins>", "a b", [entity("underline", 0, 1), entity("underline", 2, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [entity("strikethrough", n, 1) for n in range(3)]),
        ("<code>a</code>", "a", [entity("code", 0, 1)]),
        ("<pre>a\nb</pre>", "a\nb", [entity("pre", 0, 3)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [entity("pre", 0, 1, language="py")]),
        ('<code class="language-py"><pre>a</pre></code>', "a", [entity("pre", 0, 1, language="py")]),
        ('<code class="language-py">a</code>', "a", [entity("code", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ('<a href="http://gym.example/x?a=1&amp;b=2">a</a>', "a", [
            entity("text_link", 0, 1, url="http://gym.example/x?a=1&b=2")]),
        ("<a href='gym.example'>a</a>", "a", [entity("text_link", 0, 1, url="http://gym.example/")]),
        ('<a href="javascript:alert(1)">a</a>', "a", []),
        ("<a href>a</a>", "a", []),
        ("<b class=x bold>a</b>", "a", [entity("bold", 0, 1)]),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", []),
        ("<a>gym.example</a>", "gym.example", [entity("text_link", 0, 11, url="http://gym.example/")]),
        ("<B>a</B>", "a", [entity("bold", 0, 1)]),
        ("<b>a</b >", "a", [entity("bold", 0, 1)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("<b></b>", "", []),
        ("<b>a<i>b</i></b>", "ab", [entity("italic", 1, 1), entity("bold", 0, 2)]),
        ("💪<b>💪</b>", "💪💪", [entity("bold", 2, 2)]),
        ("&lt;b&gt; &amp; &quot;x&quot; &#39;&#x41;", '<b> & "x" \'A', []),
        ("&lt&nbsp;&unknown; & &", "<&nbsp;&unknown; & &", []),
        ("1 > 0", "1 > 0", []),
    ],
)  # fmt: skip
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ж <h1>a</h1>", 'Unsupported start tag "h1" at byte offset 3'),
        ("1 < 2 and more", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("<b />", 'Empty attribute name in the tag "b" at byte offset 0'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_cannot_be_read_is_told_as_by_the_real_server(source: str, complaint: str) -> None:
    with pytest.raises(HtmlError) as raised:
        parse(source)
    assert str(raised.value) == complaint


@pytest.mark.parametrize(
    ("text", "entities", "result"),
    [
        ("  \n a \n", [], ("a", [])),
        (" a ", [entity("bold", 0, 3)], (" a", [entity("bold", 0, 2)])),
        ("  a b ", [entity("bold", 4, 2)], ("a b", [entity("bold", 2, 1)])),
        ("/start now", [], ("/start now", [entity("bot_command", 0, 6)])),
        ("💪 /gym@gym_bot", [], ("💪 /gym@gym_bot", [entity("bot_command", 3, 12)])),
        ("60/8 a/b", [], ("60/8 a/b", [])),
        ("/help", [entity("code", 0, 5)], ("/help", [entity("code", 0, 5)])),
        ("see https://gym.example/a, ok", [], ("see https://gym.example/a, ok", [entity("url", 4, 21)])),
        ("@gym_bot #legs me@gym.example", [], ("@gym_bot #legs me@gym.example", [
            entity("mention", 0, 8), entity("hashtag", 9, 5), entity("email", 15, 14)])),
    ],
)  # fmt: skip
def test_texts_are_trimmed_and_searched(text: str, entities: list[dict[str, Any]], result: Any) -> None:
    assert finished(text, entities) == result


def test_length_is_counted_in_utf16_units() -> None:
    assert [units(text) for text in ("abc", "ж", "💪", "🏋️")] == [3, 1, 2, 3]


@pytest.mark.parametrize(
    "url", ["", "not-a-url", "ftp://a.b", "javascript:x.y", "http://", "http://localhost/", "a b.c"]
)
def test_what_is_no_link_stays_text(url: str) -> None:
    assert checked_link(url) == ""
