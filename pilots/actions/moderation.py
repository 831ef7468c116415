"""What the team decides about what partners post."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from mkbroute.accounts.models import User
from mkbroute.accounts.notify import take_back
from mkbroute.core import audit, mail
from mkbroute.core.decisions import Verb, decide
from pilots.actions.updates import key_of, says_the_same, show
from pilots.models import Membership, Update, UpdateReport, UpdateState
from pilots.models.updates import moderates
from pilots.permissions import APPROVED_FIRST, approved_of

ALREADY_HANDLED = "Dit bericht is intussen gewijzigd of al behandeld. Laad de pagina opnieuw en lees het nog een keer."


@transaction.atomic
def approve_update(*, update: Update, version: str, by: User) -> Update:
    """Show the version that the team has read, and no other. Raises ValidationError when its author changed it since."""
    row = _for_the_team(update, by)
    if row.state != UpdateState.WAITING or row.version != str(version):
        raise ValidationError(ALREADY_HANDLED)
    row = show(row, row.newest)
    decide(Verb.APPROVED, row, by=by, author=row.author, version=version)
    return row


@transaction.atomic
def return_update(*, update: Update, by: User, reason: str, version: str) -> Update:
    """Give the version that waits back to its author, with what should change. What readers see stays."""
    row = _for_the_team(update, by)
    if row.state != UpdateState.WAITING or row.version != str(version):
        raise ValidationError(ALREADY_HANDLED)
    _need_a_reason(reason)
    row.state = UpdateState.RETURNED
    row.save(update_fields=["state"])
    decide(Verb.RETURNED, row.newest, by=by, author=row.author, reason=reason, version=version)
    return row


@transaction.atomic
def hide_update(*, update: Update, by: User, reason: str) -> Update:
    """Take an update away from its readers. Whatever its author makes of it, the team reads it first from now on."""
    row = _for_the_team(update, by)
    if not row.is_shown:
        raise ValidationError("Dit bericht is al weg: het is verborgen of de schrijver trok het in.")
    _need_a_reason(reason)
    row.is_shown, row.hidden_at, row.state = False, timezone.now(), UpdateState.HIDDEN
    row.save()
    take_back(key=key_of(row))
    _close_reports(row, "Het programmateam heeft het bericht verborgen.")
    decide(Verb.HIDDEN, row, by=by, author=row.author, reason=reason)
    return row


@transaction.atomic
def restore_update(*, update: Update, by: User, reason: str = "") -> Update:
    """Show what was hidden again, as it was. A change that its author made since stays a draft."""
    row = _for_the_team(update, by)
    if row.state != UpdateState.HIDDEN:
        raise ValidationError(ALREADY_HANDLED)
    newest = row.newest
    row.is_shown, row.hidden_at = True, None
    row.state = UpdateState.POSTED if says_the_same(row, newest, also=("picture",)) else UpdateState.DRAFT
    row.save()
    decide(Verb.RESTORED, row, by=by, author=row.author, reason=reason)
    return row


@transaction.atomic
def dismiss_reports(*, update: Update, by: User) -> None:
    """Leave an update where it is, after what was reported about it."""
    row = _for_the_team(update, by)
    if not _close_reports(row, "Het programmateam laat het bericht staan."):
        raise ValidationError("De meldingen over dit bericht zijn al behandeld.")
    audit.record(audit.Action.DECISION, "melding over een bericht afgewezen", by=by, on=row)


@transaction.atomic
def allow_direct_posting(*, membership: Membership, by: User, allowed: bool) -> Membership:
    """Let a member post for everybody without being read first, or no longer. Raises ValidationError before the team
    has approved two updates."""
    if not moderates(by):
        raise PermissionDenied
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if allowed and approved_of(row.user, row.pilot) < APPROVED_FIRST:
        raise ValidationError("Dit kan pas als het programmateam twee berichten van deze persoon heeft goedgekeurd.")
    if row.may_post_directly != allowed:
        row.may_post_directly = allowed
        row.save(update_fields=["may_post_directly"])
        summary = "plaatst berichten zonder controle" if allowed else "plaatst berichten weer met controle"
        audit.record(audit.Action.RIGHTS, summary, by=by, on=row)
    return row


def _for_the_team(update: Update, by: User) -> Update:
    if not moderates(by):
        raise PermissionDenied
    return Update.objects.select_for_update(of=("self",)).get(pk=update.pk)


def _need_a_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError("Schrijf erbij waarom. De schrijver krijgt dit te lezen.")


def _close_reports(row: Update, outcome: str) -> int:
    """Close the reports on an update and tell who made them how it ended. Returns how many there were."""
    reports = list(row.reports.open().select_for_update(of=("self",)).select_related("by"))
    now = timezone.now()
    for report in reports:
        report.closed_at = now
        report.save(update_fields=["closed_at"])
        if report.by is not None and report.by.is_active:
            _tell_reporter(report, row, outcome)
    return len(reports)


def _tell_reporter(report: UpdateReport, row: Update, outcome: str) -> None:
    mail.post(
        to=report.by.email,
        person=report.by,
        subject=f"Uw melding is bekeken: {row}",
        template="report_closed",
        context={"update": row, "outcome": outcome},
        key=f"report:{report.pk}",
    )
