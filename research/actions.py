"""What happens to a practice that partners send in: verbs, each atomic, with keywords only.

Every one of them first locks the row of the submission, so that of two at the same moment the second sees what the first
did. What cannot be done raises ValidationError with a sentence for who tried.
"""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log

from mkbroute.accounts.models import User
from mkbroute.core import decisions
from mkbroute.core.proofreading import NotReady, errors, proofread
from pilots.models import Membership, Pilot
from research.consent import IN_HANDS_OF_EXPERT, TEXTS, changes, seal, still_holds
from research.guide import Step, fingerprint, missing, personal_data
from research.models import Method, Practice, PracticeSubmission, SubmissionState
from research.models.practice import CONSENT
from research.models.submission import ENDED, WRITABLE
from research.permissions import may_judge_submissions

CHANGED_MEANWHILE = "Nog niet ingestuurd: uw voorbeeld is intussen veranderd. Lees het na en stuur het dan in."
CONSENT_ASKED = "Uw voorbeeld is beoordeeld. Wij hebben de tekst hier en daar aangepast en vragen u om akkoord."
ANSWER = "Lees wat er verandert. Geef daarna uw akkoord, of schrijf wat er anders moet."
WRITE_BACK = "Hebt u een vraag? Beantwoord dan deze mail."
JUDGING = "Uw voorbeeld is volledig. Een expert beoordeelt het nu en maakt het klaar voor de site."


class Stale(ValidationError):
    """Somebody else changed this step since it was opened. ``submission`` is how it is now; nothing was stored."""

    def __init__(self, submission: PracticeSubmission):
        self.submission = submission
        super().__init__("Iemand anders heeft dit intussen veranderd.", code="stale")


# --- Partners -----------------------------------------------------------------------------------------------


@transaction.atomic
def start_submission(*, pilot: Pilot, by: User, submission: uuid.UUID) -> PracticeSubmission:
    """An empty submission of this pilot, or the one that a first click on the same form made."""
    row = PracticeSubmission(pilot=pilot, author=by, edited_by=by, submission=submission)
    PracticeSubmission.objects.bulk_create([row], ignore_conflicts=True)
    made = PracticeSubmission.objects.select_for_update().filter(submission=submission, pilot=pilot).first()
    if made is None:
        raise ValidationError("Dit formulier is al gebruikt. Begin opnieuw met een leeg formulier.")
    if not made.events.exists():
        made.events.create(state=made.state, by=by)
    return made


@transaction.atomic
def save_step(*, submission: PracticeSubmission, by: User, step: Step, answers: dict, opened_as: str) -> None:
    """Store the answers of one step as they are, complete or not.

    ``opened_as`` is the fingerprint of the answers that the form was opened with. Saving what is stored already changes
    nothing. Raises Stale when somebody changed this step since; colleagues in different steps do not hinder each other.
    """
    row = _locked(submission, WRITABLE, "U kunt dit voorbeeld nu niet veranderen, want het is")
    now = step.values(row)
    if now == answers:
        return
    if fingerprint(now) != opened_as:
        raise Stale(row)
    for name, value in answers.items():
        row.themes.set(value) if name == "themes" else setattr(row, name, value)
    row.version += 1
    row.edited_by, row.edited_at = by, timezone.now()
    row.save()


@transaction.atomic
def send_in(*, submission: PracticeSubmission, by: User, version: int, privacy_reason: str = "") -> None:
    """Let the team have it: complete, read in this version, and with a reason for what looks like personal data."""
    row = _locked(submission, WRITABLE, "Dit voorbeeld is al ingestuurd, het is")
    if row.version != version:
        raise ValidationError(CHANGED_MEANWHILE, code="stale")
    if missing(row):
        raise ValidationError("Nog niet ingestuurd: vul eerst de vragen in die nog open staan.")
    if personal_data(row) and not privacy_reason:
        raise ValidationError(
            "Haal de persoonsgegevens weg, of schrijf erbij waarom ze mogen blijven staan.", code="privacy"
        )
    row.privacy_reason = privacy_reason
    row.sent_at = timezone.now()
    row.move(SubmissionState.SENT, by=by)


@transaction.atomic
def consent(*, submission: PracticeSubmission, by: User, version: str) -> None:
    """The pilot agrees to be published in this version, and no other. ``version`` is the seal of what was read."""
    _asked(submission, version).move(SubmissionState.AGREED, by=by)


@transaction.atomic
def object_to(*, submission: PracticeSubmission, by: User, remark: str, version: str) -> None:
    """The pilot does not agree, and says what must be different: back to the expert."""
    if not remark.strip():
        raise ValidationError({"remark": "Schrijf wat er anders moet."})
    _asked(submission, version).move(SubmissionState.OBJECTED, by=by, remark=remark)


@transaction.atomic
def withdraw_submission(*, submission: PracticeSubmission, by: User) -> None:
    """The pilot does not want it on the site after all. Its words stay where its pilot can read them."""
    row = _on_its_way(submission)
    _take_off_the_clock(row)
    row.move(SubmissionState.WITHDRAWN, by=by)


def _asked(submission: PracticeSubmission, version: str) -> PracticeSubmission:
    row = _locked(submission, [SubmissionState.ASKED], "Uw antwoord is niet meer nodig: dit voorbeeld is")
    if version != row.asked_seal or row.draft is None or not still_holds(row, row.draft):
        raise ValidationError(
            "Uw antwoord is niet bewaard: het team heeft de tekst intussen aangepast. Lees de nieuwe tekst, of wacht tot wij "
            "u opnieuw om akkoord vragen.",
            code="stale",
        )
    return row


# --- The team -----------------------------------------------------------------------------------------------


@transaction.atomic
def pass_completeness(*, submission: PracticeSubmission, by: User, version: int) -> Practice:
    """The first stage is passed: a draft practice with the words of the pilot, for an expert to judge and edit."""
    row = _in_first_stage(submission, by, version)
    row.practice = _draft_of(row, by)
    row.move(SubmissionState.JUDGED, by=by)
    _tell(decisions.Verb.NEXT_STAGE, row, by, JUDGING)
    return row.practice


@transaction.atomic
def return_submission(*, submission: PracticeSubmission, by: User, reason: str, version: int) -> None:
    """It is not complete: back to the pilot, with what is missing."""
    row = _in_first_stage(submission, by, version)
    _require_reason(reason)
    row.move(SubmissionState.RETURNED, by=by, remark=reason)
    _tell(decisions.Verb.RETURNED, row, by, reason)


@transaction.atomic
def renew_draft(*, submission: PracticeSubmission, by: User) -> Practice:
    """Make the draft again, after somebody deleted it."""
    row = _with_expert(submission, by)
    if row.practice is None:
        row.practice = _draft_of(row, by)
        row.move(SubmissionState.JUDGED, by=by)
    return row.practice


@transaction.atomic
def ask_consent(*, submission: PracticeSubmission, by: User) -> None:
    """Ask the pilot to agree to the draft as it is now. Consent given to another version lapses."""
    row = _with_expert(submission, by)
    draft = _require_draft(row)
    if row.state in (SubmissionState.ASKED, SubmissionState.AGREED) and still_holds(row, draft):
        raise ValidationError(
            f"Over deze versie hebt u de pilot al gevraagd: het voorbeeld is {row.get_state_display()}."
        )
    if not changes(row, draft):
        raise ValidationError("U hebt niets aan de tekst veranderd, dus akkoord is niet nodig. U kunt het plaatsen.")
    if found := [error for error in errors(proofread(draft)) if error.place != CONSENT]:
        raise ValidationError(["Herstel eerst wat de controle vindt:", *map(str, found)])
    # A version of its own: who has the draft open in the admin overwrites only what they made themselves.
    row.asked_revision, row.asked_seal = draft.save_revision(user=by, clean=False), seal(draft)
    row.move(SubmissionState.ASKED, by=by)
    _tell(decisions.Verb.NEXT_STAGE, row, by, CONSENT_ASKED, onward=ANSWER)


@transaction.atomic
def publish_submission(*, submission: PracticeSubmission, by: User) -> None:
    """Publish the version that the pilot agreed to, or the one in which nothing was changed; at its date if it has one."""
    row = _with_expert(submission, by)
    _require_draft(row)
    try:
        row.practice.latest_revision.publish(user=by)
    except NotReady as error:
        raise ValidationError(["Nog niet geplaatst. Herstel eerst dit:", *map(str, error.errors)]) from error


@transaction.atomic
def reject_submission(*, submission: PracticeSubmission, by: User, reason: str) -> None:
    """It does not come on the site, for a reason that the pilot reads."""
    _require_judge(by)
    _require_reason(reason)
    row = _on_its_way(submission)
    if row.is_writable:
        raise ValidationError("De pilot schrijft nog aan dit voorbeeld.")
    _take_off_the_clock(row)
    row.move(SubmissionState.REJECTED, by=by, remark=reason)
    _tell(decisions.Verb.CLOSED, row, by, f"Wij plaatsen dit voorbeeld niet. {reason}", onward=WRITE_BACK)


# --- What they have in common -------------------------------------------------------------------------------


def _locked(submission: PracticeSubmission, states, refusal: str) -> PracticeSubmission:
    """The row as it is now, ours until the end of the transaction. Raises ValidationError in any other state."""
    row = PracticeSubmission.objects.select_for_update(of=["self"]).select_related("practice").get(pk=submission.pk)
    if row.state not in states:
        raise ValidationError(f"{refusal} {row.get_state_display()}.", code="state")
    return row


def _on_its_way(submission: PracticeSubmission) -> PracticeSubmission:
    states = [state for state in SubmissionState if state not in ENDED]
    return _locked(submission, states, "Dat kan niet meer: dit voorbeeld is")


def _in_first_stage(submission: PracticeSubmission, by: User, version: int) -> PracticeSubmission:
    _require_judge(by)
    row = _locked(submission, [SubmissionState.SENT], "Dat kan niet meer: dit voorbeeld is")
    if row.version != version:
        raise ValidationError(
            "De pilot heeft dit voorbeeld intussen veranderd. Lees eerst wat er nu staat.", code="stale"
        )
    return row


def _with_expert(submission: PracticeSubmission, by: User) -> PracticeSubmission:
    _require_judge(by)
    return _locked(submission, IN_HANDS_OF_EXPERT, "Dat kan nu niet: dit voorbeeld is")


def _require_judge(by: User) -> None:
    if not may_judge_submissions(by):
        raise PermissionDenied


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError("Schrijf erbij waarom.")


def _require_draft(row: PracticeSubmission) -> Practice:
    if row.practice is None:
        raise ValidationError("Het concept van dit voorbeeld is verwijderd. Maak eerst opnieuw een concept.")
    return row.draft


def _draft_of(row: PracticeSubmission, by: User) -> Practice:
    """A new draft with the words of the pilot, credited to it. Somebody did it and told of it: so far goes its proof."""
    slug = slugify(row.title)[:70].strip("-")
    if not slug or Practice.objects.filter(slug=slug).exists():
        slug = f"{slug or 'voorbeeld'}-{row.pk}"
    practice = Practice(
        **{name: getattr(row, name) for name in TEXTS},
        audiences=row.audiences,
        slug=slug,
        live=False,
        evidence_method=Method.TOLD,
        seen_in=1,
    )
    place = Membership.objects.filter(pilot=row.pilot, user=row.author).select_related("organisation").first()
    practice.themes, practice.pilots = row.themes.all(), [row.pilot]
    practice.organisations = [place.organisation] if place and place.organisation else []
    practice.save()
    practice.save_revision(user=by, changed=True)
    log(instance=practice, action="wagtail.create", user=by, content_changed=True)
    return practice


def _take_off_the_clock(row: PracticeSubmission) -> None:
    """What ended must not appear because it was planned before."""
    if row.practice:
        row.practice.revisions.update(approved_go_live_at=None)


def _tell(verb: str, row: PracticeSubmission, by: User, reason: str, onward: str = "") -> None:
    decisions.decide(verb, row, by=by, author=row.reader, reason=reason, version=row.version, onward=onward)
