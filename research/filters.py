"""The filters of /kennis/goede-voorbeelden/ and /kennis/publicaties/."""

from mkbroute.core.facets import ArrayFacet, Facet, FacetedFilter
from mkbroute.core.models import Theme

from .models import STRONGEST, Audience, Practice, PracticeKind, Publication, PublicationKind

NEWEST = ("laatst bijgewerkt", ("-last_published_at", "title"))
NAME = ("naam", ("title",))


class PracticeFilter(FacetedFilter):
    noun = ("voorbeeld", "voorbeelden")
    properties = (
        Facet("thema", "Thema", "themes__slug", "themes__title", always=Theme),
        ArrayFacet("voor", "Bruikbaar voor", "audiences", choices=tuple(Audience.choices)),
        Facet("sector", "Sector", "sector__slug", "sector__title"),
        Facet("soort", "Soort", "kind", choices=tuple(PracticeKind.choices)),
        Facet("pilot", "Pilot", "pilots__slug", "pilots__title", where={"pilots__live": True}),
        Facet(
            "organisatie",
            "Organisatie",
            "organisations__slug",
            "organisations__title",
            where={"organisations__live": True},
        ),
        Facet(
            "bewijs",
            "Bewijskracht",
            "strength",
            choices=(("0", "Nog onvoldoende bewijs"), ("1", "1 of 2 van 5"), ("3", "3 of meer van 5")),
            stands_for={"0": (0,), "1": (1, 2), "3": tuple(range(3, STRONGEST + 1))},
        ),
    )
    sorts = {
        "bewijs": ("sterkste bewijs eerst", ("-strength", "title")),
        "naam": NAME,
        "bijgewerkt": NEWEST,
    }
    text_in = ("title", "summary", "context", "done", "result", "difficulties", "lesson", "sector__title")
    text_in_rows = {
        "themes__title": {},
        "pilots__title": {"pilots__live": True},
        "organisations__title": {"organisations__live": True},
        "organisations__short_name": {"organisations__live": True},
    }

    class Meta:
        model = Practice
        fields: list[str] = []


class PublicationFilter(FacetedFilter):
    noun = ("publicatie", "publicaties")
    properties = (
        Facet("thema", "Thema", "themes__slug", "themes__title", always=Theme),
        Facet("soort", "Soort", "kind", choices=tuple(PublicationKind.choices)),
        Facet("pilot", "Pilot", "pilots__slug", "pilots__title", where={"pilots__live": True}),
    )
    sorts = {"jaar": ("nieuwste eerst", tuple(Publication._meta.ordering)), "naam": NAME}
    text_in = ("title", "summary", "authors", "publisher")
    text_in_rows = {"themes__title": {}, "pilots__title": {"pilots__live": True}}

    class Meta:
        model = Publication
        fields: list[str] = []
