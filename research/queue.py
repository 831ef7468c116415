"""What waits for the team of the practices that partners send in: first whether it is complete, then what it is worth."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from mkbroute.accounts.models import User
from mkbroute.core.privacy import marked
from mkbroute.core.proofreading import errors, proofread
from mkbroute.core.queue import Choice, QueueKind, Waiting
from research import actions, consent
from research.guide import QUESTIONS
from research.models import Practice, PracticeSubmission, SubmissionState
from research.permissions import may_judge_submissions


class SubmissionKind(QueueKind):
    """What both stages share."""

    icon = "pick"
    template = "queue/practice_submission.html"

    def rows(self) -> models.QuerySet:
        """What waits in this stage."""
        raise NotImplementedError

    def waiting(self) -> Iterable[Waiting]:
        rows = self.rows().select_related("pilot", "author").order_by("moved_at", "pk")
        return [
            Waiting(self, row.pk, str(row), str(row.author or "voormalig lid"), str(row.pilot), row.moved_at)
            for row in rows
        ]

    def items(self) -> models.QuerySet:
        rows = PracticeSubmission.objects.filter(sent_at__isnull=False)
        rows = rows.select_related("pilot", "author", "practice__latest_revision", "asked_revision")
        return rows.prefetch_related("events__by", "themes")

    def may_see(self, user: User) -> bool:
        return may_judge_submissions(user)

    def texts(self, item: PracticeSubmission) -> list[tuple[str, str]]:
        return [(question.label, consent.answer(item, question.field)) for question in QUESTIONS]

    def author(self, item: PracticeSubmission) -> User | None:
        return item.author

    def context(self, item: PracticeSubmission, user: User) -> dict:
        draft = item.draft
        return {
            "answers": [(label, marked(text)) for label, text in self.texts(item)],
            "changes": consent.changes(item, draft) if draft else [],
            "draft": draft,
            "draft_url": edit_url(item.practice) if draft else "",
            "preview_url": reverse("preview_links", args=["research", "practice", draft.pk]) if draft else "",
            "problem": consent.objection(item, draft) if draft and item.is_in_hands_of_expert else "",
            "errors": [e for e in errors(proofread(draft)) if e.place != actions.CONSENT] if draft else [],
        }


class CompletenessKind(SubmissionKind):
    """The first stage: is everything there that an expert needs?"""

    name = "voorbeeld"
    label = "ingestuurd voorbeeld"

    def rows(self) -> models.QuerySet:
        return PracticeSubmission.objects.waiting_for_completeness()

    def version(self, item: PracticeSubmission) -> str:
        return str(item.version)

    def choices(self, item: PracticeSubmission) -> list[Choice]:
        if item.state != SubmissionState.SENT:
            return []
        return [
            Choice("volledig", "Volledig: door naar de expert", _pass),
            Choice("terug", "Stuur terug", _return, needs_reason=True),
            Choice("afwijzen", "Wijs af", _reject, needs_reason=True, is_serious=True),
        ]


class JudgementKind(SubmissionKind):
    """The second stage: an expert judges and edits the draft, asks the pilot for consent where needed, and publishes."""

    name = "voorbeeld-oordeel"
    label = "oordeel over een voorbeeld"

    def rows(self) -> models.QuerySet:
        return PracticeSubmission.objects.waiting_for_judgement()

    def version(self, item: PracticeSubmission) -> str:
        """Where it stands, and the newest draft."""
        return f"{item.state}.{item.practice.latest_revision_id if item.practice else ''}"

    def choices(self, item: PracticeSubmission) -> list[Choice]:
        if not item.is_in_hands_of_expert:
            return []
        reject = Choice("afwijzen", "Wijs af", self._seen(_reject), needs_reason=True, is_serious=True)
        draft = item.draft
        if draft is None:
            return [Choice("concept", "Maak opnieuw een concept", self._seen(_renew)), reject]
        if not consent.objection(item, draft):
            return [Choice("plaatsen", "Plaats op de site", self._seen(_publish)), reject]
        if item.waits_for_consent:
            return [reject]
        return [Choice("akkoord", "Vraag de pilot om akkoord", self._seen(_ask)), reject]

    def _seen(self, run: Callable) -> Callable:
        """The same, but only on what the reader had before them."""

        def checked(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
            if version != self.version(self.items().get(pk=item.pk)):
                raise ValidationError("Dit voorbeeld is intussen veranderd. Bekijk eerst hoe het nu is.", code="stale")
            run(item, by=by, reason=reason, version=version)

        return checked


def edit_url(practice: Practice) -> str:
    """Where the draft is edited in the admin."""
    return reverse(Practice.snippet_viewset.get_url_name("edit"), args=[practice.pk])


def kind_of(submission: PracticeSubmission) -> SubmissionKind:
    """In which stage the team handles it."""
    return KINDS[0] if submission.state == SubmissionState.SENT else KINDS[1]


def _pass(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.pass_completeness(submission=item, by=by, version=_number(version))


def _return(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.return_submission(submission=item, by=by, reason=reason, version=_number(version))


def _reject(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.reject_submission(submission=item, by=by, reason=reason)


def _renew(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.renew_draft(submission=item, by=by)


def _ask(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.ask_consent(submission=item, by=by)


def _publish(item: PracticeSubmission, *, by: User, reason: str = "", version: str = "") -> None:
    actions.publish_submission(submission=item, by=by)


def _number(version: str) -> int:
    """The version as a number; what nobody was shown is no version."""
    return int(version) if version.isdecimal() else -1


KINDS: list[QueueKind] = [CompletenessKind(), JudgementKind()]
