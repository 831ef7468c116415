"""Support: what the people of a pilot and the programme team do with a question, in turn.

Every verb locks the request first, so that of two who act at the same moment the second sees what the first did. A verb
that is repeated with the same ``submission`` (a second click, the back button) says the same once. ``version`` is the one
its reader had before them: who decides on an older one is told to read first.
"""

from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from mkbroute.accounts.models import User
from mkbroute.core import audit
from mkbroute.core.decisions import Verb, decide
from pilots.actions.support_mail import mail_team, reader_of_answers, tell_pilot, tell_team
from pilots.models import Pilot, SupportMessage, SupportRequest
from pilots.models.support import REOPENED_WITHIN

State, Deed = SupportRequest.State, SupportMessage.Deed

CHANGED = "Er is intussen iets gebeurd met deze vraag. Lees eerst wat er nu staat. Uw tekst staat er nog."
CLOSED = "Deze vraag is intussen afgerond. Uw tekst is nog niet verstuurd en staat hieronder."
LONGEST_IN_MAIL = 2000
"""A longer last answer is read in the portal: the reason of a decision is short."""
NOTHING_WRITTEN = "Schrijf eerst een tekst."


# --- The pilot ----------------------------------------------------------------------------------------------


@transaction.atomic
def ask_support(*, pilot: Pilot, by: User, request: SupportRequest) -> SupportRequest:
    """Ask the team for support. ``request`` is new and carries the ``submission`` of its form.

    A second click on the same words asks nothing more; other words from the same form are another question.
    """
    request.pilot, request.author, request.state = pilot, by, State.NEW
    SupportRequest.objects.bulk_create([request], ignore_conflicts=True)
    kept = SupportRequest.objects.get(submission=request.submission)
    if (kept.pilot_id, kept.author_id, kept.title, kept.question) != (pilot.pk, by.pk, request.title, request.question):
        request.submission = uuid4()
        request.save(force_insert=True)
        kept = request
    tell_team(kept, by, "vroeg om ondersteuning", kept.question, key=f"support:{kept.submission}:new")
    return kept


@transaction.atomic
def answer_team(*, request: SupportRequest, by: User, text: str, submission: UUID | None = None) -> SupportMessage:
    """Write to the team; a request that waited for the pilot waits for the team from now on.

    Raises ValidationError when the request is closed: who writes may open it again.
    """
    request = _locked(request)
    if said := _said_before(submission, request, by, text):
        return said
    if request.is_closed:
        raise ValidationError(CLOSED, code="closed")
    message = _say(request, by, text, submission=submission)
    _turn(request, _state_of_team(request) if request.waits_for_pilot else request.state)
    tell_team(request, by, "schreef", text, key=f"support:{message.submission}")
    return message


@transaction.atomic
def close_support(
    *, request: SupportRequest, by: User, version: int, text: str = "", submission: UUID | None = None
) -> SupportMessage:
    """Say that the question is solved, with a last word if there is one.

    Raises ValidationError when something was written that ``by`` has not seen, or it is closed already.
    """
    request = _locked(request)
    if said := _said_before(submission, request, by, text, Deed.CLOSED):
        return said
    if request.is_closed:
        raise ValidationError("Deze vraag is al afgerond.", code="closed")
    _check_version(request, version)
    message = _say(request, by, text, deed=Deed.CLOSED, submission=submission)
    _turn(request, State.CLOSED)
    tell_team(request, by, Deed.CLOSED.label, text, key=f"support:{message.submission}")
    return message


@transaction.atomic
def reopen_support(*, request: SupportRequest, by: User, text: str, submission: UUID | None = None) -> SupportMessage:
    """Open a closed request again and say why; it waits for the team from then on.

    Raises ValidationError when it was closed more than 30 days ago. One that is open gets the text as an answer.
    """
    request = _locked(request)
    if said := _said_before(submission, request, by, text):
        return said
    if not request.is_closed:
        return answer_team(request=request, by=by, text=text, submission=submission)
    if not request.can_be_reopened:
        raise ValidationError(
            f"Deze vraag is langer dan {REOPENED_WITHIN.days} dagen afgerond, sinds "
            f"{date_format(timezone.localdate(request.closed_at), 'j F Y')}. Stel een nieuwe vraag.",
            code="too-late",
        )
    message = _say(request, by, text, deed=Deed.REOPENED, submission=submission)
    _turn(request, _state_of_team(request))
    tell_team(request, by, Deed.REOPENED.label, text, key=f"support:{message.submission}")
    return message


# --- The team -----------------------------------------------------------------------------------------------


@transaction.atomic
def take_on(*, request: SupportRequest, by: User) -> None:
    """Say that one will answer this. Raises ValidationError when a colleague was first."""
    request = _locked(request)
    if request.state != State.NEW:
        who = "U hebt" if request.assignee == by else f"{request.assignee or 'Een collega'} heeft"
        raise ValidationError(f"{who} deze vraag al opgepakt." if not request.is_closed else CLOSED, code="taken")
    request.assignee = by
    _say(request, by, deed=Deed.TAKEN_ON, is_from_team=True)
    _turn(request, State.TAKEN)


@transaction.atomic
def answer_pilot(
    *,
    request: SupportRequest,
    by: User,
    text: str,
    version: int,
    goes_on: bool = False,
    submission: UUID | None = None,
) -> SupportMessage:
    """Answer, or ask something back: the pilot is to act. With ``goes_on`` the team still is: it is a word in between.

    Who answers a request that nobody took on, takes it on. Raises ValidationError when it is closed or changed.
    """
    request = _locked(request)
    if said := _said_before(submission, request, by, text):
        return said
    if request.is_closed:
        raise ValidationError(CLOSED, code="closed")
    _check_version(request, version)
    request.assignee = request.assignee or by
    message = _say(request, by, text, is_from_team=True, submission=submission)
    _turn(request, State.TAKEN if goes_on else State.ASKED)
    tell_pilot(request, message)
    return message


@transaction.atomic
def note_for_team(*, request: SupportRequest, by: User, text: str, submission: UUID | None = None) -> SupportMessage:
    """Write something that only the team reads. It changes nothing else, also not of a closed request."""
    request = _locked(request)
    return _said_before(submission, request, by, text) or _say(
        request, by, text, is_from_team=True, is_internal=True, submission=submission
    )


@transaction.atomic
def close_for_pilot(
    *, request: SupportRequest, by: User, text: str, version: int, submission: UUID | None = None
) -> SupportMessage:
    """Close as the team, with a last answer. Raises ValidationError when it is closed or changed."""
    request = _locked(request)
    if said := _said_before(submission, request, by, text, Deed.CLOSED):
        return said
    if request.is_closed:
        raise ValidationError("Deze vraag is al afgerond.", code="closed")
    _check_version(request, version)
    if not text.strip():
        raise ValidationError(NOTHING_WRITTEN, code="empty")
    request.assignee = request.assignee or by
    message = _say(request, by, text, deed=Deed.CLOSED, is_from_team=True, submission=submission)
    _turn(request, State.CLOSED)
    reason = (
        text.strip() if len(text) <= LONGEST_IN_MAIL else "Het antwoord is lang. U leest het op de pagina hieronder."
    )
    decide(Verb.CLOSED, request, by=by, author=reader_of_answers(request), reason=reason, version=request.version)
    return message


@transaction.atomic
def reopen_for_pilot(*, request: SupportRequest, by: User, text: str = "") -> None:
    """Open a closed request again as the team, whenever that is. Raises ValidationError when it is open."""
    request = _locked(request)
    if not request.is_closed:
        raise ValidationError("Deze vraag is al open.", code="open")
    request.assignee = request.assignee or by
    _say(request, by, text, deed=Deed.REOPENED, is_from_team=True)
    _turn(request, State.TAKEN)
    decide(Verb.REOPENED, request, by=by, author=reader_of_answers(request), reason=text, version=request.version)


@transaction.atomic
def reassign(*, request: SupportRequest, to: User, by: User, note: str = "") -> None:
    """Let another of the team answer, with a word to them that only the team reads. They are mailed, unless it is oneself.

    Raises ValidationError when the request is closed or already theirs.
    """
    request = _locked(request)
    if request.is_closed:
        raise ValidationError(CLOSED, code="closed")
    if request.assignee == to:
        raise ValidationError(f"{to} behandelt deze vraag al.", code="same")
    request.assignee = to
    if note.strip():
        _say(request, by, note, is_from_team=True, is_internal=True)
    _turn(request, State.TAKEN if request.state == State.NEW else request.state)
    audit.record(audit.Action.DECISION, "ondersteuningsvraag overgedragen", by=by, on=request)
    if to != by:
        mail_team(request, to, by, "droeg deze vraag aan u over", note, key=f"support:{uuid4()}:reassigned")


# --- What they have in common -------------------------------------------------------------------------------


def _locked(request: SupportRequest) -> SupportRequest:
    # By itself: what is joined to a row that one waited for is of before the wait.
    return SupportRequest.objects.select_for_update().get(pk=request.pk)


def _check_version(request: SupportRequest, version: int) -> None:
    if request.version != version:
        raise ValidationError(CHANGED, code="changed")


def _said_before(
    submission: UUID | None, request: SupportRequest, by: User, text: str, deed: str | None = None
) -> SupportMessage | None:
    """The message that this form made before, if it says the same. Of a form that comes back with other words, None."""
    said = (
        SupportMessage.objects.filter(submission=submission, request=request, author=by).first() if submission else None
    )
    return said if said and said.text == text.strip() and deed in {None, said.deed} else None


def _say(
    request: SupportRequest,
    by: User,
    text: str = "",
    *,
    deed: str = "",
    is_from_team: bool = False,
    is_internal: bool = False,
    submission: UUID | None = None,
) -> SupportMessage:
    text = text.strip()
    if not text and not deed:
        raise ValidationError(NOTHING_WRITTEN, code="empty")
    if submission is None or SupportMessage.objects.filter(submission=submission).exists():
        submission = uuid4()
    return SupportMessage.objects.create(
        request=request,
        author=by,
        text=text,
        deed=deed,
        is_from_team=is_from_team,
        is_internal=is_internal,
        submission=submission,
    )


def _turn(request: SupportRequest, state: str) -> None:
    """Put the request in a state; whoever is to act from now on, is so since now."""
    if state != request.state and {state, request.state} != set(SupportRequest.TEAM_TO_ACT):
        request.turn_since = timezone.now()
    request.state = state
    request.closed_at = timezone.now() if state == State.CLOSED else None
    request.version += 1
    request.save()


def _state_of_team(request: SupportRequest) -> str:
    """The state in which the team is to act: new again when nobody of the team has it."""
    return State.TAKEN if request.assignee else State.NEW
