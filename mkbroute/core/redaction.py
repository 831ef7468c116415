"""Taking mail addresses out of every text in the database, wherever somebody wrote them."""

import re

from django.apps import apps
from django.db import connection, models

GONE = "[…]"
"""What stands where an address stood: shorter than any address, so it fits wherever one did."""

NEVER_CHANGED = {"core.AuditEntry"}
"""Tables that only grow. What writes them keeps addresses out."""

PLAIN, JSON = ("varchar", "text"), ("jsonb",)
LENGTH = re.compile(r"\(\d+\)")


def take_out(addresses: set[str]) -> int:
    """Replace these addresses in every text and JSON column of every table. Returns in how many rows one stood.

    Part of a longer address is left alone. This reads the whole database, so it is for what happens seldom.
    """
    either = "|".join(re.escape(address) for address in sorted(addresses))
    # Of a text as JSON, a line ends in a backslash and a letter, which is no part of an address.
    pattern = rf"(?:(?<![\w.+-])|(?<=\\[bfnrt]))(?:{either})(?![\w-]|\.\w)"
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return sum(_take_out_of(cursor, model, pattern) for model in tables.values())


def _take_out_of(cursor, model: type[models.Model], pattern: str) -> int:
    quote = connection.ops.quote_name
    columns = {
        quote(field.column): kind
        for field in model._meta.local_concrete_fields
        if (kind := LENGTH.sub("", field.db_type(connection) or "")) in PLAIN + JSON and not field.generated
    }
    if not columns or not model._meta.managed or model._meta.label in NEVER_CHANGED:
        return 0
    as_text = {column: f"{column}::text" if kind in JSON else column for column, kind in columns.items()}
    changed = ", ".join(
        f"{column} = regexp_replace({as_text[column]}, %(pattern)s, %(gone)s, 'gi'){'::jsonb' if kind in JSON else ''}"
        for column, kind in columns.items()
    )
    found = " OR ".join(f"{text} ~* %(pattern)s" for text in as_text.values())
    update = f"UPDATE {quote(model._meta.db_table)} SET {changed} WHERE {found}"  # noqa: S608 -- quoted names of columns
    cursor.execute(update, {"pattern": pattern, "gone": GONE})
    return cursor.rowcount
