"""Building blocks of running text; pilots, organisations and pages compose their story from these."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from mkbroute.core.footnotes import Footnotes
from mkbroute.core.models.sources import Source

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class SourceBlock(SnippetChooserBlock):
    """A source of the register. It is read when it is shown: a page fetches the sources of all its blocks at once, see
    ``sources_in``."""

    def __init__(self, **kwargs):
        super().__init__(Source, **{"label": "Bron", "help_text": "Kies uit het bronnenregister.", **kwargs})

    def to_python(self, value):
        return None if value is None else Source.from_db("default", ["id"], [value])

    def bulk_to_python(self, values):
        return [self.to_python(value) for value in values]


class ClaimBlock(blocks.StructBlock):
    """A sentence or two of running text that rest on sources: each is a footnote, listed at the end of the page."""

    text = blocks.RichTextBlock(label="Bewering", features=INLINE_FEATURES)
    sources = blocks.ListBlock(SourceBlock(), label="Bronnen", min_num=1, max_num=6)

    class Meta:
        icon = "clipboard-list"
        label = "Bewering met bron"
        template = "components/blocks/claim.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with the source they are taken from."""

    text = blocks.TextBlock(label="Citaat", rows=3)
    speaker = blocks.CharBlock(label="Wie zegt het", max_length=120, required=False)
    source = SourceBlock()

    class Meta:
        icon = "openquote"
        label = "Citaat"
        template = "components/blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    """A number with what it counts, when, and who says so."""

    about = blocks.CharBlock(
        label="Vooraf",
        max_length=30,
        required=False,
        help_text="Zoals: ongeveer, gemiddeld.",
    )
    value = blocks.CharBlock(label="Cijfer", max_length=20)
    unit = blocks.CharBlock(
        label="Wat telt het",
        max_length=160,
        help_text="Een zin die het cijfer afmaakt.",
    )
    as_of = blocks.CharBlock(label="Peildatum", max_length=60, help_text="Zoals: september 2021.")
    heading = blocks.CharBlock(label="Kop ernaast", max_length=120)
    text = blocks.RichTextBlock(label="Tekst ernaast", features=INLINE_FEATURES)
    source = SourceBlock()

    class Meta:
        icon = "order"
        label = "Cijfer met uitleg"
        template = "components/blocks/figure.html"


class PictureBlock(blocks.StructBlock):
    """An image of the library; a text for who cannot see it, or the word that it only decorates, is obligatory."""

    image = ImageBlock(label="Afbeelding")
    caption = blocks.CharBlock(label="Onderschrift", max_length=200, required=False)

    class Meta:
        icon = "image"
        label = "Afbeelding"
        template = "components/blocks/picture.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label="Titel van de tabel", max_length=160)
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label="Tekst", required=False))],
        label="Tabel",
        help_text="De eerste rij is de kop.",
    )
    source = SourceBlock(required=False)

    class Meta:
        icon = "table"
        label = "Tabel"
        template = "components/blocks/table.html"


class LinkBlock(blocks.StructBlock):
    """A link to a page of the site or to an address."""

    label = blocks.CharBlock(label="Tekst van de link", max_length=100)
    page = blocks.PageChooserBlock(label="Pagina", required=False)
    address = blocks.CharBlock(
        label="Of een adres",
        max_length=300,
        required=False,
        help_text="Begint met / voor een adres op deze site, of met https://.",
        validators=[RegexValidator(r"^(/|https://|#)", "Een adres begint met / of met https://.")],
    )
    note = blocks.CharBlock(label="Toelichting", max_length=200, required=False)

    def clean(self, value):
        value = super().clean(value)
        if bool(value.get("page")) == bool(value.get("address")):
            error = ValidationError("Kies een pagina of vul een adres in, een van de twee.")
            raise blocks.StructBlockValidationError(block_errors={"address": error})
        return value

    class Meta:
        icon = "link"
        label = "Link"


class CallToActionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label="Kop", max_length=120)
    text = blocks.CharBlock(label="Tekst", max_length=250, required=False)
    link = LinkBlock()

    class Meta:
        icon = "arrow-right"
        label = "Oproep"
        template = "components/blocks/call_to_action.html"


class RelatedBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label="Kop", max_length=120, default="Lees verder")
    links = blocks.ListBlock(LinkBlock(), label="Links", min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = "Lees verder"
        template = "components/blocks/related.html"


class StepsBlock(blocks.StructBlock):
    """An order in time, drawn as the route: a timeline or the steps somebody takes."""

    heading = blocks.CharBlock(label="Kop", max_length=120)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("name", blocks.CharBlock(label="Wanneer of wat", max_length=80)),
                (
                    "text",
                    blocks.CharBlock(label="Toelichting", max_length=250, required=False),
                ),
                ("source", SourceBlock(required=False)),
            ],
            label="Stap",
        ),
        label="Stappen",
        min_num=2,
    )
    current = blocks.IntegerBlock(
        label="Nummer van de huidige stap",
        required=False,
        min_value=1,
        help_text="Wat hierna komt, krijgt een stippellijn. Leeg: alles is achter de rug.",
    )

    class Meta:
        icon = "arrows-up-down"
        label = "Tijdlijn of stappen"
        template = "components/blocks/steps.html"


class WeekBlock(blocks.StructBlock):
    """A week of work and study as five stops, with the text that goes with it."""

    heading = blocks.CharBlock(label="Kop", max_length=120)
    work_days = blocks.IntegerBlock(label="Dagen werk", min_value=0, max_value=5)
    study_days = blocks.IntegerBlock(label="Dagen studie", min_value=0, max_value=5)
    text = blocks.RichTextBlock(label="Tekst", features=TEXT_FEATURES)
    sources = blocks.ListBlock(SourceBlock(), label="Bronnen", min_num=1)

    class Meta:
        icon = "calendar"
        label = "Een week"
        template = "components/blocks/week.html"


class BodyBlock(blocks.StreamBlock):
    """Running text of a page."""

    text = blocks.RichTextBlock(
        label="Tekst",
        features=TEXT_FEATURES,
        icon="pilcrow",
        template="components/blocks/text.html",
    )
    claim = ClaimBlock()
    quote = QuoteBlock()
    figure = FigureBlock()
    picture = PictureBlock()
    table = TableBlock()
    steps = StepsBlock()
    week = WeekBlock()
    call_to_action = CallToActionBlock()
    related = RelatedBlock()


def sources_in(body: blocks.StreamValue) -> Footnotes:
    """All sources that a body points at, in one query; for the context of the page, as ``sources``."""
    keys = {int(key) for _model, key, *_path in body.stream_block.extract_references(body) if _model is Source}
    return Footnotes(Source.objects.in_bulk(keys) if keys else {})
