"""One factory per model: the least that is valid, so that a test names only what it is about."""

import uuid

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Page, Site

from mkbroute.accounts.models import User
from mkbroute.core.models import Province, Sector, Source, TargetGroup, Theme
from mkbroute.models import ContactMessage, ContentPage, HomePage
from network.models import Appointment, Body, Kind, Organisation, Person, Place
from pilots.models import (
    Answer,
    Criterion,
    CriterionAnswer,
    Fact,
    Partnership,
    Pilot,
    Programme,
    Reference,
    Region,
    Role,
    Status,
    StatusChange,
)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"mens{n}@voorbeeld.nl")
    password = factory.LazyFunction(lambda: make_password(None))  # none: signs in with a mailed code


class LabelFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Woord {n}")
    slug = factory.Sequence(lambda n: f"woord-{n}")


class SectorFactory(LabelFactory):
    class Meta:
        model = Sector


class PublishableFactory(DjangoModelFactory):
    """Live, as a visitor finds it."""

    class Meta:
        abstract = True

    live = True
    last_published_at = factory.LazyFunction(timezone.now)


class OrganisationFactory(PublishableFactory):
    class Meta:
        model = Organisation

    title = factory.Sequence(lambda n: f"Hogeschool {n}")
    slug = factory.Sequence(lambda n: f"hogeschool-{n}")
    kind = Kind.HOGESCHOOL


class PersonFactory(PublishableFactory):
    class Meta:
        model = Person

    title = factory.Sequence(lambda n: f"Persoon {n}")
    slug = factory.Sequence(lambda n: f"persoon-{n}")


class AppointmentFactory(DjangoModelFactory):
    class Meta:
        model = Appointment

    person = factory.SubFactory(PersonFactory)
    body = Body.TEAM


class PilotFactory(PublishableFactory):
    class Meta:
        model = Pilot

    title = factory.Sequence(lambda n: f"Pilot {n}")
    slug = factory.Sequence(lambda n: f"pilot-{n}")
    number = factory.Sequence(lambda n: n + 1)
    sector = factory.SubFactory(SectorFactory)


class ContactMessageFactory(DjangoModelFactory):
    class Meta:
        model = ContactMessage

    name = "Noor de Vries"
    email = "noor@voorbeeld.nl"
    subject = factory.Sequence(lambda n: f"Vraag {n}")
    message = "Wie begeleidt de student?"
    submission = factory.LazyFunction(uuid.uuid4)


class ThemeFactory(LabelFactory):
    class Meta:
        model = Theme


class TargetGroupFactory(LabelFactory):
    class Meta:
        model = TargetGroup


class ProvinceFactory(LabelFactory):
    class Meta:
        model = Province

    code = factory.Sequence(lambda n: f"X-{n}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    title = factory.Sequence(lambda n: f"Bron {n}")
    date_text = "eind 2020"


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    organisation = factory.SubFactory(OrganisationFactory)
    city = "Zwolle"
    province = factory.SubFactory(ProvinceFactory)
    latitude = 52.5168
    longitude = 6.083


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    pilot = factory.SubFactory(PilotFactory)
    title = factory.Sequence(lambda n: f"Opleiding {n}")


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    pilot = factory.SubFactory(PilotFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.HOGESCHOOL


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region

    pilot = factory.SubFactory(PilotFactory)
    name = factory.Sequence(lambda n: f"Regio {n}")
    province = factory.SubFactory(ProvinceFactory)
    latitude = 52.2
    longitude = 5.5


class StatusChangeFactory(DjangoModelFactory):
    class Meta:
        model = StatusChange

    pilot = factory.SubFactory(PilotFactory)
    status = Status.RUNNING
    date_text = "eind 2020"


class CriterionAnswerFactory(DjangoModelFactory):
    class Meta:
        model = CriterionAnswer

    pilot = factory.SubFactory(PilotFactory)
    criterion = Criterion.C1
    answer = Answer.UNKNOWN


class FactFactory(DjangoModelFactory):
    class Meta:
        model = Fact

    pilot = factory.SubFactory(PilotFactory)
    label = "Starters"
    value = "circa 50"
    source = factory.SubFactory(SourceFactory)


class ReferenceFactory(DjangoModelFactory):
    class Meta:
        model = Reference

    pilot = factory.SubFactory(PilotFactory)
    source = factory.SubFactory(SourceFactory)
    taken = "de status"


class HomePageFactory(DjangoModelFactory):
    """The front page at the root of Wagtail's tree, in place of the welcome page that Wagtail puts there."""

    class Meta:
        model = HomePage

    title = "Home"
    slug = "home"
    heading = "Een hbo-opleiding vanaf de werkplek"
    lead = "Werken en leren horen bij elkaar."

    @classmethod
    def _create(cls, model, *args, **fields):
        root = Page.objects.get(depth=1)
        for page in root.get_children():
            page.delete()
        home = Page.objects.get(pk=root.pk).add_child(instance=model(**fields))
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
        return home


class ContentPageFactory(DjangoModelFactory):
    class Meta:
        model = ContentPage

    title = factory.Sequence(lambda n: f"Bladzijde {n}")
    slug = factory.Sequence(lambda n: f"bladzijde-{n}")
    parent = None

    @classmethod
    def _create(cls, model, *args, parent=None, **fields):
        parent = parent or HomePage.objects.first() or HomePageFactory()
        return parent.add_child(instance=model(**fields))
