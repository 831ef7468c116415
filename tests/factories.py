"""One factory per model: the least that is valid, so that a test names only what it is about."""

import uuid
from datetime import date, timedelta
from hashlib import sha256

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.documents.models import Document
from wagtail.models import Page, Site

from mkbroute.accounts.models import INVITED_FOR, GivenRight, MailedCode, Notification, User
from mkbroute.core.models import (
    AuditEntry,
    Decision,
    Mail,
    PromotedResult,
    Province,
    SearchedTerm,
    SearchEntry,
    SearchWord,
    Sector,
    Source,
    StandardText,
    Synonym,
    TargetGroup,
    Theme,
)
from mkbroute.models import BrokenLink, ContactMessage, ContentPage, HomePage, JobRun, ReviewReminder
from network.models import Appointment, Body, Kind, Organisation, Person, Place
from pilots.content import content_of
from pilots.models import (
    Answer,
    ContactMoment,
    Criterion,
    CriterionAnswer,
    Fact,
    MemberRole,
    Membership,
    Partnership,
    Pilot,
    PilotFile,
    PilotInvitation,
    Programme,
    Proposal,
    Reference,
    Region,
    Role,
    Status,
    StatusChange,
    SupportMessage,
    SupportRequest,
    Update,
    UpdateReport,
    UpdateState,
)
from research.models import (
    NewsItem,
    PolicyEvent,
    PolicyFile,
    PolicyKind,
    Practice,
    PracticeReference,
    PracticeSubmission,
    Publication,
    Question,
    Scheme,
    SubmissionEvent,
    Term,
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
    summary = "Waar dit over gaat."
    last_published_at = factory.LazyFunction(timezone.now)
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=300))


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


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    pilot = factory.SubFactory(PilotFactory)
    user = factory.SubFactory(UserFactory)
    role = MemberRole.EDITOR


class PilotInvitationFactory(DjangoModelFactory):
    """Open, with a code nobody knows; ``code`` is stored hashed."""

    class Meta:
        model = PilotInvitation

    pilot = factory.SubFactory(PilotFactory)
    email = factory.Sequence(lambda n: f"genodigde{n}@voorbeeld.nl")
    invited_by = factory.SubFactory(UserFactory)
    code = factory.LazyFunction(lambda: make_password(None))
    expires_at = factory.LazyFunction(lambda: timezone.now() + INVITED_FOR)


class MailedCodeFactory(DjangoModelFactory):
    """With a code nobody knows."""

    class Meta:
        model = MailedCode

    user = factory.SubFactory(UserFactory)
    purpose = MailedCode.Purpose.CONFIRM
    email = factory.LazyAttribute(lambda mailed: mailed.user.email)
    code = factory.LazyFunction(lambda: make_password(None))
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=15))


class ContactMessageFactory(DjangoModelFactory):
    class Meta:
        model = ContactMessage

    name = "Noor de Vries"
    email = "noor@voorbeeld.nl"
    subject = factory.Sequence(lambda n: f"Vraag {n}")
    message = "Wie begeleidt de student?"
    submission = factory.LazyFunction(uuid.uuid4)


class GivenRightFactory(DjangoModelFactory):
    class Meta:
        model = GivenRight

    group = factory.LazyFunction(lambda: Group.objects.create(name="Stagiairs"))
    permission = factory.LazyFunction(lambda: Permission.objects.get(codename="add_pilot"))


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
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=300))
    parent = None

    @classmethod
    def _create(cls, model, *args, parent=None, **fields):
        parent = parent or HomePage.objects.first() or HomePageFactory()
        return parent.add_child(instance=model(**fields))


# --- Research --------------------------------------------------------------------------------------------------------


class PracticeFactory(PublishableFactory):
    class Meta:
        model = Practice

    title = factory.Sequence(lambda n: f"Voorbeeld {n}")
    slug = factory.Sequence(lambda n: f"voorbeeld-{n}")


class PracticeReferenceFactory(DjangoModelFactory):
    class Meta:
        model = PracticeReference

    practice = factory.SubFactory(PracticeFactory)
    source = factory.SubFactory(SourceFactory)
    taken = "het aantal gesprekken"


class QuestionFactory(PublishableFactory):
    class Meta:
        model = Question

    title = factory.Sequence(lambda n: f"Onderzoeksvraag {n}")
    slug = factory.Sequence(lambda n: f"onderzoeksvraag-{n}")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    title = "Rapport"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7", "rapport.pdf"))


class PublicationFactory(PublishableFactory):
    class Meta:
        model = Publication

    title = factory.Sequence(lambda n: f"Publicatie {n}")
    slug = factory.Sequence(lambda n: f"publicatie-{n}")
    url = factory.Sequence(lambda n: f"https://voorbeeld.nl/publicatie-{n}")


class PolicyFileFactory(PublishableFactory):
    class Meta:
        model = PolicyFile

    title = factory.Sequence(lambda n: f"Dossier {n}")
    slug = factory.Sequence(lambda n: f"dossier-{n}")
    kind = PolicyKind.MOTION
    meaning = "De Tweede Kamer vraagt om routes vanuit de werkplek."


class PolicyEventFactory(DjangoModelFactory):
    class Meta:
        model = PolicyEvent

    policy_file = factory.SubFactory(PolicyFileFactory)
    what = "De Tweede Kamer nam de motie aan."
    source = factory.SubFactory(SourceFactory)


class SchemeFactory(DjangoModelFactory):
    class Meta:
        model = Scheme

    policy_file = factory.SubFactory(PolicyFileFactory)
    title = factory.Sequence(lambda n: f"Regeling {n}")
    source = factory.SubFactory(SourceFactory)


class TermFactory(PublishableFactory):
    class Meta:
        model = Term

    title = factory.Sequence(lambda n: f"Begrip {n}")
    slug = factory.Sequence(lambda n: f"begrip-{n}")
    summary = "Wat dit woord betekent."


class NewsItemFactory(PublishableFactory):
    class Meta:
        model = NewsItem

    title = factory.Sequence(lambda n: f"Nieuws {n}")
    slug = factory.Sequence(lambda n: f"nieuws-{n}")


class JobRunFactory(DjangoModelFactory):
    class Meta:
        model = JobRun

    name = factory.Sequence(lambda n: f"taak_{n}")
    started_at = factory.LazyFunction(timezone.now)


class BrokenLinkFactory(DjangoModelFactory):
    """On a pilot of its own."""

    class Meta:
        model = BrokenLink

    subject = factory.SubFactory(PilotFactory)
    title = factory.LazyAttribute(lambda link: str(link.subject))
    place = "Verhaal, blok 1 (Tekst)"
    label = "Lees het rapport"
    address = factory.Sequence(lambda n: f"https://elders.example/{n}")
    fingerprint = factory.LazyAttribute(lambda link: sha256(link.address.encode()).hexdigest())
    status = 404
    broken_since = factory.LazyFunction(timezone.now)
    checked_at = factory.LazyFunction(timezone.now)


class ReviewReminderFactory(DjangoModelFactory):
    class Meta:
        model = ReviewReminder

    person = factory.SubFactory(UserFactory)
    content_type = factory.LazyFunction(lambda: ContentType.objects.get_for_model(Pilot))
    object_id = "1"
    review_on = factory.LazyFunction(timezone.localdate)


class SearchEntryFactory(DjangoModelFactory):
    class Meta:
        model = SearchEntry

    key = factory.Sequence(lambda n: f"voorbeeld:{n}")
    kind = "contentpage"
    title = factory.Sequence(lambda n: f"Vindplaats {n}")
    address = factory.Sequence(lambda n: f"/voorbeeld/{n}/")

    @classmethod
    def _create(cls, model, *args, **fields):
        entry = model.about(**fields)
        model.objects.put([entry])
        return model.objects.get(key=entry.key)


class SearchWordFactory(DjangoModelFactory):
    class Meta:
        model = SearchWord

    word = factory.Sequence(lambda n: f"woord{n}")


class SynonymFactory(DjangoModelFactory):
    class Meta:
        model = Synonym

    terms = factory.Sequence(lambda n: f"term{n}, woord{n}")


class PromotedResultFactory(DjangoModelFactory):
    class Meta:
        model = PromotedResult

    term = factory.Sequence(lambda n: f"zoekterm {n}")
    address = factory.LazyFunction(lambda: SearchEntryFactory().address)


class SearchedTermFactory(DjangoModelFactory):
    class Meta:
        model = SearchedTerm

    month = date(2026, 11, 1)
    term = factory.Sequence(lambda n: f"gezocht {n}")
    found = True


# --- Mail, trail and decisions -----------------------------------------------------------------------------------------


class MailFactory(DjangoModelFactory):
    class Meta:
        model = Mail

    key = factory.Sequence(lambda n: f"voorbeeld:{n}")
    to = factory.Sequence(lambda n: f"ontvanger{n}@voorbeeld.nl")
    subject = factory.Sequence(lambda n: f"Mail {n}")
    text = "Beste lezer,"


class AuditEntryFactory(DjangoModelFactory):
    class Meta:
        model = AuditEntry

    action = AuditEntry.Action.RIGHTS
    summary = factory.Sequence(lambda n: f"Voorval {n}")


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    target = factory.SubFactory(PilotFactory)
    by = factory.SubFactory(UserFactory)
    verb = Decision.Verb.APPROVED


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    person = factory.SubFactory(UserFactory)
    kind = "bericht"
    title = factory.Sequence(lambda n: f"Bericht {n}")
    url = "/partner/"
    key = factory.Sequence(lambda n: f"bericht:{n}")


class StandardTextFactory(DjangoModelFactory):
    class Meta:
        model = StandardText

    title = factory.Sequence(lambda n: f"Standaardtekst {n}")
    text = "Er staat een telefoonnummer in. Wilt u dat weghalen?"


# --- Updates and files of pilots ---------------------------------------------------------------------------------------


class UpdateFactory(DjangoModelFactory):
    """Posted for everybody, in a pilot that is live; by somebody who is of no pilot unless a test says so."""

    class Meta:
        model = Update

    pilot = factory.SubFactory(PilotFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Bericht {n}")
    text = "Vandaag begonnen **twaalf** studenten."
    summary = "Vandaag begonnen twaalf studenten."
    state = UpdateState.POSTED
    is_shown = True
    published_at = factory.LazyFunction(timezone.now)
    last_published_at = factory.SelfAttribute("published_at")


class DraftUpdateFactory(UpdateFactory):
    """Begun, and seen by nobody but its author."""

    state = UpdateState.DRAFT
    is_shown = False
    published_at = None


class UpdateReportFactory(DjangoModelFactory):
    class Meta:
        model = UpdateReport

    update = factory.SubFactory(UpdateFactory)
    by = factory.SubFactory(UserFactory)
    reason = "Dit klopt niet."


class PilotFileFactory(DjangoModelFactory):
    class Meta:
        model = PilotFile

    pilot = factory.SubFactory(PilotFactory)
    uploaded_by = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Bestand {n}")
    file = factory.LazyFunction(lambda: ContentFile(b"tekst", "bestand"))
    name = "verslag.txt"
    kind = "txt"
    size = 5


# --- Proposals of partners ---------------------------------------------------------------------------------------------


class ProposalFactory(DjangoModelFactory):
    """Begun, on what stands on the page now; nothing is changed yet."""

    class Meta:
        model = Proposal

    pilot = factory.SubFactory(PilotFactory)
    author = factory.SubFactory(UserFactory)
    base = factory.LazyAttribute(
        lambda proposal: content_of(Pilot.objects.get(pk=proposal.pilot.pk).serializable_data())
    )
    content = factory.LazyAttribute(lambda proposal: proposal.base)


# --- Practices sent in by partners -------------------------------------------------------------------------------------


class PracticeSubmissionFactory(DjangoModelFactory):
    """A concept in which every question but that of the themes has an answer."""

    class Meta:
        model = PracticeSubmission
        skip_postgeneration_save = True

    pilot = factory.SubFactory(PilotFactory)
    author = factory.SubFactory(UserFactory)
    edited_by = factory.SelfAttribute("author")
    title = factory.Sequence(lambda n: f"Ingestuurd {n}")
    context = "Bedrijven hadden te weinig werk voor een student."
    aim = "Het hele jaar passend werk."
    done = "Twee bedrijven namen samen een student aan."
    by_whom = "De coördinator en twee bedrijven."
    result = "Acht studenten hadden werk."
    evidence = "Wij vroegen het alle bedrijven."
    difficulties = "Een duo stopte."
    lesson = "Begin dicht bij huis."
    transferable = "Elke sector met kleine bedrijven."
    audiences = factory.LazyFunction(lambda: ["mkb-bedrijf"])
    summary = "Twee bedrijven delen een student."

    @factory.post_generation
    def themes(self, create, themes, **kwargs):
        self.themes.set(themes or [])


class SubmissionEventFactory(DjangoModelFactory):
    class Meta:
        model = SubmissionEvent

    submission = factory.SubFactory(PracticeSubmissionFactory)
    by = factory.SubFactory(UserFactory)
    state = "concept"


# --- Support and contact -----------------------------------------------------------------------------------------------


class SupportRequestFactory(DjangoModelFactory):
    """New, by a member of its pilot."""

    class Meta:
        model = SupportRequest

    pilot = factory.SubFactory(PilotFactory)
    author = factory.LazyAttribute(lambda request: MembershipFactory(pilot=request.pilot).user)
    theme = factory.SubFactory(ThemeFactory)
    urgency = SupportRequest.Urgency.TWO_WEEKS
    title = factory.Sequence(lambda n: f"Hulp bij vraag {n}")
    question = "Hoe werven wij bedrijven?"


class SupportMessageFactory(DjangoModelFactory):
    class Meta:
        model = SupportMessage

    request = factory.SubFactory(SupportRequestFactory)
    author = factory.LazyAttribute(lambda message: message.request.author)
    text = "Wij belden er al tien."


class ContactMomentFactory(DjangoModelFactory):
    class Meta:
        model = ContactMoment

    pilot = factory.SubFactory(PilotFactory)
    by = factory.SubFactory(UserFactory, is_staff=True)
    agreements = "De pilot stuurt het plan."
