"""Forms as other people's servers read them."""

import tempfile

import pytest
from aiohttp import web

from app.utils.form_data import PIECE, Form, FormFile, read
from app.utils.http_client import HttpClient

CONTENT = b"\r\n--" + bytes(PIECE) + "Übung".encode()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("sets.csv", "sets.csv"),
        ("Übung 训练.csv", "Übung 训练.csv"),
        ('a"b\r\nX-Evil: 1\r\n\r\n.csv', "a%22b%0D%0AX-Evil: 1%0D%0A%0D%0A.csv"),
    ],
    ids=["plain", "unicode", "hostile"],
)
async def test_a_form_arrives_as_it_was_and_no_name_leaves_its_quotes(name: str, written: str) -> None:
    came = {}

    async def handle(request: web.Request) -> web.Response:
        for field, value in (await request.post()).items():
            came[field] = value.file.read() if isinstance(value, web.FileField) else value
        return web.Response()

    app = web.Application(client_max_size=0)
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = HttpClient(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    with tempfile.TemporaryFile() as file:
        file.write(CONTENT)
        forms = [Form({"caption": "Ünïcode\r\n--", name: "x"}, {"document": FormFile(name, read(file))}) for _ in "12"]
        file.seek(0)
        answer = await client.post("", forms[0].pieces(), content_type=forms[0].content_type, seconds=10)
        raw = b"".join([piece async for piece in forms[1].pieces()])  # its file is at its end already
    await client.close()
    await runner.cleanup()
    assert answer.status == 200
    assert list(came.values()) == ["Ünïcode\r\n--", "x", CONTENT]
    assert f'name="document"; filename="{written}"\r\n'.encode() in raw
    assert f'form-data; name="{written}"\r\n\r\nx'.encode() in raw
