"""What partners may change of a pilot, as plain data: the same shape for the page, a draft, and a proposal.

The data of Wagtail's revisions (``serializable_data()``) hold everything; a *content* holds only what is named here, so that
nothing else can come along in a proposal. A row has a ``key``: the number of its row in the database, or a name of its own
while it has none. The penvoerder among the partners is no part of it: who that is, the team decides.
"""

from copy import deepcopy

from network.models import Organisation

from .models.choices import Role

TEXTS = ("title", "summary", "region_note", "llo_challenge")
FLAGS = ("nationwide",)
CHOSEN = ("target_groups", "themes")
ROWS = {
    "programmes": (
        *("title", "degree", "form", "form_note", "duration_years"),
        *("places", "entry", "rhythm", "costs", "start"),
    ),
    "partnerships": ("organisation", "role", "note"),
}

Content = dict
"""``{"title": …, "themes": [1, 2], "programmes": [{"key": "7", "title": …}], …}``"""


def content_of(data: dict, like: Content | None = None) -> Content:
    """What partners may change, taken from the data of a pilot.

    A row that was never saved has no number. It takes the key of the row of ``like`` that reads the same, if that has no
    other counterpart: a draft does not learn which number its new row got when an earlier version was published.
    """
    content: Content = {name: plain(data[name]) for name in (*TEXTS, *FLAGS)}
    content |= {name: sorted(data[name]) for name in CHOSEN}
    for relation, fields in ROWS.items():
        content[relation] = [
            {"key": key, **{field: plain(row.get(field)) for field in fields}}
            for key, row in _keyed(relation, data, like).items()
        ]
    return content


def written(data: dict, content: Content, like: Content | None = None) -> dict:
    """The data of a pilot with this content in it. What the content does not change stays as it is, to the byte."""
    present, data = content_of(data, like), deepcopy(data)
    for name in (*TEXTS, *FLAGS, *CHOSEN):
        if content[name] != present[name]:
            data[name] = content[name]
    for relation in ROWS:
        if content[relation] != present[relation]:
            data[relation] = _written_rows(relation, data, content, like)
    return data


def without_gone(content: Content) -> Content:
    """The content without partners that are not chosen yet or that left the register."""
    known = set(Organisation.objects.values_list("pk", flat=True))
    rows = [row for row in content["partnerships"] if row["organisation"] in known]
    return {**content, "partnerships": rows}


def drawable(content: Content) -> Content:
    """What can be drawn of a content that is perhaps not whole yet, for a preview."""
    programmes = [
        row if isinstance(row["duration_years"], int) else {**row, "duration_years": None}
        for row in content["programmes"]
    ]
    return {**without_gone(content), "programmes": programmes}


def plain(value):
    """A value as it is compared: line ends of one sort, and no space around a text."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def name_of(relation: str, row: dict) -> tuple:
    """By what two rows are recognised as the same thing."""
    return (row["organisation"], row["role"]) if relation == "partnerships" else (row["title"],)


def _keyed(relation: str, data: dict, like: Content | None) -> dict[str, dict]:
    """The rows of the data by key, in order."""
    rows = [row for row in data[relation] if row.get("role") != Role.LEAD]
    taken = {str(row["pk"]) for row in rows if row["pk"]}
    keyed = {}
    for number, row in enumerate(rows):
        key = str(row["pk"]) if row["pk"] else f"concept-{number}"
        if not row["pk"] and like:
            same = (one["key"] for one in like[relation] if name_of(relation, one) == name_of(relation, row))
            key = next((one for one in same if one not in taken), key)
            taken.add(key)
        keyed[key] = row
    return keyed


def _written_rows(relation: str, data: dict, content: Content, like: Content | None) -> list[dict]:
    before = _keyed(relation, data, like)
    rows = []
    for wanted in content[relation]:
        key = wanted["key"]
        row = before.get(key, {"pk": int(key) if key.isdigit() else None, "pilot": data["pk"]})
        changed = {field: wanted[field] for field in ROWS[relation] if plain(row.get(field)) != wanted[field]}
        rows.append({**row, **changed})
    for place, row in enumerate(data[relation]):
        if row.get("role") == Role.LEAD:
            rows.insert(place, row)
    return [{**row, "sort_order": place} for place, row in enumerate(rows)]
