"""Everybody who comes to the site, and one of everything that has an address: of one's own, of somebody else, as a draft."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.signing import Signer
from django.db.models import Model
from django.urls import resolve, reverse
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Site, Task, UploadedFile, Workflow
from wagtail.snippets.models import get_snippet_models

from mkbroute.accounts.models import User
from mkbroute.accounts.notify import unsubscribe_url
from mkbroute.core.models import Mail, Picture, PreviewLink
from mkbroute.permissions import PUBLISHABLES, ensure_groups
from pilots.models import Audience, Proposal
from research import actions as practices
from research.models import PracticeSubmission
from tests import factories

KEY_OF_SOMEBODY = 720
"""The number of a passkey that exists and belongs to none of the cast."""

SLUGS = {
    "pilot": "een-pilot",
    "organisation": "een-school",
    "person": "een-mens",
    "practice": "een-voorbeeld",
    "publication": "een-publicatie",
    "term": "een-begrip",
    "question": "een-vraag",
    "policyfile": "een-dossier",
    "newsitem": "een-bericht",
}


@dataclass
class World:
    """The cast by role, and all things by a name; a model's one is under its name, its versions under ``history``.

    ``fields`` is what a browser sends to an address, by its name or its path, when nothing is filled in, where the answer
    depends on it. ``tokens`` are those that somebody was given, by the name of the address.
    """

    people: dict[str, User | None]
    things: dict[str, Any]
    history: dict[str, dict[str, Any]]
    fields: dict[str, dict[str, str]]
    tokens: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.things[name]


def make_world() -> World:
    """Everybody and everything, once for all requests."""
    team, editors = ensure_groups()
    things = {
        "other_pilot": factories.PilotFactory(title="Logistiek", slug="andere-pilot", number=902),
        "unused_pilot": factories.PilotFactory(number=903),
    }
    for model in get_snippet_models():
        name = model._meta.model_name
        fields = {"slug": SLUGS[name]} if name in SLUGS else {}
        things[name] = getattr(factories, f"{model.__name__}Factory")(**fields)
        if name in SLUGS:
            getattr(factories, f"{model.__name__}Factory")(slug="concept", live=False)
    factories.ThemeFactory(slug="een-thema")
    people = make_people(things["pilot"], things["other_pilot"], team, editors)
    things |= make_pages() | make_files(people) | make_accounts(things["pilot"], editors)
    things |= make_contributions(things["pilot"], people["writer"], people["lead"], people["moderator"])
    theirs = make_contributions(things["other_pilot"], people["colleague"], things["user"], people["moderator"])
    things |= {f"other_{name}": thing for name, thing in theirs.items()} | make_sent(things["update"])
    history = {
        model._meta.model_name: send_in(things[model._meta.model_name], people["editor"]) for model in PUBLISHABLES
    }
    history["page"] = send_in(things["page"], people["editor"])
    fields = {
        "wagtailadmin_choose_page_external_link": {"external-link-chooser-url": ""},
        "wagtailadmin_pages:copy": {"new_parent_page": str(things["page"].get_parent().pk)},
        "wagtailredirects:process_import": make_import(),
        **{
            reverse("portal_proposal_edit", args=[one.pilot.slug]): {"submission": str(one.submission)}
            for one in (things["proposal"], things["other_proposal"])
        },
    }
    tokens = {
        "preview_link": things["preview_link"].token,
        "invitation": things["invitation"].token,
        "unsubscribe": resolve(unsubscribe_url(things["user"])).kwargs["token"],
    }
    return World(people, things, history, fields, tokens)


def make_people(pilot: Model, other: Model, team: Group, editors: Group) -> dict[str, User | None]:
    """One person for each role."""

    def member(place: Model, role: str) -> User:
        return factories.MembershipFactory(pilot=place, role=role).user

    people = {
        "visitor": None,
        "outsider": factories.UserFactory(),
        "reader": member(pilot, "lezer"),
        "writer": member(pilot, "redacteur"),
        "lead": member(pilot, "penvoerder"),
        "colleague": member(other, "redacteur"),
        "editor": factories.UserFactory(is_staff=True),
        "moderator": factories.UserFactory(is_staff=True),
        "superuser": factories.UserFactory(is_staff=True, is_superuser=True),
    }
    people["editor"].groups.add(editors)
    people["moderator"].groups.add(team)
    return people


def make_pages() -> dict[str, Any]:
    """A page, a draft of one, and what belongs to the tree."""
    page = factories.ContentPageFactory(slug="een-bladzijde")
    factories.ContentPageFactory(slug="concept", live=False)
    workflow = Workflow.objects.get()
    return {
        "page": page,
        "other_page": factories.ContentPageFactory(slug="andere-bladzijde"),
        "site": Site.objects.get(),
        "redirect": Redirect.objects.create(old_path="/oud", redirect_link="/nieuw/"),
        "workflow": workflow,
        "task": Task.objects.get(),
        "collection": Collection.get_first_root_node().add_child(name="Map"),
    }


def make_files(people: dict[str, User | None]) -> dict[str, Any]:
    """An image and a document of the team and of the editor, and a file that the editor half uploaded."""
    content = BytesIO()
    Image.new("RGB", (20, 20)).save(content, "PNG")
    picture, paper = content.getvalue(), b"%PDF-1.7"
    things = {}
    for name, owner in (("", people["moderator"]), ("own_", people["editor"])):
        file = ImageFile(BytesIO(picture), name="werkplek.png")
        things[f"{name}image"] = Picture.objects.create(title="Werkplek", file=file, uploaded_by_user=owner)
        things[f"{name}document"] = factories.DocumentFactory(uploaded_by_user=owner)
    for model, file in ((Picture, ContentFile(picture, "half.png")), (Document, ContentFile(paper, "half.pdf"))):
        things[f"upload_{model._meta.model_name}"] = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model), file=file, uploaded_by_user=people["editor"]
        )
    private = Collection.get_first_root_node().add_child(name="Besloten")
    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)
    things["private_document"] = factories.DocumentFactory(collection=private)
    return things


def make_contributions(pilot: Model, writer: User, lead: User, judge: User) -> dict[str, Any]:
    """What the people of a pilot made: most of it the redacteur, some the penvoerder; and whom they let in."""
    of_writer, photo = {"pilot": pilot, "author": writer}, {"picture_alt": "Een werkplek."}

    def update(factory: type = factories.UpdateFactory, **fields) -> Model:
        return factory(**{**of_writer, "picture": ContentFile(b"RIFF", "foto.webp"), **photo, **fields})

    def submission(how_far: int) -> Model:
        made = factories.PracticeSubmissionFactory(**of_writer, themes=[factories.ThemeFactory()])
        if how_far > 0:
            practices.send_in(submission=made, by=writer, version=1)
        if how_far > 1:
            practices.pass_completeness(submission=PracticeSubmission.objects.get(pk=made.pk), by=judge, version=1)
            draft = PracticeSubmission.objects.get(pk=made.pk).draft
            draft.lesson = "Begin klein."
            draft.save_revision(user=judge)
            practices.ask_consent(submission=PracticeSubmission.objects.get(pk=made.pk), by=judge)
        return PracticeSubmission.objects.get(pk=made.pk)

    return {
        "update": update(),
        "leads_update": update(author=lead),
        "draft_update": update(factories.DraftUpdateFactory),
        "network_update": update(audience=Audience.NETWORK),
        "inner_update": update(audience=Audience.PILOT),
        "file": factories.PilotFileFactory(pilot=pilot, uploaded_by=writer),
        "leads_file": factories.PilotFileFactory(pilot=pilot, uploaded_by=lead),
        "proposal": factories.ProposalFactory(**of_writer),
        "submission": submission(0),
        "sent_submission": submission(1),
        "asked_submission": submission(2),
        "support": factories.SupportRequestFactory(**of_writer),
        "membership": factories.MembershipFactory(pilot=pilot),
        "invitation": factories.PilotInvitationFactory(pilot=pilot, invited_by=lead),
    }


def make_sent(update: Model) -> dict[str, Any]:
    """What waits for the team, and what the site sent."""
    return {
        "sent_proposal": factories.ProposalFactory(state=Proposal.State.SENT, sent_at=timezone.now()),
        "report": factories.UpdateReportFactory(update=update),
        "mail": factories.MailFactory(state=Mail.State.FAILED, error="Het postvak bestaat niet."),
    }


def make_import() -> dict[str, str]:
    """A list of redirects that was uploaded, below the folder for what is temporary, and is to be confirmed."""
    file = Path(settings.MEDIA_ROOT) / "import.csv"
    file.write_text("van,naar\n/oud-adres,/nieuw-adres\n")
    sign = Signer().sign
    return {"import_file_name": sign(str(file.relative_to(gettempdir()))), "input_format": sign("0")}


def make_accounts(pilot: Model, editors: Group) -> dict[str, Any]:
    """What belongs to an account that is nobody's of the cast, and a link to the draft of the pilot."""
    owner = factories.UserFactory(email="eigenaar@voorbeeld.nl")
    Authenticator.objects.create(
        pk=KEY_OF_SOMEBODY, user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "van een ander"}
    )
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    link = PreviewLink.objects.create(target=pilot, expires_at=timezone.now() + timedelta(days=1))
    session = UserSession.objects.create(user=owner, session_key="van-een-ander", ip="127.0.0.1", user_agent="Firefox")
    return {"user": owner, "group": editors, "preview_link": link, "session": session}


def send_in(instance: Model, editor: User) -> dict[str, Any]:
    """Two versions of something, the newer one sent in for review by the editor."""
    older = instance.save_revision(user=editor)
    newer = instance.save_revision(user=editor)
    state = instance.get_workflow().start(instance, editor)
    return {"older": older, "newer": newer, "workflow_state": state, "task_state": state.current_task_state}
