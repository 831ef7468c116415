"""Where things are in the Netherlands: cities, provinces, and their place on the map.

``data/nl-provinces.json`` holds the shapes of the provinces (MapSVG and Victor Cazanave, CC BY 4.0, simplified) with the
projection they were drawn in; ``data/nl-cities.json`` the centres of cities (WGS 84).
"""

import json
from functools import cache
from math import log, pi, radians, tan
from pathlib import Path

DATA = Path(__file__).parent / "data"

WEST, NORTH = 3.3579, 53.555
"""The corner of the map, in degrees."""
UNITS_PER_DEGREE = 158.13
MARGIN = 0.3


@cache
def cities() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of cities, by name in lower case."""
    rows = json.loads((DATA / "nl-cities.json").read_text())["cities"]
    return {row["city"].lower(): (row["lat"], row["lon"]) for row in rows}


def point_of(city: str) -> tuple[float, float] | None:
    """The centre of a city in degrees (latitude, longitude), or None when the list does not have it."""
    return cities().get(city.strip().lower().replace("’", "'"))


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees to units of the drawing (613 by 724): Mercator, as ``nl-provinces.json`` describes."""

    def mercator(degrees: float) -> float:
        return log(tan(pi / 4 + radians(degrees) / 2)) * 180 / pi

    x = MARGIN + UNITS_PER_DEGREE * (longitude - WEST)
    y = MARGIN + UNITS_PER_DEGREE * (mercator(NORTH) - mercator(latitude))
    return x, y
