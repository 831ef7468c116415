"""What waits for the programme team, whatever its kind. An app describes its kinds; the roof shows them in one queue."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.urls import reverse


def queue_address(kind: str, pk: int) -> str:
    """Where the team handles an item, by the name of its kind."""
    return reverse("queue_item", args=[kind, pk])


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. ``who`` and ``pilot`` are words; ``since`` is when it came in."""

    kind: "QueueKind"
    pk: int
    title: str
    who: str
    pilot: str
    since: datetime

    @property
    def url(self) -> str:
        """Where the team handles it."""
        return queue_address(self.kind.name, self.pk)


@dataclass(frozen=True)
class Choice:
    """Something the team can do with an item: a button. ``run(item, by=, reason=, version=)`` does it.

    ``run`` raises ``django.core.exceptions.ValidationError`` with a Dutch sentence when it cannot be done (any more).
    What ``is_serious`` is asked once more before it is done. The screen runs one choice at a time on an item and refuses
    what was chosen on an older version, so ``run`` needs to guard only against what partners do at the same time.
    """

    name: str
    label: str
    run: Callable[..., object]
    needs_reason: bool = False
    is_serious: bool = False


class QueueKind:
    """A kind of thing that waits for the team. Subclasses are listed in ``KINDS`` of their app's ``queue``."""

    name: str
    """In the address: lower case, no spaces."""
    label: str
    """In Dutch, singular, without capital."""
    icon = "doc-full"
    template: str
    """Draws the item for who decides (``item`` in the context, with whatever ``context()`` adds)."""
    reason_label = "Reden of opmerking"
    reason_help = "Wie dit instuurde, leest dit in de mail en in het portaal."

    def waiting(self) -> Iterable[Waiting]:
        """All that waits now, in one query."""
        raise NotImplementedError

    def items(self) -> models.QuerySet:
        """Everything of this kind that the team may read, waiting or not."""
        raise NotImplementedError

    def may_see(self, user) -> bool:
        """Whether this user handles things of this kind."""
        raise NotImplementedError

    def version(self, item: models.Model) -> str:
        """Which version of the item the reader has before them; given back to ``run``, which refuses another one."""
        return ""

    def context(self, item: models.Model, user) -> dict:
        """What the template needs beside the item."""
        return {}

    def texts(self, item: models.Model) -> list[tuple[str, str]]:
        """Label and words of what the author wrote, for the check on personal data."""
        return []

    def author(self, item: models.Model) -> models.Model | None:
        """Who sent it in, if that person still has an account."""
        return None

    def choices(self, item: models.Model) -> list[Choice]:
        """What can be done with the item as it is now."""
        return []
