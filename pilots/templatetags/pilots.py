"""How pilots are drawn: their status on the line and their place on the map. ``{% load pilots %}``"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django import template

from mkbroute.core.geography import project
from network.models import Organisation
from pilots.models import Partnership, Pilot, Region, Status
from pilots.models.members import name_of
from pilots.permissions import belongs_here

register = template.Library()

register.filter("belongs_here", belongs_here)


def stops_of(pilot: Pilot) -> list[Status]:
    """The stops of a pilot's line: the whole ladder, or up to where a stopped pilot got."""
    ladder = Status.ladder()
    return ladder[: ladder.index(pilot.last_stop) + 1] if pilot.status == Status.STOPPED else ladder


@register.inclusion_tag("components/ladder_line.html")
def ladder_line(pilot: Pilot):
    """The status as a line across the page: stops behind, here, and to come. A stopped pilot ends where it got."""
    dates = {change.status: change.shown_date for change in pilot.status_changes.all()}
    stops = [(stop, dates.get(stop, ""), stop == pilot.last_stop) for stop in stops_of(pilot)]
    return {"stops": stops, "stopped": pilot.status == Status.STOPPED}


@register.inclusion_tag("components/rail.html")
def rail(pilot: Pilot):
    """The status as six small stops in a line of text, with its word."""
    return {"stops": [stop == pilot.last_stop for stop in stops_of(pilot)], "pilot": pilot}


@dataclass
class Marker:
    """A pilot's number on the map, in units of the drawing; as text, for a drawing knows no Dutch numbers."""

    pilot: Pilot
    region: Region
    x: str
    y: str
    matches: bool

    @property
    def label(self) -> str:
        return f"Plaats {self.pilot.number}: {self.pilot}, {self.region}"


@register.inclusion_tag("components/map.html")
def pilot_map(matches: Sequence[Pilot], others: Sequence[Pilot] = ()):
    """The provinces with a numbered link for every region of these pilots; the same pilots as the list beside it."""
    markers, lines, elsewhere = [], [], []
    by_pilot: dict[int, list[str]] = defaultdict(list)
    for pilot, matching in [*((p, False) for p in others), *((p, True) for p in matches)]:
        placed = [region for region in pilot.regions.all() if region.latitude is not None]
        for region in placed:
            x, y = (f"{units:.0f}" for units in project(region.latitude, region.longitude))
            markers.append(Marker(pilot, region, x, y, matching))
            by_pilot[pilot.number].append(f"{x},{y}")
        if not placed:
            elsewhere.append((pilot, matching))
    lines = [" ".join(points) for points in by_pilot.values() if len(points) > 1]
    return {"markers": markers, "lines": lines, "elsewhere": elsewhere, "filtered": bool(others)}


@register.simple_tag
def pilots_of(organisation: Organisation) -> list[Partnership]:
    """The published pilots in which an organisation takes part, with its role in each."""
    if organisation.pk is None:  # a preview of something that was never saved
        return []
    partnerships = Partnership.objects.filter(organisation=organisation, pilot__live=True)
    return list(partnerships.select_related("pilot").order_by("pilot__number"))


@register.filter
def member_name(user) -> str:
    """How members see who wrote something: never by mail address."""
    return name_of(user)
