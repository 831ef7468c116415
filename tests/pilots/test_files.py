"""Files of a pilot: who may have them, what may come in, and how they leave."""

import re
import uuid
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from mkbroute.core.models import AuditEntry, SearchEntry
from pilots.actions import files as actions
from pilots.models import PilotFile
from tests import factories
from tests.core.test_documents import DOCX, HTML, PDF, SVG, archive, workbook

from .conftest import photo

pytestmark = pytest.mark.django_db

FILES = "/partner/pilots/een-pilot/bestanden/"


@pytest.fixture
def upload(as_user, writer):
    """``upload(content, name)`` sends a file as the writer of the cast."""

    def send(content: bytes, name: str = "verslag.pdf", by=None, **data):
        data = {"title": "Verslag", "submission": str(uuid.uuid4()), **data}
        return as_user(by or writer).post(FILES, {"file": SimpleUploadedFile(name, content), **data})

    return send


def on_disk() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "partner" / "bestanden"
    return sorted(folder.iterdir()) if folder.exists() else []


def refusal(response) -> str:
    return BeautifulSoup(response.content, "html.parser").find(class_="error-summary").text


# --- What comes in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("verslag.pdf", PDF, "verslag.pdf"),
        ("verslag.docx", DOCX, "verslag.docx"),
        ("cijfers.xlsx", workbook(), "cijfers.xlsx"),
        ("cijfers.csv", b"a;b\r\n1;2", "cijfers.csv"),
        ("notitie.txt", b"Beste allemaal,", "notitie.txt"),
        ("verslag.txt", PDF, "verslag.pdf"),  # known by its content
        ("foto.png", photo("PNG"), "foto.png"),
        ("FOTO.JPG", photo(), "FOTO.jpg"),
        ("IMG_0001.HEIC", photo("HEIF"), "IMG_0001.jpg"),  # of an iPhone
    ],
)
def test_a_file_is_kept_under_a_name_nobody_can_guess(upload, name, content, kept, writer):
    assert upload(content, name).status_code == 302
    file = PilotFile.objects.get()
    assert (file.name, file.uploaded_by) == (kept, writer)
    (stored,) = on_disk()
    assert re.fullmatch(r"[\w-]{32}", stored.name)
    assert file.size == stored.stat().st_size


def bomb(**options) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", b"0" * (60 * 1024 * 1024))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (HTML, "verslag.pdf"),
        (HTML, "verslag.html"),
        (SVG, "plaatje.svg"),
        (SVG, "plaatje.png"),
        (b"<html><script>alert(1)</script>" + PDF, "verslag.pdf"),
        (b"<html><script>alert(1)</script>" + DOCX, "verslag.docx"),
        (bomb(), "verslag.docx"),
        (archive(**{"foto.jpg": "foto"}), "alles.zip"),
        (b"MZ\x90\x00\x03\x00", "programma.exe"),
        (PDF[:-5], "verslag.pdf"),
        (DOCX[:-30], "verslag.docx"),
        (b"\x00\x01\x02", "tekst.txt"),
    ],
    ids=[
        "html",
        "page",
        "svg",
        "renamed svg",
        "html+pdf",
        "html+zip",
        "bomb",
        "zip",
        "exe",
        "cut",
        "cut zip",
        "binary",
    ],
)
def test_what_is_none_of_our_kinds_is_refused_with_a_reason(upload, content, name):
    assert "Dit soort bestand kunnen wij niet bewaren" in refusal(upload(content, name))
    assert (PilotFile.objects.count(), on_disk()) == (0, [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Dit bestand is leeg."),
        (photo()[:-20], "Dit bestand is beschadigd."),
        (photo("PNG", (8000, 6000)), "te veel beeldpunten"),
    ],
    ids=["empty", "cut off", "bomb"],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(upload, content, reason):
    assert reason in refusal(upload(content, "foto.png"))
    assert (PilotFile.objects.count(), on_disk()) == (0, [])


def test_an_animation_is_no_way_round_the_limit_of_pixels(upload, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 10_000
    frames = [Image.new("L", (60, 60), shade) for shade in range(0, 90, 30)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    assert "te veel beeldpunten" in refusal(upload(written.getvalue(), "beweging.gif"))


def test_a_file_over_the_limit_is_refused(upload, monkeypatch):
    monkeypatch.setattr(actions, "LARGEST", 100)
    assert "hoogstens 20 MB" in refusal(upload(PDF + b" " * 100))
    assert on_disk() == []


def test_a_pilot_has_an_end_to_its_room(upload, monkeypatch):
    monkeypatch.setattr(actions, "MOST_OF_A_PILOT", len(PDF) + 10)
    assert upload(PDF).status_code == 302
    assert "De ruimte van deze pilot is vol." in refusal(upload(PDF))
    assert len(on_disk()) == 1


def test_a_photo_loses_the_place_where_it_was_made(upload):
    exif = Image.Exif()
    exif[0x0110] = "Telefoon van Noor"
    upload(photo(exif=exif), "foto.jpg")
    assert dict(Image.open(on_disk()[0]).getexif()) == {}
    assert b"Noor" not in on_disk()[0].read_bytes()


def test_a_picture_that_is_also_a_script_becomes_only_a_picture(upload):
    upload(photo("GIF") + b"/*'*/=1;alert(document.cookie)//", "foto.gif")
    assert Image.open(on_disk()[0]).format == "GIF"
    assert b"alert" not in on_disk()[0].read_bytes()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("v" * 196 + ".pdf", "v" * 96 + ".pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\verslag.pdf", "verslag.pdf"),
        ("ver\u202efdp.exe", "verfdp.pdf"),
        ("verslag<script>.pdf", "verslag-script-.pdf"),
        (".pdf", "bestand.pdf"),
        ("één & twee.pdf", "één & twee.pdf"),
    ],
)
def test_a_name_is_cut_and_cleaned_and_comes_back_with_the_file(upload, as_user, writer, name, kept):
    upload(PDF, name)
    file = PilotFile.objects.get()
    assert file.name == kept
    response = as_user(writer).get(file.get_absolute_url())
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert b"".join(response) == PDF


@pytest.mark.parametrize("rest", ["", "\r\n--grens", "\r\n--grens\r\n", "\r\n--grens--\r\n"])
def test_an_upload_that_breaks_off_leaves_nothing(as_user, writer, rest):
    boundary = "grens"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nVerslag\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="notitie.txt"\r\n'
        "Content-Type: text/plain\r\n\r\nBeste allemaal, hier houdt het" + rest
    )
    browser = as_user(writer)
    response = browser.generic("POST", FILES, head.encode(), f"multipart/form-data; boundary={boundary}")
    assert re.search("kwam niet helemaal bij ons aan|Kies een bestand", refusal(response))
    assert (PilotFile.objects.count(), on_disk()) == (0, [])


def test_a_second_click_keeps_one_file(upload):
    submission = str(uuid.uuid4())
    upload(PDF, submission=submission)
    upload(PDF, submission=submission)
    assert (PilotFile.objects.count(), len(on_disk())) == (1, 1)


def test_every_word_stays_when_a_file_is_refused(upload):
    page = BeautifulSoup(upload(HTML, title="Jaarverslag").content, "html.parser")
    assert page.find("input", {"name": "title"})["value"] == "Jaarverslag"


# --- How it leaves ---------------------------------------------------------------------------------------------------


def test_a_file_only_ever_leaves_as_a_download(upload, as_user, writer):
    upload(PDF + b"<html><script>alert(1)</script>%%EOF", "één.pdf")
    file = PilotFile.objects.get()
    response = as_user(writer).get(file.get_absolute_url())
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9%C3%A9n.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(action=AuditEntry.Action.DOWNLOAD)
    assert (entry.by, entry.subject) == (writer, file)
    assert "één" not in entry.summary


def test_no_public_address_leads_to_a_file(upload, client):
    upload(PDF)
    name = PilotFile.objects.get().file.name
    for address in (f"/media/{name}", f"/media/images/../{name}", f"/documenten/1/{name}"):
        assert client.get(address, follow=True).status_code in {400, 404}


# --- Whose it is -----------------------------------------------------------------------------------------------------


def test_the_people_of_the_pilot_and_the_team_have_its_files_and_nobody_else(
    upload, as_user, writer, lead, reader, colleague, outsider, editor, moderator, settings
):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    upload(PDF)
    address = PilotFile.objects.get().get_absolute_url()
    cast = (writer, lead, reader, moderator, colleague, outsider, editor)
    for path in (FILES, address):
        assert [as_user(user).get(path).status_code for user in cast] == [200] * 4 + [404] * 3
        assert as_user(None).get(path).status_code == 302
    for user in (reader, moderator, colleague, outsider, editor):
        assert upload(PDF, by=user).status_code == 404
    assert PilotFile.objects.count() == 1


def test_a_file_has_no_address_in_another_pilot(upload, as_user, writer, other_pilot):
    upload(PDF)
    pk = PilotFile.objects.get().pk
    assert as_user(writer).get(f"/partner/pilots/andere-pilot/bestanden/{pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_who_put_it_there_and_the_penvoerder_take_it_away(upload, as_user, writer, lead, reader, colleague):
    upload(PDF)
    address = f"{PilotFile.objects.get().get_absolute_url()}verwijderen/"
    assert [as_user(user).post(address).status_code for user in (reader, colleague)] == [404, 404]
    assert as_user(lead).post(address).status_code == 302
    assert (PilotFile.objects.count(), on_disk()) == (0, [])
    upload(PDF, by=lead)
    others = f"{PilotFile.objects.get().get_absolute_url()}verwijderen/"
    assert as_user(writer).post(others).status_code == 404


def test_nothing_is_taken_from_the_disk_before_it_is_certain(upload, writer):
    upload(PDF)
    with transaction.atomic():
        actions.delete_file(file=PilotFile.objects.get(), by=writer)
        assert len(on_disk()) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(upload, as_user, queries, writer, rows):
    for _ in range(rows):
        upload(PDF)
    assert queries(as_user(writer), FILES) == 14  # seven of them know who asks


@pytest.mark.django_db(transaction=True)
def test_a_pilot_that_is_deleted_leaves_nothing_behind(upload, pilot):
    upload(PDF)
    update = factories.UpdateFactory(pilot=pilot, picture_decorative=True)
    update.picture.save("x.webp", ContentFile(photo("WEBP")))
    folder = Path(update.picture.path).parent
    assert SearchEntry.objects.filter(kind="update").exists()
    pilot.delete()
    assert (on_disk(), list(folder.iterdir())) == ([], [])
    assert not SearchEntry.objects.filter(kind="update").exists()
