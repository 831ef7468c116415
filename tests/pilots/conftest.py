"""What the tests of partners share: photos, updates that somebody wrote, and acting at the same moment for real, each in a
thread with a connection and a transaction of its own."""

import threading
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from pilots.actions.updates import save_draft, send_in
from pilots.models import Update


def photo(kind: str = "JPEG", size: tuple[int, int] = (80, 60), **options) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, (200, 60, 10)).save(written, kind, **options)
    return written.getvalue()


@pytest.fixture
def a_photo():
    """A photo as a telephone sends it, with the place where it was made."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    return SimpleUploadedFile("IMG_0001.jpg", photo(exif=exif), "image/jpeg")


@pytest.fixture
def written(pilot):
    """``written(author, audience="publiek")`` is a draft of that author, kept as the form keeps it."""

    def write(by, **fields) -> Update:
        fields = {"title": "Eerste studenten", "text": "Vandaag **begonnen** er twaalf.", **fields}
        return save_draft(update=Update(pilot=fields.pop("pilot", pilot), **fields), by=by)

    return write


@pytest.fixture
def sent(written):
    """``sent(author, audience="publiek")`` is an update that its author sent in."""

    def send(by, **fields) -> Update:
        draft = written(by, **fields)
        return send_in(update=draft, by=by, version=draft.version)

    return send


@pytest.fixture
def edited():
    """``edited(update, by, title="Anders")`` is the update with a newer version that only its author sees."""

    def edit(update: Update, by, **fields) -> Update:
        row = Update.objects.get(pk=update.pk)
        newest = row.newest
        for name, value in fields.items():
            setattr(newest, name, value)
        return save_draft(update=newest, by=by, version=row.version)

    return edit


@pytest.fixture
def at_once() -> Callable[..., list]:
    """``at_once(first, second)`` runs both at the same moment; each result is what it returned or its ValidationError."""

    def run(*acts: Callable[[], object]) -> list:
        start = threading.Barrier(len(acts))
        results: list = [None] * len(acts)

        def act(number: int) -> None:
            start.wait()
            try:
                results[number] = acts[number]()
            except ValidationError as error:
                results[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=act, args=[number]) for number in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run
