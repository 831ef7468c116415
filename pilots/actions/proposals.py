"""Changes that partners propose to the page of their pilot: verbs, each atomic, with keywords only."""

from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from mkbroute.core import mail
from mkbroute.core.decisions import Verb, decide
from mkbroute.core.proofreading import NotReady
from pilots.changes import places
from pilots.content import Content, content_of, without_gone, written
from pilots.merging import merge
from pilots.models import Pilot, Proposal
from pilots.models.members import name_of

State = Proposal.State


class Stale(ValidationError):
    """Somebody else saved a newer version of the proposal than the one this was made on."""


@transaction.atomic
def start_proposal(*, pilot: Pilot, by, submission: UUID) -> Proposal:
    """Begin a proposal on what visitors read now. If one is open, or this form was sent before, that is the one."""
    pilot = Pilot.objects.get(pk=pilot.pk)
    if not pilot.live:
        raise ValidationError("De pilot staat nog niet op de site. Zodra dat zo is, kunt u wijzigingen voorstellen.")
    base = content_of(pilot.serializable_data())
    proposal = Proposal(
        pilot=pilot, author=by, changed_by=by, base=base, content=base, submission=submission, changed_at=timezone.now()
    )
    Proposal.objects.bulk_create([proposal], ignore_conflicts=True)
    known = Proposal.objects.filter(pilot=pilot).filter(Q(submission=submission) | Q(state__in=Proposal.OPEN))
    found = known.order_by("-pk").first()
    if found is None:
        raise ValidationError("Dit formulier is al gebruikt. Ga terug en begin opnieuw.")
    return found


@transaction.atomic
def save_proposal(*, proposal: Proposal, content: Content, note: str, version: int | str, by) -> Proposal:
    """Keep what was typed. A proposal that waits for the team is taken back: nobody judges half a text.

    Raises Stale when a newer version was saved since ``version``. To save the same twice is no change.
    """
    proposal = _locked(proposal)
    if (content, note) == (proposal.content, proposal.note) and proposal.is_open:
        return proposal
    _require_open(proposal)
    _require_version(proposal, version)
    proposal.content, proposal.note = content, note
    if proposal.state == State.SENT:
        proposal.state = State.DRAFT
    return _saved(proposal, by)


@transaction.atomic
def submit_proposal(*, proposal: Proposal, version: int | str, by, privacy_reason: str = "") -> Proposal:
    """Send this version to the team. What it says must be whole: the form looks after that."""
    proposal = _locked(proposal)
    if proposal.state == State.SENT and proposal.version == int(version) + 1 and proposal.changed_by == by:
        return proposal  # a second click
    if proposal.state not in (State.DRAFT, State.RETURNED):
        raise ValidationError(f"Dit voorstel is al {proposal.get_state_display()}.")
    _require_version(proposal, version)
    if not proposal.has_changes:
        raise ValidationError("U hebt nog niets veranderd en ook geen bericht geschreven.")
    if clash := conflicts_of(proposal):
        raise ValidationError(
            f"Het team heeft intussen hetzelfde veranderd: {places(clash, proposal.base, proposal.content)}. "
            "Neem eerst over wat er nu op de site staat."
        )
    proposal.state, proposal.author, proposal.privacy_reason = State.SENT, by, privacy_reason
    proposal.sent_at = timezone.now()
    proposal = _saved(proposal, by)
    proposal.save_revision(user=by, clean=False)
    return proposal


@transaction.atomic
def rebase_proposal(*, proposal: Proposal, version: int | str, by) -> Proposal:
    """Go on from what visitors read now: what the partner did not touch follows the site, what was typed stays."""
    proposal = _locked(proposal)
    _require_open(proposal)
    _require_version(proposal, version)
    now = content_of(Pilot.objects.get(pk=proposal.pilot_id).serializable_data())
    if now == proposal.base:
        return proposal
    proposal.content, _kept = merge(base=proposal.base, theirs=now, ours=proposal.content)
    proposal.base = now
    if proposal.state == State.SENT:
        proposal.state = State.DRAFT
    return _saved(proposal, by)


@transaction.atomic
def continue_proposal(*, old: Proposal, content: Content, note: str, by) -> Proposal:
    """Begin a new proposal with what was typed in one that was settled meanwhile."""
    proposal = start_proposal(pilot=old.pilot, by=by, submission=uuid4())
    content, _kept = merge(base=old.base, theirs=proposal.base, ours=content)
    return save_proposal(proposal=proposal, content=content, note=note, version=proposal.version, by=by)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, version: int | str, by) -> Proposal:
    """Stop a proposal that is not settled; the page stays as it is and a new one can be begun."""
    proposal = _locked(proposal)
    _require_open(proposal)
    _require_version(proposal, version)
    proposal.state = State.WITHDRAWN
    return _saved(proposal, by)


@transaction.atomic
def approve_proposal(*, proposal: Proposal, version: int | str, by, reason: str = "") -> Proposal:
    """Put exactly the version that was read on the page.

    Only what the proposal changes is changed, on what stands on the page now; a draft or a planned version of an editor is
    saved again on top, with the change in it. Raises ValidationError when it cannot be done, with the reason.
    """
    proposal = _locked(proposal)
    _require_sent(proposal, version)
    pilot = Pilot.objects.select_for_update(of=["self"]).get(pk=proposal.pilot_id)
    before = content_of(pilot.serializable_data())
    if obstacles := obstacles_to(proposal, pilot, before):
        raise ValidationError(obstacles)
    after, _none = merge(base=proposal.base, theirs=proposal.content, ours=before)
    if after != before:
        drafts = unpublished_versions(pilot)
        _publish(pilot, after, author=proposal.author, by=by)
        pilot = Pilot.objects.get(pk=pilot.pk)
        after = content_of(pilot.serializable_data())
        for draft in drafts:
            _put_in_draft(draft, pilot, before, after, proposal=proposal, by=by)
    proposal.state = State.PLACED
    proposal = _saved(proposal, proposal.changed_by, is_new_version=False)
    decide(Verb.APPROVED, proposal, by=by, author=proposal.author, reason=reason, version=proposal.version)
    return proposal


@transaction.atomic
def return_proposal(*, proposal: Proposal, version: int | str, by, reason: str) -> Proposal:
    """Give a proposal back with a remark; its authors can go on with it."""
    proposal = _locked(proposal)
    _require_sent(proposal, version)
    if not reason.strip():
        raise ValidationError("Schrijf erbij waarom.")
    proposal.state = State.RETURNED
    proposal = _saved(proposal, proposal.changed_by, is_new_version=False)
    decide(Verb.RETURNED, proposal, by=by, author=proposal.author, reason=reason.strip(), version=proposal.version)
    return proposal


# --- What stands in the way, also told beforehand ---------------------------------------------------------------------


def conflicts_of(proposal: Proposal, live: Content | None = None) -> list[tuple]:
    """Where the page has changed since the proposal was begun and the proposal says something else."""
    live = live or content_of(Pilot.objects.get(pk=proposal.pilot_id).serializable_data())
    return merge(base=proposal.base, theirs=proposal.content, ours=live)[1]


def obstacles_to(proposal: Proposal, pilot: Pilot, live: Content) -> list[str]:
    """Why this proposal cannot be approved now, in sentences; empty when it can."""
    if not pilot.live:
        return ["De pilot staat niet op de site. Publiceer de pilot eerst."]
    found = []
    if clash := conflicts_of(proposal, live):
        found.append(
            f"Dit is op de site ook veranderd nadat het voorstel was begonnen: {places(clash, proposal.base, live)}. "
            "Stuur het voorstel terug: de partner ziet dan beide teksten en kiest."
        )
    if without_gone(proposal.content) != proposal.content:
        found.append("Een organisatie uit het voorstel staat niet meer in het register. Stuur het voorstel terug.")
    if pilot.workflow_in_progress:
        found.append(
            "Een concept van deze pilot wacht op controle. Keur dat eerst goed of wijs het af. "
            "Anders zou goedkeuren die controle afbreken."
        )
    return found


def unpublished_versions(pilot: Pilot) -> list[Revision]:
    """What an editor has ready and visitors do not see: the draft and what is planned, oldest first."""
    versions = {version.pk: version for version in pilot.revisions.filter(approved_go_live_at__isnull=False)}
    if pilot.has_unpublished_changes and pilot.latest_revision:
        versions.setdefault(pilot.latest_revision_id, pilot.latest_revision)
    return sorted(versions.values(), key=lambda version: (version.created_at, version.pk))


def proposed_page(pilot: Pilot, content: Content) -> Pilot:
    """The pilot as it would be with this content, not saved."""
    return pilot.with_content_json(written(pilot.serializable_data(), content))


# --- The steps -------------------------------------------------------------------------------------------------------


def _publish(pilot: Pilot, content: Content, *, author, by) -> None:
    """By the road an editor takes: a version, the check of its texts, publication, both in the history."""
    page = proposed_page(pilot, content)
    try:
        page.save_revision(user=author, log_action=True).publish(user=by)
    except NotReady as error:
        raise ValidationError([f"De controle voor publiceren vindt: {finding}" for finding in error.errors]) from error


def _put_in_draft(draft: Revision, pilot: Pilot, before: Content, after: Content, *, proposal: Proposal, by) -> None:
    """Save an editor's version again on top of what is published now. Where it says something itself, that stays."""
    mine = content_of(draft.content, like=before)
    merged, kept = merge(base=before, theirs=after, ours=mine)
    page = pilot.with_content_json(written(draft.content, merged, like=before))
    page.live_revision_id, page.last_published_at = pilot.live_revision_id, pilot.last_published_at
    page.save_revision(user=draft.user, approved_go_live_at=draft.approved_go_live_at, clean=False)
    if draft.user and draft.user.is_active and draft.user != by:
        mail.post(
            to=draft.user.email,
            person=draft.user,
            subject=f"Uw concept van ‘{pilot}’ is bijgewerkt",
            template="proposal_in_draft",
            context={
                "pilot": pilot,
                "kept": places(kept, before, mine) if kept else "",
                "edit_path": reverse(Pilot.snippet_viewset.get_url_name("edit"), args=[pilot.pk]),
            },
            key=f"proposal:{proposal.pk}:draft:{draft.pk}",
        )


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update(of=["self"]).select_related("pilot").get(pk=proposal.pk)


def _saved(proposal: Proposal, by, *, is_new_version: bool = True) -> Proposal:
    proposal.version += is_new_version
    proposal.changed_at, proposal.changed_by = timezone.now(), by
    proposal.save()
    return proposal


def _require_open(proposal: Proposal) -> None:
    if not proposal.is_open:
        raise ValidationError(f"Dit voorstel is al {proposal.get_state_display()}.")


def _require_version(proposal: Proposal, version: int | str) -> None:
    if str(proposal.version) != str(version):
        raise Stale(f"Nog niet bewaard: {name_of(proposal.changed_by)} heeft intussen een nieuwere versie bewaard.")


def _require_sent(proposal: Proposal, version: int | str) -> None:
    """For who decides: it waits, and it is the version that was read."""
    if proposal.state in (State.PLACED, State.RETURNED, State.WITHDRAWN):
        raise ValidationError(f"Dit voorstel is al {proposal.get_state_display()}.")
    if proposal.state == State.DRAFT or str(proposal.version) != str(version):
        raise ValidationError("Er is een nieuwere versie van dit voorstel. Lees die eerst.")
