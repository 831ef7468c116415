"""A document is what its name says, or is refused with a reason; and it is only ever downloaded."""

import json
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document

from mkbroute.core.files import CONTENT_CHECKS

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"\xef\xbb\xbf<!doctype html><title>Rapport</title><script>alert(1)</script>"


def archive(**members: str) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


def workbook() -> bytes:
    written = BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document2.xml": "<w:document/>"})
PPTX = archive(**{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p:presentation/>"})
ODT = archive(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>"})
ODS = archive(**{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<office/>"})
ZIP = archive(**{"foto.jpg": "foto"})


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def upload(moderator, as_user):
    """``upload(content, name)`` puts a file in the library as the screen does; returns what the screen hears."""

    def send(content: bytes, name: str) -> dict:
        file = SimpleUploadedFile(name, content)
        return json.loads(as_user(moderator).post(reverse("wagtaildocs:add_multiple"), {"files[]": file}).content)

    return send


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rapport.pdf", PDF),
        ("RAPPORT.PDF", PDF),
        ("verslag.docx", DOCX),
        ("cijfers.xlsx", workbook()),
        ("praatje.pptx", PPTX),
        ("verslag.odt", ODT),
        ("cijfers.csv", "Pilot;Studenten\r\nIJssel één;50".encode()),
        ("oud.csv", "Pilot;Studenten\r\nIJssel één;50".encode("cp1252")),
        ("unicode.csv", "Pilot;Studenten\r\nIJssel één;50".encode("utf-16")),
        ("BMW.txt", b"BMW is een bedrijf"),
    ],
)
def test_a_file_that_is_what_it_is_called_is_kept(name, content, upload):
    assert upload(content, name)["success"] is True
    assert Document.objects.get().file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rapport.pdf", SVG),
        ("rapport.pdf", HTML),
        ("rapport.pdf", DOCX),
        ("rapport.pdf", b"rapport"),
        ("verslag.docx", ZIP),
        ("verslag.docx", PDF),
        ("verslag.docx", workbook()),
        ("verslag.docx", DOCX[:-30]),
        ("cijfers.xlsx", DOCX),
        ("praatje.pptx", ZIP),
        ("verslag.odt", ODS),
        ("verslag.odt", ZIP),
        ("cijfers.csv", workbook()),
        ("tekst.txt", HTML),
        ("tekst.txt", SVG),
        ("tekst.txt", HTML.decode("utf-8-sig").encode("utf-16")),
        ("tekst.txt", b"\xff\xfe\x00"),
        ("tekst.txt", b"MZ\x90\x00\x03\x00"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_a_reason(name, content, upload):
    kind = name.partition(".")[2]
    answer = upload(content, name)
    assert answer == {
        "success": False,
        "error_message": f"Dit bestand heet .{kind}, maar dat is het niet. Open het, bewaar het opnieuw als {kind} en "
        "probeer het nog eens.",
    }
    assert Document.objects.count() == 0


@pytest.mark.parametrize("name", ["plaatje.svg", "pagina.html", "alles.zip", "programma.exe", "rapport", "a.pdf.js"])
def test_a_kind_of_file_that_is_not_allowed_is_refused(name, upload):
    answer = upload(PDF, name)
    assert answer["success"] is False
    assert "pdf, docx, xlsx, pptx, odt, csv, txt" in answer["error_message"]
    assert Document.objects.count() == 0


def test_an_empty_file_is_refused(upload):
    assert upload(b"", "rapport.pdf") == {"success": False, "error_message": "Het verstuurde bestand is leeg."}


def test_a_file_that_is_too_large_is_refused(upload, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 100
    answer = upload(PDF + b" " * 100, "rapport.pdf")
    assert answer["success"] is False
    assert "te groot" in answer["error_message"]


def test_a_file_with_a_name_of_200_letters_is_kept_and_can_be_fetched(upload, client):
    assert upload(PDF, "r" * 196 + ".pdf")["success"] is True
    document = Document.objects.get()
    assert (len(document.file.name) <= 100, document.filename.endswith(".pdf")) == (True, True)
    assert client.get(document.url).status_code == 200


def test_another_file_put_in_its_place_is_looked_at_too(moderator, as_user):
    document = Document.objects.create(title="Rapport", file=ContentFile(PDF, "rapport.pdf"))
    browser, where = as_user(moderator), reverse("wagtaildocs:edit", args=[document.pk])
    data = {"title": "Rapport", "collection": document.collection_id, "tags": ""}
    response = browser.post(where, {**data, "file": SimpleUploadedFile("rapport.pdf", HTML)})
    assert "Dit bestand heet .pdf, maar dat is het niet." in response.content.decode()
    assert Document.objects.get().file.read() == PDF
    browser.post(where, {**data, "title": "Nieuw rapport"})
    assert Document.objects.get().title == "Nieuw rapport"


def test_a_document_that_is_added_while_choosing_is_looked_at_too(moderator, as_user):
    file = SimpleUploadedFile("rapport.pdf", HTML)
    data = {"document-chooser-upload-title": "Rapport", "document-chooser-upload-file": file}
    response = as_user(moderator).post(reverse("wagtaildocs_chooser:create"), data)
    assert "Dit bestand heet .pdf, maar dat is het niet." in response.content.decode()
    assert Document.objects.count() == 0


def test_every_kind_that_is_allowed_is_looked_into(settings):
    assert set(CONTENT_CHECKS) == set(settings.WAGTAILDOCS_EXTENSIONS)


@pytest.mark.parametrize(("name", "content"), [("rapport.pdf", PDF), ("tekst.txt", HTML), ("cijfers.csv", SVG)])
def test_a_document_is_downloaded_and_never_opens_as_a_page(name, content, db, client):
    document = Document.objects.create(title="Bestand", file=ContentFile(content, name))
    response = client.get(document.url)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
