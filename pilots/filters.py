"""The filters of /pilots/ and how many pilots each choice would leave.

One query marks, for every published pilot, which filters it passes and which values it has (``PilotFilter.rows``). The
list, the counts behind the choices and the advice when nothing is left all come from those marks, so they cannot differ.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

import django_filters
from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.http import QueryDict

from mkbroute.core.models import Province
from mkbroute.core.rows import written_once
from network.models import BRANCHE_KINDS, Kind

from .models import Degree, Form, Pilot, Status

MAX_TEXT = 100
UNKNOWN = "onbekend"
SORT = {"plaats": "number", "naam": "title", "bijgewerkt": "-last_published_at"}
SORT_LABELS = {"plaats": "plaats op de lijn", "naam": "naam", "bijgewerkt": "laatst bijgewerkt"}


@dataclass(frozen=True)
class Facet:
    """One property visitors filter on. ``lookup`` leads from a pilot to its value, ``title`` to the words for it.

    ``choices`` is the fixed list of (address value, words) where there is one; ``stands_for`` the database values an
    address value means when it is not simply itself (None: no value at all); ``where`` narrows the rows looked at.
    """

    name: str
    label: str
    lookup: str
    title: str = ""
    where: dict = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    stands_for: dict[str, tuple] = field(default_factory=dict)

    def meant(self, values: Iterable[str]) -> set:
        """The database values that these address values stand for."""
        return {meant for value in values for meant in self.stands_for.get(value, (value,))}

    def condition(self, values: Iterable[str]) -> Q:
        """True of pilots with at least one of these values."""
        meant = self.meant(values)
        passes = Q(**{f"{self.lookup}__in": meant - {None}})
        if None in meant:
            passes |= Q(**{f"{self.lookup}__isnull": True})
        return Q(pk__in=Pilot.objects.filter(passes, **self.where).values("pk"))

    def values(self) -> ArraySubquery:
        """The values of one pilot, as {"value", "title"} rows."""
        row = JSONObject(value=self.lookup, title=self.title or self.lookup)
        mine = Pilot.objects.filter(pk=OuterRef("pk"), **self.where)
        return ArraySubquery(mine.order_by().values(row=row).distinct())


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
    Facet("provincie", "Provincie", "regions__province__slug", "regions__province__title"),
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


@cache
def _values() -> RawSQL:
    """The values of a pilot per facet."""
    return written_once(Pilot, **{facet.name: facet.values() for facet in FACETS})


class AnyValuesField(forms.MultipleChoiceField):
    """Takes whatever stands in the address: a value nobody has simply matches nothing."""

    def to_python(self, value) -> list[str]:
        return list(dict.fromkeys(v[:80] for v in super().to_python(value) if v and "\x00" not in v))[:30]

    def validate(self, value):
        """Every value is welcome."""


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = AnyValuesField


class TextFilter(django_filters.CharFilter):
    class field_class(forms.CharField):
        """Text to search for; longer text is cut, and the page says so."""

        def to_python(self, value) -> str:
            return " ".join(super().to_python(value).replace("\x00", " ").split())[:MAX_TEXT]

    def condition(self, text: str) -> Q:
        """True of pilots in which every word occurs somewhere, accents and capitals aside."""
        own = ("title", "summary", "region_note", "sector__title")
        of_rows = ("regions__name", "regions__province__title", "programmes__title", "target_groups__title")
        of_partners = ("partnerships__organisation__title", "partnerships__organisation__short_name")
        passes = Q()
        for word in text.split()[:10]:
            anywhere = Q()
            for name in own:
                anywhere |= Q(**{f"{name}__unaccent__icontains": word})
            for name in (*of_rows, *of_partners):  # a subquery each: in one query their rows would multiply
                here = {f"{name}__unaccent__icontains": word}
                if name in of_partners:
                    here["partnerships__organisation__live"] = True
                anywhere |= Q(pk__in=Pilot.objects.filter(**here).order_by().values("pk"))
            passes &= anywhere
        return passes


@dataclass
class Choice:
    """One line under a facet: its value in the address, its words, how many pilots it leaves, whether it is on."""

    value: str
    title: str
    count: int
    chosen: bool


@dataclass
class Chip:
    """A chosen filter as a link: what it says, and the address of the list without it."""

    label: str
    query: str


class PilotFilter(django_filters.FilterSet):
    """Marks pilots by the filters in the address; see the module's docstring."""

    q = TextFilter()

    class Meta:
        model = Pilot
        fields: list[str] = []

    @classmethod
    def get_filters(cls):
        return {**super().get_filters(), **{facet.name: FacetFilter(label=facet.label) for facet in FACETS}}

    def __init__(self, data: QueryDict, *args, **kwargs):
        super().__init__(data, *args, queryset=Pilot.objects.published(), **kwargs)
        self.form.is_valid()  # every field takes anything, so this only fills cleaned_data
        cleaned = self.form.cleaned_data
        self.text: str = cleaned["q"]
        self.text_was_cut = len(data.get("q", "")) > MAX_TEXT
        self.chosen: dict[str, list[str]] = {f.name: cleaned[f.name] for f in FACETS if cleaned[f.name]}
        self.sort = data.get("sorteer") if data.get("sorteer") in SORT else "plaats"

    @property
    def active(self) -> list[str]:
        """The names of the filters in use."""
        return [*(["q"] if self.text else []), *self.chosen]

    @cached_property
    def rows(self) -> list[dict]:
        """All published pilots in order: ``pk``, what each ``has`` per facet, and the names of the filters it ``fails``."""
        marks = {}
        if self.text:
            marks["q"] = self.filters["q"].condition(self.text)
        for facet in FACETS:
            if facet.name in self.chosen:
                marks[facet.name] = facet.condition(self.chosen[facet.name])
        rows = self.queryset.order_by(SORT[self.sort], "number").values(
            "pk",
            has=_values(),
            **{f"passes_{name}": ExpressionWrapper(mark, BooleanField()) for name, mark in marks.items()},
        )
        return [{**row, "fails": {name for name in marks if not row[f"passes_{name}"]}} for row in rows]

    @cached_property
    def matches(self) -> list[int]:
        """Keys of the pilots that pass every filter."""
        return [row["pk"] for row in self.rows if not row["fails"]]

    @cached_property
    def others(self) -> list[int]:
        """Keys of the pilots that do not."""
        return [row["pk"] for row in self.rows if row["fails"]]

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Choice]]]:
        """Every facet with its choices. A count says how many pilots are left if only that choice were made in its facet,
        next to what is chosen in the others."""
        return [(facet, self._choices(facet)) for facet in FACETS]

    def _choices(self, facet: Facet) -> list[Choice]:
        titles: dict[str, str] = dict(facet.choices)
        if facet.name == "provincie":  # all twelve: a visitor looks for the own province, also where there is nothing
            titles = dict(Province.objects.values_list("slug", "title"))
        counts: Counter[str] = Counter()
        for row in self.rows:
            values = row["has"][facet.name]
            if not facet.choices:
                titles.update({value["value"]: value["title"] for value in values if value["value"]})
            if row["fails"] <= {facet.name}:
                owned = {value["value"] for value in values} or {None}
                counts.update(slug for slug in titles if facet.meant([slug]) & owned)
        chosen = self.chosen.get(facet.name, [])
        choices = [Choice(slug, title, counts[slug], slug in chosen) for slug, title in titles.items()]
        return choices if facet.choices else sorted(choices, key=lambda choice: choice.title.casefold())

    @cached_property
    def chips(self) -> list[Chip]:
        """What is chosen, each with the address of the list without it."""
        chips = [Chip(f"Woord: {self.text}", self.query_without("q"))] if self.text else []
        for facet, choices in self.facets:
            titles = {choice.value: choice.title for choice in choices}
            for value in self.chosen.get(facet.name, []):
                title = titles.get(value, f"{value} (komt niet voor)")
                chips.append(Chip(f"{facet.label}: {title}", self.query_without(facet.name, value)))
        return chips

    @cached_property
    def advice(self) -> list[Chip]:
        """When nothing is left: the filters that stand in the way alone, with how many pilots their removal gives."""
        if self.matches:
            return []
        alone = Counter(name for row in self.rows if len(row["fails"]) == 1 for name in row["fails"])
        labels = {"q": "het zoekwoord", **{facet.name: facet.label for facet in FACETS}}
        return [
            Chip(f"{labels[name]} ({count} {'pilot' if count == 1 else 'pilots'})", self.query_without(name))
            for name, count in alone.most_common()
        ]

    @property
    def query(self) -> str:
        """The query string of the list as it is, of page one."""
        return self.query_without("")

    def query_without(self, name: str, value: str | None = None) -> str:
        """The query string without this filter, or without this one value of it; always of page one."""
        query = QueryDict(mutable=True)
        if self.text and name != "q":
            query["q"] = self.text
        for facet, values in self.chosen.items():
            kept = [v for v in values if facet != name or (value is not None and v != value)]
            if kept:
                query.setlist(facet, kept)
        if self.sort != "plaats":
            query["sorteer"] = self.sort
        return query.urlencode()
