"""What people upload, known by its content and never by its name: what it is, whether it is whole, and whether it is safe.

Nothing large is unpacked to find out.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from PIL import Image as PillowImage

from mkbroute.core.models.images import LOSSY, bare_frames

DAMAGED = "Dit bestand is beschadigd. Bewaar het opnieuw en probeer het nog eens."
UNPACKED_AT_MOST = 300 * 1024 * 1024
PACKED_AT_MOST = 200
"""So many times as large as it came may an archive become; text of a spreadsheet stays well below."""
SMALL = 10 * 1024 * 1024
"""An archive that becomes no larger than this may have any ratio."""
MEMBERS_AT_MOST = 10_000
LONGEST_NAME = 100

PICTURES = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "AVIF": "avif",
    "HEIF": "jpg",  # what an iPhone makes; browsers cannot draw it, so it becomes a JPEG
}
"""The extension under which a picture is kept, by what Pillow calls its kind."""
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}
"""Under which type a file of a kind is sent."""


# --- Documents -------------------------------------------------------------------------------------------------------


def _is_pdf(file: File) -> bool:
    """Whether it is a whole PDF: one that was cut off on the way has no end."""
    file.seek(0)
    if file.read(5) != b"%PDF-":
        return False
    file.seek(max(file.size - 2048, 0))
    return b"%%EOF" in file.read()


def _is_text(file: File) -> bool:
    """Whether people can read it as it is, and it is no web page. Spreadsheet programs also write UTF-16, with its mark."""
    file.seek(0)
    content = file.read()
    if content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    begin = content.removeprefix(BOM_UTF8).lstrip()
    return not NOT_IN_TEXT.search(content) and not begin.startswith((b"<", b"%PDF-"))


def _is_archive(file: File, fits: Callable[[ZipFile], bool]) -> bool:
    """Whether it is a whole ZIP archive, from its first byte, that fits: an office document is one."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":  # an archive may begin with anything, such as a web page
        return False
    try:
        with ZipFile(file) as archive:
            return not _is_bomb(archive, file.size) and fits(archive)
    except (BadZipFile, KeyError, NotImplementedError, OSError, RuntimeError, ValueError):
        return False


def _is_bomb(archive: ZipFile, size: int) -> bool:
    """Whether the archive would fill the disk or the memory of who opens it, by what its directory says."""
    unpacked = sum(member.file_size for member in archive.infolist())
    return (
        len(archive.infolist()) > MEMBERS_AT_MOST
        or unpacked > UNPACKED_AT_MOST
        or unpacked > max(SMALL, size * PACKED_AT_MOST)
    )


def _is_office(folder: str) -> Callable[[File], bool]:
    def fits(archive: ZipFile) -> bool:
        names = archive.namelist()
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return lambda file: _is_archive(file, fits)


def _is_odt(file: File) -> bool:
    return _is_archive(file, lambda archive: archive.open("mimetype").read(len(ODT) + 1) == ODT)


NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
ODT = b"application/vnd.oasis.opendocument.text"
CONTENT_CHECKS = {
    "pdf": _is_pdf,
    "docx": _is_office("word/"),
    "xlsx": _is_office("xl/"),
    "pptx": _is_office("ppt/"),
    "odt": _is_odt,
    "csv": _is_text,
    "txt": _is_text,
}
"""Whether a file is of a kind, for every kind of document; text comes last, for it has no mark of its own."""


def document_kind(file: File) -> str:
    """What kind of document a file is, by its content; empty when it is none that we keep.

    Text is a table when its name says so: nothing in it tells.
    """
    for kind, is_kind in CONTENT_CHECKS.items():
        if is_kind(file):
            is_plain = kind == "csv" and PurePath(file.name or "").suffix.lower() != ".csv"
            return "txt" if is_plain else kind
    return ""


# --- Pictures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BarePicture:
    """A picture written anew: nothing but its pixels, upright, of a kind that browsers draw."""

    content: bytes
    kind: str
    width: int
    height: int


def is_picture(file: File) -> bool:
    """Whether a file begins as a picture does; whether it is whole shows when it is read."""
    file.seek(0)
    try:
        with PillowImage.open(file, formats=list(PICTURES)):
            return True
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError):
        return False


def bare_picture(file: File) -> BarePicture:
    """The picture of a file as large as it is, an animation with its frames. Raises ValidationError in Dutch."""
    kind, frames, options = _frames_of(file)
    picture = frames[0]
    if kind == "HEIF":
        kind, options, picture = "JPEG", {}, picture.convert("RGB")
    return _written(picture, kind, {**options, **({"quality": 90} if kind in LOSSY else {})})


def small_picture(file: File, longest: int) -> BarePicture:
    """The picture of a file for a page: one frame, no side longer than this. Raises ValidationError in Dutch."""
    _kind, frames, _options = _frames_of(file)
    picture = frames[0] if frames[0].mode in {"RGB", "RGBA"} else frames[0].convert("RGB")
    picture.thumbnail((longest, longest))
    return _written(picture, "WEBP", {"quality": 80})


def _frames_of(file: File) -> tuple[str, list[PillowImage.Image], dict]:
    try:
        file.seek(0)
        with PillowImage.open(file, formats=list(PICTURES)) as picture:
            pixels = picture.width * picture.height * getattr(picture, "n_frames", 1)
        if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:  # before anything is unpacked
            raise ValidationError(_too_many_pixels())
        return bare_frames(file)
    except PillowImage.DecompressionBombError:
        raise ValidationError(_too_many_pixels()) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(DAMAGED) from error


def _too_many_pixels() -> str:
    millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    return f"Deze afbeelding heeft te veel beeldpunten. Kies er een van hoogstens {millions} miljoen (megapixel)."


def _written(picture: PillowImage.Image, kind: str, options: dict) -> BarePicture:
    written = BytesIO()
    picture.save(written, kind, **options)
    return BarePicture(written.getvalue(), PICTURES[kind], *picture.size)


# --- Where they lie --------------------------------------------------------------------------------------------------


def empty_folder(folder: str, keep: Collection[str] = ()) -> None:
    """Remove the files of a folder of uploads, except those with these names."""
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            if name not in keep:
                default_storage.delete(f"{folder}/{name}")


# --- Names -----------------------------------------------------------------------------------------------------------


def clean_name(name: str, kind: str) -> str:
    """A name under which a file of this kind may be saved anywhere: no folders, no signs that mislead, not too long."""
    last = normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = re.sub(r"\.\w{1,5}$", "", last)
    stem = "".join(sign if sign.isprintable() else " " for sign in stem)  # such as one that turns the order of letters
    stem = " ".join(re.sub(r'[<>:"|?*]', "-", stem).split()).strip(" .")
    return f"{stem[: LONGEST_NAME - len(kind) - 1].strip() or 'bestand'}.{kind}"
