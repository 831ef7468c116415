import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from wagtail.documents.models import Document

from mkbroute.core.models import PreviewLink
from network.models import Body
from tests import factories
from tests.mkbroute.addresses import EXAMPLE

OF_RESEARCH = [
    *(factories.PracticeFactory, factories.QuestionFactory, factories.PublicationFactory),
    *(factories.PolicyFileFactory, factories.TermFactory, factories.NewsItemFactory),
]


@pytest.fixture
def example(db, settings):
    """Something at every public address, and beside it what no visitor may see."""
    pilot = factories.PilotFactory(slug=EXAMPLE)
    photo = ContentFile(b"RIFF", f"{EXAMPLE}.webp")
    factories.UpdateFactory(
        pk=1, pilot=pilot, picture=default_storage.save(f"partner/{EXAMPLE}.webp", photo), picture_alt="x"
    )
    factories.OrganisationFactory(slug=EXAMPLE)
    factories.AppointmentFactory(person__slug=EXAMPLE)
    factories.AppointmentFactory(body=Body.BOARD)
    factories.ContentPageFactory(slug=EXAMPLE)
    factories.ThemeFactory(slug=EXAMPLE)
    for make in OF_RESEARCH:
        make(slug=EXAMPLE)
    pilot.save_revision()
    PreviewLink.objects.create(target=pilot, token=EXAMPLE)
    Document.objects.create(pk=1, title="Folder", file=ContentFile(b"%PDF", f"{EXAMPLE}.pdf"))
    for folder in ("images", "original_images"):
        (settings.MEDIA_ROOT / folder).mkdir(parents=True)
        (settings.MEDIA_ROOT / folder / f"{EXAMPLE}.png").write_bytes(b"\x89PNG")
    for hidden in (factories.PilotFactory, factories.OrganisationFactory, factories.PersonFactory, *OF_RESEARCH):
        hidden(slug="nog-niet-openbaar", live=False)
    factories.ContentPageFactory(slug="nog-niet-openbaar", live=False)


@pytest.fixture
def stubborn(example):
    """A browser that checks forms and takes whatever the server makes of its own errors."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture(params=[OperationalError, InterfaceError])
def no_database(request, example):
    """A database that refuses whatever it is asked."""

    def refuse(*args):
        raise request.param("connection to server failed: secret-host")

    with connection.execute_wrapper(refuse):
        yield
