"""Sharing files in a pilot."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Sum

from mkbroute.accounts.models import User
from mkbroute.core.files import bare_picture, clean_name, document_kind, is_picture
from pilots.models import Pilot, PilotFile

LARGEST = 20 * 1024 * 1024
MOST_OF_A_PILOT = 1024 * 1024 * 1024
UNKNOWN_KIND = (
    "Dit soort bestand kunnen wij niet bewaren, of het bestand is beschadigd. "
    "U kunt kiezen: pdf, Word (docx), Excel (xlsx), PowerPoint (pptx), odt, csv, tekst of een foto."
)
TOO_LARGE = "Dit bestand is te groot. Het mag hoogstens 20 MB zijn."


def checked(upload: File) -> tuple[str, File]:
    """The kind of an uploaded file, known by its content, and what we keep of it: a picture is written anew.

    Raises ValidationError when it is too large, empty, damaged, dangerous or of another kind.
    """
    if not upload.size:
        raise ValidationError("Dit bestand is leeg.")
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE)
    if is_picture(upload):
        picture = bare_picture(upload)
        return picture.kind, ContentFile(picture.content)
    kind = document_kind(upload)
    if not kind:
        raise ValidationError(UNKNOWN_KIND)
    upload.seek(0)
    return kind, upload


@transaction.atomic
def add_file(*, pilot: Pilot, by: User, title: str, upload: File, submission: uuid.UUID) -> PilotFile:
    """Keep a file for the people of a pilot. What the same form sent before, by a second click, is kept once."""
    # One at a time for a pilot: a second click waits for the first, and nobody passes the limit together.
    if not Pilot.objects.writable_by(by).select_for_update(of=("self",)).filter(pk=pilot.pk).values("pk"):
        raise PermissionDenied
    before = PilotFile.objects.filter(submission=submission).first()
    if before is not None:
        return before
    kind, content = checked(upload)
    kept = PilotFile.objects.filter(pilot=pilot).aggregate(kept=Sum("size", default=0))["kept"]
    if kept + content.size > MOST_OF_A_PILOT:
        raise ValidationError("De ruimte van deze pilot is vol. Verwijder eerst bestanden die niet meer nodig zijn.")
    file = PilotFile(pilot=pilot, uploaded_by=by, title=title, kind=kind, size=content.size, submission=submission)
    file.name = clean_name(upload.name or "", kind)
    file.file.save("bestand", content, save=False)
    try:
        with transaction.atomic():
            file.save()
    except Exception:
        file.file.storage.delete(file.file.name)
        raise
    return file


@transaction.atomic
def delete_file(*, file: PilotFile, by: User) -> None:
    """Remove a file for everybody, once that is certain also from the disk."""
    row = PilotFile.objects.deletable_by(by).select_for_update(of=("self",)).filter(pk=file.pk).first()
    if row is None:
        raise PermissionDenied
    row.delete()
