"""What the start of the partner portal tells somebody: what is asked of them, what happened, and how their own work stands.

Whatever partners send in has the same few questions on its manager: ``drafts_of``, ``sent_in_by``, ``asked_of`` and
``news_for``. A model that has them is listed in ``contributions.SENT_IN``; each costs one query per question.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from mkbroute import contributions
from pilots.models import Membership

MOST = 10
"""So many lines a list shows; what is asked of somebody is shown whole."""

VISIT = timedelta(hours=1)
"""Who comes back within this time is still on the same visit, and finds the same news."""

FIRST_NEWS = timedelta(days=30)
"""How far back the news goes for who was never here before."""


@dataclass(frozen=True)
class Line:
    """One thing in a list of the start page, in words; ``url`` is where this reader finds it."""

    kind: str
    title: str
    pilot: str
    state: str
    at: datetime
    url: str


@dataclass(frozen=True)
class Overview:
    """The four lists of the start page, newest first."""

    asked: list[Line]
    news: list[Line]
    drafts: list[Line]
    sent_in: list[Line]


def overview(user, memberships: Iterable[Membership], *, since: datetime | None) -> Overview:
    """What to tell this user, who was here before at ``since``, or never."""
    own = {membership.pilot_id for membership in memberships}
    news_from = since or timezone.now() - FIRST_NEWS
    return Overview(
        asked=_lines(lambda manager: manager.asked_of(user), own, most=None),
        news=_lines(lambda manager: manager.news_for(user, news_from), own),
        drafts=_lines(lambda manager: manager.drafts_of(user), own),
        sent_in=_lines(lambda manager: manager.sent_in_by(user), own),
    )


def _lines(ask: Callable[[models.Manager], models.QuerySet], own: set[int], most: int | None = MOST) -> list[Line]:
    found = [
        item
        for model in contributions.SENT_IN
        for item in ask(model._default_manager).select_related("pilot").order_by("-changed_at")[:most]
    ]
    found.sort(key=lambda item: item.changed_at, reverse=True)
    return [_line(item, own) for item in found[:most]]


def _line(item: models.Model, own: set[int]) -> Line:
    # What is of another pilot is read in the network: inside that pilot this reader has no place.
    url = item.portal_url if item.pilot_id in own else item.network_url
    kind = capfirst(item._meta.verbose_name)
    return Line(kind, str(item), str(item.pilot), item.get_state_display(), item.changed_at, url)


def start_visit(user, memberships: Iterable[Membership], session: SessionBase) -> datetime | None:
    """When this user was here before this visit; None when never. Notes that they are here now.

    That a page which is only read writes something is meant: it is a moment of this reader alone, nobody else sees or acts
    on it, and a mail scanner cannot set it off without signing in. It is written at most once per ``VISIT``; the moment
    before it stays in the session, so that a reload keeps the news.
    """
    now = timezone.now()
    seen = max((membership.seen_at for membership in memberships if membership.seen_at), default=None)
    if seen and now - seen < VISIT:
        before = session.get("seen_before", seen.isoformat())
        return datetime.fromisoformat(before) if before else None
    session["seen_before"] = seen.isoformat() if seen else ""
    Membership.objects.filter(user=user).update(seen_at=now)
    return seen
