"""The kind and size of a picture, read from its first bytes; what is not known to be a picture is none."""

import struct
from typing import NamedTuple


class Picture(NamedTuple):
    """What a picture is."""

    media_type: str
    width: int
    height: int


def look(content: bytes) -> Picture | None:
    """Recognise a PNG, JPEG, GIF or WebP; None for anything else, SVG above all (it may carry scripts)."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return Picture("image/png", *struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return Picture("image/gif", *struct.unpack("<HH", content[6:10]))
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
    except struct.error:
        pass
    return None


def _webp(content: bytes) -> Picture | None:
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return Picture("image/webp", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L":
            (bits,) = struct.unpack("<I", content[21:25])
            return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, high = struct.unpack("<HB", content[24:27])
            height, tall = struct.unpack("<HB", content[27:30])
            return Picture("image/webp", (width | high << 16) + 1, (height | tall << 16) + 1)
    return None


def _jpeg(content: bytes) -> Picture | None:
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Picture("image/jpeg", width, height)
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        at += 2 + length
    return None
