"""What stands on a page, read from its fields, its rows and its blocks: texts, headings, links, pictures and figures.

Whoever checks a page or collects its links reads it here, so both see the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.db import models
from django.utils.text import capfirst
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from mkbroute.core.models.images import IllustratedMixin
from mkbroute.core.models.sources import Source

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


@dataclass(frozen=True)
class Text:
    """Running text, perhaps with HTML in it. ``has_source`` tells whether a source stands with it; ``is_quote`` whether
    these are somebody's words."""

    place: str
    text: str
    has_source: bool = False
    is_quote: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading in a text; ``above`` is the level of the one before it, 1 being the title of the page."""

    place: str
    level: int
    above: int


@dataclass(frozen=True)
class Link:
    """A link: to an ``address``, or to something ``chosen``, which is a model and a key."""

    place: str
    label: str
    address: str = ""
    chosen: tuple[type[models.Model], int] | None = None


@dataclass(frozen=True)
class Picture:
    """A picture with what it says to who cannot see it."""

    place: str
    words: str
    is_decorative: bool


@dataclass(frozen=True)
class WithoutSource:
    """A figure, quote or claim that needs a source and has none."""

    place: str
    name: str


Piece = Text | Heading | Link | Picture | WithoutSource


def read(instance: models.Model) -> Iterator[Piece]:
    """Everything an editor put on the page of ``instance``, in the order of its fields; its rows come last."""
    rows = list(_rows(instance)) if isinstance(instance, ClusterableModel) else []
    has_source = _points_at_source(instance) or any(_points_at_source(row) for _name, row in rows)
    yield from _read_fields(instance, "", has_source)
    for name, row in rows:
        yield from _read_fields(row, name, has_source)


def _rows(instance: ClusterableModel) -> Iterator[tuple[str, models.Model]]:
    """The rows of an object, each with a name such as "Opleiding 2"."""
    for relation in get_all_child_relations(type(instance)):
        if relation.related_model._meta.app_label != "wagtailcore":  # remarks of editors to each other
            for number, row in enumerate(getattr(instance, relation.get_accessor_name()).all(), 1):
                yield f"{capfirst(row._meta.verbose_name)} {number}", row


def _points_at_source(instance: models.Model) -> bool:
    keys = (field for field in instance._meta.concrete_fields if field.related_model is Source)
    lists = (
        field
        for field in instance._meta.many_to_many
        if field.related_model is Source and isinstance(field, ParentalManyToManyField)
    )
    return any(getattr(instance, key.attname) for key in keys) or any(
        getattr(instance, relation.name).exists() for relation in lists
    )


def _read_fields(instance: models.Model, row: str, has_source: bool) -> Iterator[Piece]:
    private, above = getattr(instance, "private_fields", ()), getattr(instance, "heading_above_text", 1)
    for column in instance._meta.concrete_fields:
        value = getattr(instance, column.attname)
        if not column.editable or not value or column.name in private:
            continue
        name = str(column.verbose_name)
        place = f"{row}, {name}" if row else capfirst(name)
        if isinstance(column, StreamField):
            yield from Reader(has_source, level=above).read(column.stream_block, value, place)
        elif isinstance(column, RichTextField):
            yield from Reader(has_source, level=above).read_html(value, place)
        elif isinstance(column, models.URLField):
            yield Link(place, capfirst(name), value)
        elif column.name == "doi":
            yield Link(place, name, f"https://doi.org/{value}")
        elif _is_prose(column):
            yield Text(place, value, has_source)
    if isinstance(instance, IllustratedMixin) and instance.image_id:
        yield Picture("Afbeelding", instance.image_alt, instance.image_decorative)


def _is_prose(column: models.Field) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField) and not column.choices
    return is_text and not isinstance(column, models.SlugField | models.EmailField)


@dataclass
class Reader:
    """Reads one text from top to bottom, and remembers the level of the last heading."""

    has_source: bool
    is_quote: bool = False
    level: int = 1

    def read(self, block: blocks.Block, value, place: str) -> Iterator[Piece]:
        """What stands in a block. ``place`` is where that is, such as "Verhaal, blok 3 (Tekst)"."""
        if isinstance(block, ImageBlock):
            if value:
                yield Picture(place, value.contextual_alt_text or "", bool(value.decorative))
        elif isinstance(block, blocks.StreamBlock):
            for number, child in enumerate(value, 1):
                yield from self.read(child.block, child.value, f"{place}, blok {number} ({child.block.label})")
        elif isinstance(block, blocks.ListBlock):
            for number, item in enumerate(value, 1):
                name = str(block.child_block.label or block.label).lower()
                yield from self.read(block.child_block, item, f"{place}, {name} {number}")
        elif isinstance(block, blocks.StructBlock):
            is_link = block.child_blocks.keys() >= {"label", "page", "address"}
            yield from self._read_link(value, place) if is_link else self._read_struct(block, value, place)
        elif isinstance(block, TypedTableBlock):
            yield from self._read_table(value, place)
        elif not value:
            return
        elif isinstance(block, blocks.RichTextBlock):
            yield from self.read_html(value.source, place)
        elif isinstance(block, blocks.URLBlock):
            yield Link(place, value, value)
        elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
            yield Text(place, value, self.has_source, self.is_quote)
        elif isinstance(block, blocks.ChooserBlock) and not _is_for_sources(block):
            yield Link(place, str(value), chosen=(block.target_model, value.pk))

    def _read_struct(self, block: blocks.StructBlock, value, place: str) -> Iterator[Piece]:
        sources = {name: child for name, child in block.child_blocks.items() if _is_for_sources(child)}
        given = any(_are_given(value.get(name)) for name in sources)
        if not given and any(_is_required(child) for child in sources.values()):
            yield WithoutSource(place, str(block.label))
        if value.get("heading"):
            yield Heading(place, 2, self.level)
            self.level = 2
        outside = self.has_source, self.is_quote
        self.has_source = self.has_source or given
        self.is_quote = "speaker" in block.child_blocks
        for name, child in block.child_blocks.items():
            if name not in sources:
                yield from self.read(child, value.get(name), f"{place}, {str(child.label).lower()}")
        self.has_source, self.is_quote = outside

    def _read_link(self, value, place: str) -> Iterator[Piece]:
        page = value.get("page")
        chosen = (Page, page.pk) if page else None
        yield Link(place, value.get("label") or "", value.get("address") or "", chosen)
        if value.get("note"):
            yield Text(place, value["note"], self.has_source)

    def _read_table(self, value, place: str) -> Iterator[Piece]:
        for number, row in enumerate(value.rows if value else [], 1):
            for cell in row:
                yield from self.read(cell.block, cell.value, f"{place}, rij {number}")

    def read_html(self, html: str, place: str) -> Iterator[Piece]:
        """What stands in rich text: its headings and links in their order, then the text itself."""
        for tag in BeautifulSoup(html, "html.parser").find_all([*HEADINGS, "a"]):
            if tag.name == "a":
                yield Link(place, tag.get_text().strip(), tag.get("href", ""), _chosen(tag.attrs))
            else:
                level = int(tag.name[1])
                yield Heading(place, level, self.level)
                self.level = level
        yield Text(place, html, self.has_source, self.is_quote)


def _chosen(attributes: dict[str, str]) -> tuple[type[models.Model], int] | None:
    """What the attributes of a link in rich text choose; None for a link to an address."""
    kinds = {"page": Page, "document": get_document_model()}
    model = kinds.get(attributes.get("linktype"))
    return (model, int(attributes["id"])) if model and attributes.get("id", "").isdecimal() else None


def _is_for_sources(block: blocks.Block) -> bool:
    child = block.child_block if isinstance(block, blocks.ListBlock) else block
    return isinstance(child, blocks.ChooserBlock) and child.target_model is Source


def _are_given(chosen) -> bool:
    """Whether a source was chosen. A list of them that is new has one empty place."""
    return any(chosen) if isinstance(chosen, blocks.list_block.ListValue) else bool(chosen)


def _is_required(block: blocks.Block) -> bool:
    return bool(block.meta.min_num) if isinstance(block, blocks.ListBlock) else block.required
