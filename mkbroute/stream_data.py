"""Running text in a content file, as Wagtail's blocks want it.

A list of blocks, each a name with its content; the names are those of ``core.blocks.BodyBlock``::

    - text: "<h2>Kop</h2><p>Tekst</p>"
    - quote: {text: ..., speaker: ..., source: key-of-the-source}
    - table: {caption: ..., header: [a, b], rows: [[1, 2], [3, 4]], source: null}

Pictures and chosen pages are for the admin.
"""

from collections.abc import Callable
from html.parser import HTMLParser

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.base import get_error_json_data
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from mkbroute.content_files import Mapping
from mkbroute.core.blocks import TableBlock

TAGS = {"bold": {"b"}, "italic": {"i"}, "ol": {"ol", "li"}, "ul": {"ul", "li"}, "link": {"a"}}
"""The HTML of a feature of a rich text block; of the others the tag has the name of the feature."""


def stream_data(block: blocks.StreamBlock, value, item: Mapping, find: Callable) -> blocks.StreamValue:
    """The checked value of a StreamField; ``find(model, key, item, name)`` gives the object with that key.

    Raises ContentError for an unknown block or field and for a value that the block does not accept.
    """
    checked = []
    for entry in _list(value, item):
        if not isinstance(entry, Mapping) or len(entry) != 1:
            raise item.error("een blok is een naam met inhoud, zoals '- text: ...'.")
        ((name, content),) = entry.items()
        child = _child(block, name, entry)
        try:
            checked.append((name, child.clean(child.to_python(_raw(child, content, entry, find)))))
        except ValidationError as error:
            raise entry.error(f"{name}: {'; '.join(_reasons(get_error_json_data(error)))}") from error
    return blocks.StreamValue(block, checked)


def _raw(block: blocks.Block, value, item: Mapping, find: Callable):
    """The value as the block stores it in JSON."""
    if isinstance(block, blocks.StructBlock):
        if not isinstance(value, Mapping):
            raise item.error(f"bij '{block.name}' horen velden.")
        parts = _with_table(value) if isinstance(block, TableBlock) else value
        return {name: _raw(_child(block, name, value), part, value, find) for name, part in parts.items()}
    if isinstance(block, blocks.ListBlock):
        return [_raw(block.child_block, part, item, find) for part in _list(value, item)]
    if isinstance(block, TypedTableBlock):
        return value
    if isinstance(value, list | dict):
        raise item.error(f"bij '{block.name}' hoort een enkele waarde.", block.name)
    if isinstance(block, SnippetChooserBlock):
        return value and find(block.target_model, value, item, block.name).pk
    if isinstance(block, blocks.ChooserBlock):
        raise item.error(f"'{block.name}' kiest u in het beheer, niet in een bestand.", block.name)
    if isinstance(block, blocks.RichTextBlock):
        _check_html(block, value, item)
    return value


def _child(block: blocks.BaseStructBlock | blocks.BaseStreamBlock, name: str, item: Mapping) -> blocks.Block:
    if name not in block.child_blocks:
        raise item.error(f"onbekend blok of veld '{name}'.", name)
    return block.child_blocks[name]


def _list(value, item: Mapping) -> list:
    if not isinstance(value, list):
        raise item.error("hier hoort een lijst.")
    return value


def _with_table(value: Mapping) -> dict:
    """``header`` and ``rows`` of a content file as the one field of the block."""
    header, rows = (_list(value.get(name), value) for name in ("header", "rows"))
    for row in rows:
        if len(_list(row, value)) != len(header):
            raise value.error("elke rij heeft evenveel cellen als de kop.", "rows")
    return {
        **{name: part for name, part in value.items() if name not in ("header", "rows")},
        "table": {
            "columns": [{"type": "text", "heading": str(heading)} for heading in header],
            "rows": [{"values": [str(cell) for cell in row]} for row in rows],
        },
    }


class _Tags(HTMLParser):
    """Collects the tags of a text, each with its attributes."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def _check_html(block: blocks.RichTextBlock, value, item: Mapping) -> None:
    """Only what an editor could have made: no scripts, styles or tags that the editor would drop."""
    allowed = {"p", "br"}.union(*(TAGS.get(feature, {feature}) for feature in block.features))
    for tag, attributes in _Tags(str(value)).found:
        if tag not in allowed:
            raise item.error(f"<{tag}> kan hier niet; wel {', '.join(sorted(allowed))}.", block.name)
        address = attributes.pop("href", "/")
        if attributes or not (address or "").startswith(("/", "#", "https://")):
            raise item.error(f"<{tag}> mag alleen een href hebben, met /, # of https://.", block.name)


def _reasons(error: dict, path: str = "") -> list[str]:
    """The messages of Wagtail's nested errors, each with the names that lead to it."""
    reasons = [path + message for message in error.get("messages", [])]
    for name, nested in error.get("blockErrors", {}).items():
        reasons += _reasons(nested, f"{path}{name}: ")
    return reasons
