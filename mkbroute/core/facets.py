"""Filters of a public list and how many results each choice would leave.

One query marks, for every published object, which filters it passes and which values it has (``FacetedFilter.rows``). The
list, the counts behind the choices and the advice when nothing is left all come from those marks, so they cannot differ.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

import django_filters
from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Func, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.http import QueryDict

from mkbroute.core.rows import written_once

MAX_TEXT = 100
MAX_WORDS = 10
UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Facet:
    """One property visitors filter on. ``lookup`` leads from an object to its value, ``title`` to the words for it.

    ``choices`` is the fixed list of (address value, words) where there is one; ``stands_for`` the database values an
    address value means when it is not simply itself (None: no value at all); ``where`` narrows the rows looked at;
    ``always`` is the model with a slug and a title for every choice, shown also where nothing has it.
    """

    name: str
    label: str
    lookup: str
    title: str = ""
    where: dict = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    stands_for: dict[str, tuple] = field(default_factory=dict)
    always: type[models.Model] | None = None

    def meant(self, values: Iterable[str]) -> set:
        """The database values that these address values stand for; what is no choice of a fixed list means nothing."""
        fixed = dict(self.choices)
        known = [value for value in values if not fixed or value in fixed]
        return {meant for value in known for meant in self.stands_for.get(value, (value,))}

    def condition(self, model: type[models.Model], values: Iterable[str]) -> Q:
        """True of objects with at least one of these values."""
        meant = self.meant(values)
        passes = Q(**{f"{self.lookup}__in": meant - {None}})
        if None in meant:
            passes |= Q(**{f"{self.lookup}__isnull": True})
        return Q(pk__in=model.objects.filter(passes, **self.where).values("pk"))

    def values(self, model: type[models.Model]) -> ArraySubquery:
        """The values of one object, as {"value", "title"} rows."""
        row = JSONObject(value=self.lookup, title=self.title or self.lookup)
        mine = model.objects.filter(pk=OuterRef("pk"), **self.where)
        return ArraySubquery(mine.order_by().values(row=row).distinct())


class ArrayFacet(Facet):
    """A property of which an object has several, in an array of its own; always with ``choices``."""

    def condition(self, model: type[models.Model], values: Iterable[str]) -> Q:
        return Q(**{f"{self.lookup}__overlap": list(values)})

    def values(self, model: type[models.Model]) -> ArraySubquery:
        each = Func(self.lookup, function="unnest", output_field=models.CharField())
        mine = model.objects.filter(pk=OuterRef("pk")).order_by().annotate(each=each)
        return ArraySubquery(mine.values(row=JSONObject(value="each", title="each")))


class AnyValuesField(forms.MultipleChoiceField):
    """Takes whatever stands in the address: a value nobody has simply matches nothing."""

    def to_python(self, value) -> list[str]:
        return list(dict.fromkeys(v[:80] for v in super().to_python(value) if v and "\x00" not in v))[:30]

    def validate(self, value):
        """Every value is welcome."""


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = AnyValuesField


class TextFilter(django_filters.CharFilter):
    """Text to search for; longer text is cut, and the page says so."""

    class field_class(forms.CharField):
        def to_python(self, value) -> str:
            return " ".join(super().to_python(value).replace("\x00", " ").split())[:MAX_TEXT]


@dataclass
class Choice:
    """One line under a facet: its value in the address, its words, how many results it leaves, whether it is on."""

    value: str
    title: str
    count: int
    chosen: bool


@dataclass
class Chip:
    """A chosen filter as a link: what it says, and the address of the list without it."""

    label: str
    query: str


class FacetedFilter(django_filters.FilterSet):
    """Marks the published objects of a model by the filters in the address; see the module's docstring.

    Subclasses give ``Meta.model`` and the class attributes below.
    """

    q = TextFilter()

    noun: tuple[str, str]
    """One and many of them, in words."""
    properties: tuple[Facet, ...] = ()
    sorts: dict[str, tuple[str, tuple]]
    """The orders a visitor can choose, by their value in the address: words, and what to order by. The first is usual."""
    text_in: tuple[str, ...]
    """Where a word is looked for in the object itself."""
    text_in_rows: dict[str, dict] = {}
    """Where it is looked for in rows that belong to the object, each with what narrows those rows."""

    @classmethod
    def get_filters(cls):
        return {**super().get_filters(), **{facet.name: FacetFilter(label=facet.label) for facet in cls.properties}}

    def __init__(self, data: QueryDict, *args, **kwargs):
        super().__init__(data, *args, queryset=self._meta.model.objects.published(), **kwargs)
        self.form.is_valid()  # every field takes anything, so this only fills cleaned_data
        cleaned = self.form.cleaned_data
        self.text: str = cleaned["q"]
        self.text_was_cut = len(data.get("q", "")) > MAX_TEXT
        self.chosen: dict[str, list[str]] = {f.name: cleaned[f.name] for f in self.properties if cleaned[f.name]}
        self.usual_sort = next(iter(self.sorts))
        self.sort = data.get("sorteer") if data.get("sorteer") in self.sorts else self.usual_sort

    @property
    def active(self) -> list[str]:
        """The names of the filters in use."""
        return [*(["q"] if self.text else []), *self.chosen]

    @property
    def sort_labels(self) -> dict[str, str]:
        return {name: label for name, (label, _order) in self.sorts.items()}

    def has_text(self, text: str) -> Q:
        """True of objects in which every word occurs somewhere, accents and capitals aside."""
        passes = Q()
        for word in text.split()[:MAX_WORDS]:
            anywhere = Q()
            for name in self.text_in:
                anywhere |= Q(**{f"{name}__unaccent__icontains": word})
            for name, where in self.text_in_rows.items():  # a subquery each: in one query their rows would multiply
                found = self._meta.model.objects.filter(**{f"{name}__unaccent__icontains": word}, **where)
                anywhere |= Q(pk__in=found.order_by().values("pk"))
            passes &= anywhere
        return passes

    @classmethod
    @cache
    def values(cls) -> RawSQL:
        """The values of one object per facet."""
        model = cls._meta.model
        return written_once(model, **{facet.name: facet.values(model) for facet in cls.properties})

    @cached_property
    def rows(self) -> list[dict]:
        """All published objects in order: ``pk``, what each ``has`` per facet, and the names of the filters it
        ``fails``."""
        marks = {"q": self.has_text(self.text)} if self.text else {}
        for facet in self.properties:
            if facet.name in self.chosen:
                marks[facet.name] = facet.condition(self._meta.model, self.chosen[facet.name])
        _label, order = self.sorts[self.sort]
        rows = self.queryset.order_by(*order).values(
            "pk",
            has=self.values(),
            **{f"passes_{name}": ExpressionWrapper(mark, BooleanField()) for name, mark in marks.items()},
        )
        return [{**row, "fails": {name for name in marks if not row[f"passes_{name}"]}} for row in rows]

    @cached_property
    def matches(self) -> list[int]:
        """Keys of the objects that pass every filter."""
        return [row["pk"] for row in self.rows if not row["fails"]]

    @cached_property
    def others(self) -> list[int]:
        """Keys of the objects that do not."""
        return [row["pk"] for row in self.rows if row["fails"]]

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Choice]]]:
        """Every facet with its choices. A count says how many objects are left if only that choice were made in its
        facet, next to what is chosen in the others."""
        return [(facet, self._choices(facet)) for facet in self.properties]

    def _choices(self, facet: Facet) -> list[Choice]:
        titles: dict[str, str] = dict(facet.choices)
        if facet.always:
            titles = dict(facet.always.objects.values_list("slug", "title"))
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
        """When nothing is left: the filters that stand in the way alone, with how many results their removal gives."""
        if self.matches:
            return []
        alone = Counter(name for row in self.rows if len(row["fails"]) == 1 for name in row["fails"])
        labels = {"q": "het zoekwoord", **{facet.name: facet.label for facet in self.properties}}
        return [
            Chip(f"{labels[name]} ({count} {self.noun[count != 1]})", self.query_without(name))
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
        if self.sort != self.usual_sort:
            query["sorteer"] = self.sort
        return query.urlencode()
