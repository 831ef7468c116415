"""Three versions of a pilot become one: what they changed since the version both started from, done to ours."""

from collections import Counter

from .content import CHOSEN, FLAGS, ROWS, TEXTS, Content, name_of

Spot = tuple[str, ...]
"""Where something stands: ``("summary",)``, ``("programmes", "7", "rhythm")``, or ``("programmes", "7")`` for a whole row."""

ORDER = "volgorde"


def merge(*, base: Content, theirs: Content, ours: Content) -> tuple[Content, list[Spot]]:
    """Ours with what they changed since ``base``, and the spots both changed, each in another way. There ours stays."""
    merged, conflicts = dict(ours), []
    for name in (*TEXTS, *FLAGS):
        merged[name] = _value((name,), base[name], theirs[name], ours[name], conflicts)
    for name in CHOSEN:
        before, they, we = set(base[name]), set(theirs[name]), set(ours[name])
        merged[name] = sorted((we - (before - they)) | (they - before))
    for relation in ROWS:
        merged[relation] = _rows(relation, base[relation], theirs[relation], ours[relation], conflicts)
    return merged, conflicts


def _value(spot: Spot, base, theirs, ours, conflicts: list[Spot]):
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    conflicts.append(spot)
    return ours


def _rows(relation: str, base: list, theirs: list, ours: list, conflicts: list[Spot]) -> list[dict]:
    before = {row["key"]: row for row in base}
    ours, theirs = _aligned(relation, ours, theirs, before), _aligned(relation, theirs, ours, before)
    they, we = ({row["key"]: row for row in rows} for rows in (theirs, ours))
    kept: dict[str, dict] = {}
    for key in {**we, **they}:
        if key in before:
            if row := _old_row(relation, before[key], they.get(key), we.get(key), conflicts):
                kept[key] = row
        else:
            kept[key] = we.get(key) or they[key]
            if they.get(key, kept[key]) != kept[key]:  # both added it, each in another way
                conflicts.append((relation, key))
    if relation == "partnerships":  # the database lets an organisation in once in each role
        twice = Counter(name_of(relation, row) for row in kept.values())
        conflicts += [
            (relation, key) for key, row in kept.items() if key not in we and twice[name_of(relation, row)] > 1
        ]
    return [kept[key] for key in _order(relation, list(before), list(they), list(we), kept, conflicts)]


def _aligned(relation: str, rows: list[dict], others: list[dict], before: dict) -> list[dict]:
    """The rows, in which one that has no number yet takes that of the row the other side added under the same name."""
    free = {row["key"]: name_of(relation, row) for row in others if row["key"].isdigit() and row["key"] not in before}
    aligned = []
    for row in rows:
        same = [key for key, name in free.items() if name == name_of(relation, row)]
        if same and not row["key"].isdigit():
            del free[same[0]]
            row = {**row, "key": same[0]}
        aligned.append(row)
    return aligned


def _old_row(relation: str, base: dict, theirs: dict | None, ours: dict | None, conflicts: list[Spot]) -> dict | None:
    """A row that was there when both started; None when it goes."""
    spot = (relation, base["key"])
    if theirs and ours:
        values = {
            field: _value((*spot, field), base[field], theirs[field], ours[field], conflicts)
            for field in ROWS[relation]
        }
        return {"key": base["key"], **values}
    left = theirs or ours
    if left and left != base:  # one took it away, the other changed it
        conflicts.append(spot)
        return ours
    return None


def _order(relation: str, base: list, theirs: list, ours: list, kept: dict, conflicts: list[Spot]) -> list[str]:
    """The keys of the rows that stay. Whoever moved rows leads; a row only the other has comes after the one it followed."""
    they_moved, we_moved = _common(base, theirs) != _common(theirs, base), _common(base, ours) != _common(ours, base)
    if they_moved and we_moved and _common(theirs, ours) != _common(ours, theirs):
        conflicts.append((relation, ORDER))
    leading, other = (theirs, ours) if they_moved and not we_moved else (ours, theirs)
    keys = [key for key in leading if key in kept]
    previous = None
    for key in other:
        if key in kept and key not in keys:
            keys.insert(keys.index(previous) + 1 if previous else 0, key)
        previous = key if key in keys else previous
    return keys


def _common(keys: list[str], others: list[str]) -> list[str]:
    return [key for key in keys if key in others]
