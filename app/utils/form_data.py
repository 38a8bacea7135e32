"""A form with files (multipart/form-data), written piece by piece as browsers write it."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import IO, NamedTuple

PIECE = 64 * 1024
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # so that no name ends its line, or itself


class FormFile(NamedTuple):
    """A file of a form: its name, and what it holds."""

    name: str
    content: AsyncGenerator[bytes, None]


class Form:
    """Fields and files, and the content type under which they are read apart again."""

    def __init__(self, fields: Mapping[str, str], files: Mapping[str, FormFile]) -> None:
        self._fields = fields
        self._files = files
        self._boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={self._boundary}"

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Write it, once."""
        for field, value in self._fields.items():
            yield f"{self._head(field)}\r\n\r\n{value}\r\n".encode()
        for field, file in self._files.items():
            name = file.name.translate(_QUOTED)
            kind = "Content-Type: application/octet-stream"
            yield f'{self._head(field)}; filename="{name}"\r\n{kind}\r\n\r\n'.encode()
            async with aclosing(file.content):
                async for piece in file.content:
                    yield piece
            yield b"\r\n"
        yield f"--{self._boundary}--\r\n".encode()

    def _head(self, field: str) -> str:
        return f'--{self._boundary}\r\nContent-Disposition: form-data; name="{field.translate(_QUOTED)}"'


async def read(file: IO[bytes]) -> AsyncGenerator[bytes, None]:
    """Read a file from where it stands to its end, in a thread: a disk may be slow."""
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece
