"""What differs between two versions of a pilot, in words for people: for who proposes and for who decides."""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from mkbroute.core import privacy
from mkbroute.core.models import TargetGroup, Theme
from mkbroute.core.templatetags.portal import listed
from network.models import Organisation

from .content import CHOSEN, FLAGS, ROWS, TEXTS, Content
from .merging import ORDER, Spot
from .models.parts import Partnership, Programme
from .models.pilot import Pilot

ROW_MODELS: dict[str, type[models.Model]] = {"programmes": Programme, "partnerships": Partnership}
ALIKE = 0.3
"""Two texts less alike than this share their small words only; then all of it counts as changed."""


@dataclass(frozen=True)
class Change:
    """One thing that differs: where, what it was and what it becomes. ``is_new`` when it was not so the last time."""

    spot: Spot
    place: str
    before: str
    after: str
    is_new: bool = False

    @cached_property
    def diff(self) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
        """Both texts in pieces, each with whether it is only on its own side."""
        old, new = re.findall(r"\s*\S+", self.before), re.findall(r"\s*\S+", self.after)
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if not self.before or not self.after or matcher.ratio() < ALIKE:
            return _whole(self.before), _whole(self.after)
        gone, come = [], []
        for sort, i1, i2, j1, j2 in matcher.get_opcodes():
            gone.append(("".join(old[i1:i2]), sort != "equal"))
            come.append(("".join(new[j1:j2]), sort != "equal"))
        return _filled(gone), _filled(come)

    @property
    def marked(self) -> SafeString | None:
        """The new text with what looks like data of a person marked; None when there is none."""
        return privacy.marked(self.after) if privacy.find(self.after) else None


def _whole(text: str) -> list[tuple[str, bool]]:
    return [(text, True)] if text else []


def _filled(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return [(text, differs) for text, differs in pieces if text]


class Words:
    """The names of what a content points at by number, in three queries at most."""

    @cached_property
    def _names(self) -> dict[str, dict[int, str]]:
        lists = {"themes": Theme, "target_groups": TargetGroup, "organisation": Organisation}
        return {name: dict(model.objects.values_list("pk", "title")) for name, model in lists.items()}

    def value(self, field: models.Field, value) -> str:
        """A value as people read it; empty when there is none."""
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, list):
            return listed([self._names[field.name].get(pk, "?") for pk in value])
        if field.name == "organisation":
            return self._names["organisation"].get(value, "")
        if value and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return "" if value is None else str(value)

    def row_name(self, relation: str, row: dict) -> str:
        """What a row is called in a list."""
        first = ROWS[relation][0]
        return self.value(ROW_MODELS[relation]._meta.get_field(first), row[first]) or "zonder naam"

    def row(self, relation: str, row: dict) -> str:
        """All that is filled in of a row, a line for each."""
        fields = [(ROW_MODELS[relation]._meta.get_field(name), row[name]) for name in ROWS[relation]]
        pairs = [(capfirst(_label(field)), self.value(field, value)) for field, value in fields]
        return "\n".join(f"{label}: {value}" for label, value in pairs if value)

    def place(self, spot: Spot, *contents: Content) -> str:
        """Where a spot is, in words. The contents are those in which a row of it may be found."""
        if len(spot) == 1:
            return capfirst(Pilot._meta.get_field(spot[0]).verbose_name)
        relation, key, *field = spot
        names = ROW_MODELS[relation]._meta
        if key == ORDER:
            return f"Volgorde van de {names.verbose_name_plural}"
        row = next((row for content in contents for row in content[relation] if row["key"] == key), None)
        name = (
            f"{capfirst(names.verbose_name)} ‘{self.row_name(relation, row)}’" if row else capfirst(names.verbose_name)
        )
        return f"{name}: {_label(names.get_field(field[0]))}" if field else name


def _label(field: models.Field) -> str:
    """What a field of a row is called; the title of a programme is called after the programme."""
    return "naam" if field.name == "title" else str(field.verbose_name)


def differences(before: Content, after: Content, *, since: Content | None = None) -> list[Change]:
    """All changes from one version to another, in the order of the form.

    ``since`` is the version that was judged before; what is not as it was then is marked ``is_new``.
    """
    words, found = Words(), []
    for name in (*TEXTS, *FLAGS, *CHOSEN):
        if before[name] != after[name]:
            field = Pilot._meta.get_field(name)
            pair = words.value(field, before[name]), words.value(field, after[name])
            found.append(Change((name,), words.place((name,)), *pair))
    for relation in ROWS:
        found += _row_changes(relation, before, after, words)
    if since is None:
        return found
    known = {(change.spot, change.after) for change in differences(before, since)}
    return [replace(change, is_new=(change.spot, change.after) not in known) for change in found]


def _row_changes(relation: str, before: Content, after: Content, words: Words) -> list[Change]:
    old, new = ({row["key"]: row for row in content[relation]} for content in (before, after))
    found = []
    for key, row in new.items():
        place = words.place((relation, key), after)
        if key not in old:
            found.append(Change((relation, key), f"{place} komt erbij", "", words.row(relation, row)))
            continue
        for name in ROWS[relation]:
            if old[key][name] != row[name]:
                field = ROW_MODELS[relation]._meta.get_field(name)
                pair = words.value(field, old[key][name]), words.value(field, row[name])
                spot = (relation, key, name)
                found.append(Change(spot, words.place(spot, before), *pair))
    for key, row in old.items():
        if key not in new:
            place = words.place((relation, key), before)
            found.append(Change((relation, key), f"{place} gaat weg", words.row(relation, row), ""))
    stay = [[key for key in one if key in other] for one, other in ((old, new), (new, old))]
    if stay[0] != stay[1]:
        lists = (
            "\n".join(f"{n}. {words.row_name(relation, row)}" for n, row in enumerate(rows, 1))
            for rows in ([old[key] for key in stay[0]], [new[key] for key in stay[1]])
        )
        found.append(Change((relation, ORDER), words.place((relation, ORDER)), *lists))
    return found


def places(spots: list[Spot], *contents: Content) -> str:
    """Spots as an enumeration: "samenvatting en week van de opleiding"."""
    words = Words()
    return listed(list(dict.fromkeys(words.place(spot, *contents) for spot in spots)))


def described(content: Content) -> list[tuple[str, str]]:
    """All of a content as pairs of a label and what stands there."""
    words = Words()
    fields = [Pilot._meta.get_field(name) for name in (*TEXTS, *FLAGS, *CHOSEN)]
    pairs = [(capfirst(field.verbose_name), words.value(field, content[field.name])) for field in fields]
    for relation in ROWS:
        label = capfirst(ROW_MODELS[relation]._meta.verbose_name)
        pairs += [(label, words.row(relation, row)) for row in content[relation]]
    return pairs
