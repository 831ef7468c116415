"""Questions of pilots in the team's queue, and how the team reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils.safestring import SafeString

from mkbroute.accounts.models import User
from mkbroute.core.privacy import marked
from mkbroute.core.queue import Choice, QueueKind, Waiting
from pilots.actions.support import answer_pilot, close_for_pilot, reopen_for_pilot, take_on
from pilots.models import SupportMessage, SupportRequest
from pilots.permissions import may_answer


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation as the team reads it: ``text`` is HTML with personal data of partners marked."""

    who: str
    deed: str
    at: datetime
    text: SafeString
    is_from_team: bool = False
    is_internal: bool = False


def conversation(request: SupportRequest) -> list[Turn]:
    """Everything said about a request, the question first, notes of the team included."""
    return [Turn(request.author_name, "vroeg", request.created_at, _html(request.question)), *map(_turn, said(request))]


def said(request: SupportRequest) -> models.QuerySet[SupportMessage]:
    """The messages with their authors; one query."""
    return request.messages.select_related("author")


def _turn(message: SupportMessage) -> Turn:
    deed = message.get_deed_display() or ("noteerde voor het team" if message.is_internal else "schreef")
    text = _html(message.text) if message.text else SafeString("")
    return Turn(message.author_name, deed, message.at, text, message.is_from_team, message.is_internal)


def _html(text: str) -> SafeString:
    return linebreaks_filter(marked(text))


class SupportKind(QueueKind):
    """A question that nobody took on, or to which the pilot answered."""

    name = "ondersteuningsvraag"
    label = "ondersteuningsvraag"
    icon = "help"
    template = "queue/ondersteuningsvraag.html"
    reason_label = "Uw antwoord"
    reason_help = "De pilot leest dit in de mail en in het portaal."

    def waiting(self) -> Iterable[Waiting]:
        for one in SupportRequest.objects.for_the_team().with_people():
            title = f"Dringend: {one}" if one.urgency == SupportRequest.Urgency.URGENT else str(one)
            yield Waiting(self, one.pk, title, one.author_name, str(one.pilot), one.turn_since)

    def items(self) -> models.QuerySet:
        return SupportRequest.objects.with_people()

    def may_see(self, user: User) -> bool:
        return may_answer(user)

    def version(self, item: SupportRequest) -> str:
        return str(item.version)

    def context(self, item: SupportRequest, user: User) -> dict:
        return {"conversation": conversation(item), "answer_url": reverse("support_answer", args=[item.pk])}

    def texts(self, item: SupportRequest) -> list[tuple[str, str]]:
        of_pilot = said(item).filter(is_from_team=False).exclude(text="")
        answers = [(f"Antwoord van {message.author_name}", message.text) for message in of_pilot]
        return [("Onderwerp", item.title), ("Vraag", item.question), *answers]

    def author(self, item: SupportRequest) -> User | None:
        return item.author

    def choices(self, item: SupportRequest) -> list[Choice]:
        if item.is_closed:
            return [Choice("heropenen", "Open de vraag opnieuw", _reopen)]
        take = [Choice("oppakken", "Ik pak dit op", _take)] if item.state == SupportRequest.State.NEW else []
        return [
            *take,
            Choice("antwoorden", "Verstuur het antwoord", _answer, needs_reason=True),
            Choice("afronden", "Antwoord en rond af", _close, needs_reason=True),
        ]


def _take(item: SupportRequest, *, by: User, reason: str, version: str) -> None:
    take_on(request=item, by=by)


def _answer(item: SupportRequest, *, by: User, reason: str, version: str) -> None:
    answer_pilot(request=item, by=by, text=reason, version=int(version))


def _close(item: SupportRequest, *, by: User, reason: str, version: str) -> None:
    close_for_pilot(request=item, by=by, text=reason, version=int(version))


def _reopen(item: SupportRequest, *, by: User, reason: str, version: str) -> None:
    reopen_for_pilot(request=item, by=by, text=reason)
