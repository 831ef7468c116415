"""The filters of /pilots/."""

from mkbroute.core.facets import UNKNOWN, Facet, FacetedFilter
from mkbroute.core.models import Province
from network.models import BRANCHE_KINDS, Kind

from .models import Degree, Form, Pilot, Status

FACETS = (
    Facet(
        "graad",
        "Diploma",
        "programmes__degree",
        choices=(("ad", Degree.AD.label), ("bachelor", "Hbo-bachelor"), (UNKNOWN, "Nog niet bekend")),
        stands_for={
            "ad": (Degree.AD.value, Degree.UNDECIDED.value),
            "bachelor": (Degree.BACHELOR.value, Degree.UNDECIDED.value),
            UNKNOWN: ("", None),
        },
    ),
    Facet(
        "vorm",
        "Vorm",
        "programmes__form",
        choices=(
            *((form.value, form.label.capitalize()) for form in Form if form),
            (UNKNOWN, "Nog niet bekend"),
        ),
        stands_for={UNKNOWN: ("", None)},
    ),
    Facet("sector", "Sector", "sector__slug", "sector__title"),
    # All twelve: a visitor looks for the own province, also where there is nothing.
    Facet("provincie", "Provincie", "regions__province__slug", "regions__province__title", always=Province),
    Facet(
        "hogeschool",
        "Hogeschool",
        "partnerships__organisation__slug",
        "partnerships__organisation__title",
        where={
            "partnerships__organisation__kind": Kind.HOGESCHOOL.value,
            "partnerships__organisation__live": True,
        },
    ),
    Facet(
        "branche",
        "Branche of fonds",
        "partnerships__organisation__slug",
        "partnerships__organisation__title",
        where={
            "partnerships__organisation__kind__in": [kind.value for kind in BRANCHE_KINDS],
            "partnerships__organisation__live": True,
        },
    ),
    Facet("doelgroep", "Voor wie", "target_groups__slug", "target_groups__title"),
    Facet("status", "Status", "status", choices=tuple((s.value, s.label.capitalize()) for s in Status)),
)

LIVE_PARTNERS = {"partnerships__organisation__live": True}


class PilotFilter(FacetedFilter):
    noun = ("pilot", "pilots")
    properties = FACETS
    sorts = {
        "plaats": ("plaats op de lijn", ("number",)),
        "naam": ("naam", ("title", "number")),
        "bijgewerkt": ("laatst bijgewerkt", ("-last_published_at", "number")),
    }
    text_in = ("title", "summary", "region_note", "sector__title")
    text_in_rows = {
        "regions__name": {},
        "regions__province__title": {},
        "programmes__title": {},
        "target_groups__title": {},
        "partnerships__organisation__title": LIVE_PARTNERS,
        "partnerships__organisation__short_name": LIVE_PARTNERS,
    }

    class Meta:
        model = Pilot
        fields: list[str] = []
