"""How organisations are drawn on the map. ``{% load network %}``"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import template

from mkbroute.core.geography import project
from network.models import Organisation

register = template.Library()


@dataclass
class City:
    """A city on the map with the organisations that have a place there; ``x`` and ``y`` in units of the drawing."""

    name: str
    x: float
    y: float
    organisations: list[Organisation] = field(default_factory=list)


@register.inclusion_tag("components/organisation_map.html")
def organisation_map(organisations: Iterable[Organisation]):
    """The provinces with a dot for every city where one of these organisations is, and how many there are."""
    cities: dict[str, City] = {}
    for organisation in organisations:
        for place in organisation.places.all():
            if place.latitude is not None and place.longitude is not None:
                x, y = project(place.latitude, place.longitude)
                city = cities.setdefault(place.city, City(place.city, round(x), round(y)))
                city.organisations.append(organisation)
    return {"cities": sorted(cities.values(), key=lambda city: city.name)}
