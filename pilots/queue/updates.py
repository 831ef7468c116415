"""Updates in the queue of the team: those that wait to be read, and those that somebody reported."""

from django.db import models
from django.db.models import Count, Min, Q

from mkbroute.core.queue import Choice, QueueKind, Waiting
from pilots.actions import moderation
from pilots.models import Membership, Update, UpdateState
from pilots.models.updates import moderates
from pilots.permissions import APPROVED_FIRST, approved_of

LEFT = "voormalig lid"


def _approve(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.approve_update(update=item, version=version, by=by)


def _return(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.return_update(update=item, by=by, reason=reason, version=version)


def _hide(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.hide_update(update=item, by=by, reason=reason)


def _restore(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.restore_update(update=item, by=by, reason=reason)


def _dismiss(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.dismiss_reports(update=item, by=by)


def _trust(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.allow_direct_posting(membership=_membership(item), by=by, allowed=True)


def _stop_trusting(item: Update, *, by, reason: str = "", version: str = "") -> None:
    moderation.allow_direct_posting(membership=_membership(item), by=by, allowed=False)


APPROVE = Choice("goedkeuren", "Goedkeuren en plaatsen", _approve)
RETURN = Choice("terugsturen", "Terugsturen", _return, needs_reason=True)
HIDE = Choice("verbergen", "Verbergen", _hide, needs_reason=True, is_serious=True)
RESTORE = Choice("terugzetten", "Weer zichtbaar maken", _restore)
DISMISS = Choice("laten-staan", "Laten staan", _dismiss)
TRUST = Choice("vertrouwen", "Deze schrijver voortaan laten plaatsen zonder controle", _trust)
STOP_TRUSTING = Choice("controleren", "Deze schrijver voortaan weer eerst controleren", _stop_trusting)


def _membership(item: Update) -> Membership | None:
    """The place of the author in the pilot, as long as they have one."""
    return Membership.objects.filter(pilot=item.pilot_id, user=item.author_id).first()


class UpdateKind(QueueKind):
    """An update that waits to be read before others do. Every other update can be looked up by its number."""

    name = "bericht"
    label = "bericht"
    icon = "mail"
    template = "queue/bericht.html"

    def waiting(self):
        updates = Update.objects.waiting().select_related("pilot", "author", "latest_revision")
        return [self._line(update, update.latest_revision.object_str, update.changed_at) for update in updates]

    def _line(self, update: Update, title: str, since) -> Waiting:
        who = str(update.author or LEFT)
        return Waiting(kind=self, pk=update.pk, title=title, who=who, pilot=str(update.pilot), since=since)

    def items(self) -> models.QuerySet:
        # What somebody began and never sent in is nobody else's business.
        drafts = Q(state=UpdateState.DRAFT, published_at=None)
        return Update.objects.exclude(drafts).select_related("pilot", "author", "theme")

    def may_see(self, user) -> bool:
        return moderates(user)

    def version(self, item: Update) -> str:
        return item.version

    def judged(self, item: Update) -> Update:
        """The version to judge: the one that waits, else the one that readers see."""
        return item.newest if item.state in {UpdateState.WAITING, UpdateState.RETURNED} else item

    def context(self, item: Update, user) -> dict:
        judged = self.judged(item)
        return {
            "update": judged,
            "typed": self.texts(item),
            "before": item if item.is_shown and judged is not item else None,
            "approved": approved_of(item.author, item.pilot) if item.author else 0,
            "approved_first": APPROVED_FIRST,
            "membership": _membership(item),
            "reports": list(item.reports.open().select_related("by")),
        }

    def texts(self, item: Update) -> list[tuple[str, str]]:
        judged = self.judged(item)
        texts = [("Titel", judged.title), ("Tekst", judged.text), ("Bij de foto", judged.picture_alt)]
        return [(label, text) for label, text in texts if text]

    def author(self, item: Update):
        return item.author

    def choices(self, item: Update) -> list[Choice]:
        choices = [APPROVE, RETURN] if item.state == UpdateState.WAITING else []
        if item.is_shown:
            choices.append(HIDE)
        if item.state == UpdateState.HIDDEN:
            choices.append(RESTORE)
        membership = _membership(item)
        if membership is not None and membership.may_post_directly:
            choices.append(STOP_TRUSTING)
        elif membership is not None and approved_of(item.author, item.pilot) >= APPROVED_FIRST:
            choices.append(TRUST)
        return choices


class ReportedUpdateKind(UpdateKind):
    """An update that somebody of the network reported; it stays where it is until the team has looked."""

    name = "melding"
    label = "gemeld bericht"
    icon = "warning"

    def waiting(self):
        reported = Update.objects.annotate(
            since=Min("reports__reported_at", filter=Q(reports__closed_at=None)),
            number=Count("reports", filter=Q(reports__closed_at=None)),
        ).filter(number__gt=0)
        updates = reported.select_related("pilot", "author").order_by("since", "pk")
        return [self._line(update, str(update), update.since) for update in updates]

    def version(self, item: Update) -> str:
        return ""

    def judged(self, item: Update) -> Update:
        return item

    def choices(self, item: Update) -> list[Choice]:
        dismiss = [DISMISS] if item.reports.open().exists() else []
        return [*dismiss, *([HIDE] if item.is_shown else []), *([RESTORE] if item.state == UpdateState.HIDDEN else [])]
