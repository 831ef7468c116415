"""Proposals of partners in the queue of the team."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from mkbroute.core.models import Decision
from mkbroute.core.privacy import find, marked
from mkbroute.core.proofreading import errors, proofread
from mkbroute.core.queue import Choice, QueueKind, Waiting
from pilots.actions.proposals import (
    approve_proposal,
    obstacles_to,
    proposed_page,
    return_proposal,
    unpublished_versions,
)
from pilots.changes import differences, places
from pilots.content import Content, content_of, without_gone
from pilots.merging import merge
from pilots.models import Pilot, Proposal


class ProposalKind(QueueKind):
    """Changes to the page of a pilot: what changes field by field, what stands in the way, and what an editor has ready."""

    name = "voorstel"
    label = "voorstel voor een pilotpagina"
    icon = "edit"
    template = "queue/proposal.html"

    def waiting(self) -> Iterable[Waiting]:
        return [
            Waiting(
                kind=self,
                pk=proposal.pk,
                title=f"Wijziging van {proposal}",
                who=str(proposal.author or "voormalig lid"),
                pilot=str(proposal.pilot),
                since=proposal.sent_at,
            )
            for proposal in Proposal.objects.sent().select_related("pilot", "author")
        ]

    def items(self) -> models.QuerySet:
        """What was ever sent in; a draft is of its authors."""
        return Proposal.objects.exclude(sent_at=None).select_related("pilot__sector", "author")

    def may_see(self, user) -> bool:
        return user.has_perm("pilots.publish_pilot")

    def version(self, item: Proposal) -> str:
        return str(item.version)

    def author(self, item: Proposal) -> models.Model | None:
        return item.author

    def texts(self, item: Proposal) -> list[tuple[str, str]]:
        changed = [(change.place, change.after) for change in differences(item.base, item.content) if change.after]
        return [*changed, ("Bericht aan het team", item.note)]

    def choices(self, item: Proposal) -> list[Choice]:
        if item.state != Proposal.State.SENT:
            return []
        # When it has changed since, the action says so: who decides must not decide on something else.
        return [
            Choice("goedkeuren", "Keur goed en plaats", _approve),
            Choice("terugsturen", "Stuur terug", _return, needs_reason=True),
        ]

    def context(self, item: Proposal, user) -> dict:
        if item.state not in (Proposal.State.SENT, Proposal.State.PLACED):
            return {"changes": [], "is_with_author": True}  # who works on it is not looked over the shoulder
        context = {
            "changes": differences(item.base, item.content, since=_judged_before(item)),
            "note": marked(item.note) if find(item.note) else item.note,
        }
        if item.state == Proposal.State.SENT:
            live = content_of(item.pilot.serializable_data())
            context |= {
                "obstacles": _obstacles(item, live),
                "warnings": _warnings(item, live),
                "pilot_url": reverse(Pilot.snippet_viewset.get_url_name("edit"), args=[item.pilot_id]),
            }
        return context


def _approve(item: Proposal, *, by, reason: str = "", version: str = "") -> Proposal:
    return approve_proposal(proposal=item, version=version, by=by, reason=reason)


def _return(item: Proposal, *, by, reason: str = "", version: str = "") -> Proposal:
    return return_proposal(proposal=item, version=version, by=by, reason=reason)


def _judged_before(proposal: Proposal) -> Content | None:
    """What it said when the team returned it the last time."""
    returned = Decision.objects.on(proposal).filter(verb=Decision.Verb.RETURNED).first()
    if returned is None:
        return None
    versions = proposal.revisions.filter(created_at__lt=returned.at).order_by("-created_at")
    revision = versions.first()
    return revision and revision.as_object().content


def _obstacles(proposal: Proposal, live: Content) -> list[str]:
    """Why it cannot be approved now: what forbids it, and what the check before publishing finds in the page it makes."""
    found = obstacles_to(proposal, proposal.pilot, live)
    if not found:
        page = proposed_page(proposal.pilot, _result(proposal, live))
        found = [f"De controle voor publiceren vindt: {finding}" for finding in errors(proofread(page))]
    return found


def _warnings(proposal: Proposal, live: Content) -> list[str]:
    """What an editor has ready on the same page, and what approving does to it."""
    found = []
    after = _result(proposal, live)
    for version in unpublished_versions(proposal.pilot):
        mine = content_of(version.content, like=live)
        kept = merge(base=live, theirs=after, ours=mine)[1]
        stays = "die versie gepland" if version.approved_go_live_at else "dat concept het nieuwste"
        sentences = [_what(version), f"Keurt u goed, dan blijft {stays}. De wijziging van de partner komt erin."]
        if kept:
            sentences.append(f"Maar hier houdt het zijn eigen tekst: {places(kept, live, mine)}.")
        found.append(" ".join(sentences))
    return found


def _what(version) -> str:
    who = version.user or "iemand anders"
    if planned := version.approved_go_live_at:
        return f"Er is een versie van {who} gepland voor {date_format(localtime(planned), 'j F Y, H:i')}."
    return f"Er is een concept van {who}, van {date_format(localtime(version.created_at), 'j F Y')}."


def _result(proposal: Proposal, live: Content) -> Content:
    return without_gone(merge(base=proposal.base, theirs=proposal.content, ours=live)[0])
