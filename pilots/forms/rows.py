"""Rows in a form that works without script: a button sends all that was typed, and the form is drawn again."""

from pilots.content import ROWS, Content


def empty_row(relation: str, content: Content) -> dict:
    """A new row, under a key that no row has."""
    taken = {row["key"] for row in content[relation]}
    key = next(key for number in range(1, len(taken) + 2) if (key := f"nieuw-{number}") not in taken)
    return {"key": key, **dict.fromkeys(ROWS[relation], "")}


def is_empty(row: dict) -> bool:
    """Whether nothing was typed in it."""
    return not any(value for name, value in row.items() if name != "key")


def press(button: str, content: Content, base: Content) -> str | None:
    """Do what the button of a row says, such as ``weg:programmes:7``, to the content.

    Returns the id of the place that gets the focus, or None when it was no such button.
    """
    verb, relation, key = [*button.split(":"), "", ""][:3]
    if verb not in BUTTONS or relation not in ROWS:
        return None
    number = BUTTONS[verb](content[relation], key, base[relation], empty_row(relation, content))
    return relation if number is None else f"{relation}-{number}"


def _add(rows: list[dict], key: str, base: list[dict], new: dict) -> int:
    rows.append(new)
    return len(rows) - 1


def _remove(rows: list[dict], key: str, base: list[dict], new: dict) -> None:
    rows[:] = [row for row in rows if row["key"] != key]


def _put_back(rows: list[dict], key: str, base: list[dict], new: dict) -> int:
    present = {row["key"] for row in rows}
    rows.extend(row for row in base if row["key"] == key and key not in present)
    return max(len(rows) - 1, 0)


def _move(step: int):
    def move(rows: list[dict], key: str, base: list[dict], new: dict) -> int | None:
        at = next((number for number, row in enumerate(rows) if row["key"] == key), None)
        if at is None:
            return None
        to = min(max(at + step, 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        return to

    return move


BUTTONS = {"erbij": _add, "weg": _remove, "terug": _put_back, "omhoog": _move(-1), "omlaag": _move(1)}
