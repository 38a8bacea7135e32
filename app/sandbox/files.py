"""Files that are sent: what of them Telegram refuses, how the Bot API describes them, where they are fetched."""

import hashlib
import mimetypes
import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from app.sandbox import pictures
from app.sandbox.entities import clean
from app.sandbox.shapes import Json

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
UPLOAD_BYTES = 50 * 1024 * 1024  # what a bot may send
DOWNLOAD_BYTES = 20 * 1024 * 1024  # what a bot may fetch
NAME_LENGTH = 120

_TYPES = mimetypes.MimeTypes()  # Python's own table: the computer's files would answer differently elsewhere


class FileError(Exception):
    """A file that Telegram refuses; the message is Telegram's."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept."""

    id: str
    kind: str  # photo or document
    media_type: str
    about: Json  # a PhotoSize or a Document of the Bot API
    content: bytes

    @property
    def message(self) -> Json:
        """The part of a message that says what was sent."""
        return {self.kind: [self.about] if self.kind == "photo" else self.about}


def photo(upload: Upload) -> File:
    """Take in a picture that is sent as a photo."""
    if not upload.content:
        raise FileError("file must be non-empty")
    if len(upload.content) > PHOTO_BYTES:
        raise FileError(
            f"file of size {len(upload.content)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
        )
    picture = pictures.look(upload.content)
    if picture is None:
        raise FileError("IMAGE_PROCESS_FAILED")
    sides = sorted((picture.width, picture.height))
    if sides[0] < 1 or sum(sides) > PHOTO_SIDES or sides[1] > PHOTO_RATIO * sides[0]:
        raise FileError("PHOTO_INVALID_DIMENSIONS")
    about = _about(upload.content) | {"width": picture.width, "height": picture.height}
    return File(about["file_id"], "photo", picture.media_type, about, upload.content)


def document(upload: Upload) -> File:
    """Take in a file that is sent as it is."""
    if not upload.content:
        raise FileError("file must be non-empty")
    name = clean(re.split(r"[/\\]", upload.name)[-1]).replace("\n", " ").strip()[-NAME_LENGTH:] or "document"
    media_type = _TYPES.guess_type(name, strict=False)[0] or "application/octet-stream"
    about = {"file_name": name, "mime_type": media_type} | _about(upload.content)
    return File(about["file_id"], "document", media_type, about, upload.content)


def _about(content: bytes) -> Json:
    return {
        "file_id": secrets.token_urlsafe(48),
        "file_unique_id": hashlib.sha256(content).hexdigest()[:16],
        "file_size": len(content),
    }


def path(file: File, number: int) -> str:
    """Where a bot fetches a file, below /file/bot<token>/."""
    suffix = _TYPES.guess_extension(file.media_type) or "" if file.kind == "photo" else _suffix(file.about["file_name"])
    return f"{file.kind}s/file_{number}{suffix}"


def _suffix(name: str) -> str:
    match = re.search(r"\.[A-Za-z0-9]{1,10}$", name)
    return match[0].lower() if match else ""


def disposition(file: File) -> str:
    """How a browser treats a file: photos are shown, all else is saved under its name."""
    if file.kind == "photo":
        return "inline"
    return f"attachment; filename*=UTF-8''{quote(file.about['file_name'], safe='')}"


def for_page(message: Json) -> Json:
    """A message as the page gets it: one photo instead of its sizes, and addresses to fetch files from."""
    seen = message
    if "photo" in message:
        size = max(message["photo"], key=lambda each: each["width"])
        seen = seen | {"photo": _addressed(size, "file_id", "width", "height")}
    if "document" in message:
        about = _addressed(message["document"], "file_id", "file_name", "mime_type", "file_size")
        seen = seen | {"document": about}
    if "reply_to_message" in message:
        seen = seen | {"reply_to_message": for_page(message["reply_to_message"])}
    return seen


def _addressed(about: Json, *fields: str) -> Json:
    return {field: about[field] for field in fields} | {"url": f"/files/{quote(about['file_id'])}"}
