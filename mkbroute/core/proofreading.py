"""The check before publishing: what stops a page, and what would make it better.

Every rule takes a piece of the page (see ``reading``) and says in Dutch what is wrong with it. Errors stop publication and
review; advice does not. A draft can always be saved.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from mkbroute.core.addresses import NOT_PUBLISHED, Addresses, is_address
from mkbroute.core.reading import Heading, Link, Picture, Piece, Text, WithoutSource, read

MAX_WORDS = 25
EMPTY_WORDS = {"hier", "klik", "klik hier", "lees meer", "lees verder", "link", "deze link", "meer", "meer info"}
"""Texts of a link that say nothing to who hears only the links of a page."""
AMOUNT = re.compile(r"\d\s?(%|procent\b)|€\s?\d|\d\s?(euro|miljoen|miljard)\b", re.IGNORECASE)
LIST_OF_SOURCES = re.compile(r"Bron(nen)?:")


class Level(Enum):
    """What a finding does: an error stops publication, advice does not."""

    ERROR = "fout"
    ADVICE = "advies"


@dataclass(frozen=True)
class Finding:
    """Something in a page to mend or to better, and where it stands."""

    level: Level
    place: str
    message: str

    def __str__(self):
        return f"{self.place}: {self.message}"


class NotReady(Exception):
    """Raised when somebody publishes or sends in a page with errors. Nothing was published."""

    def __init__(self, instance: models.Model, errors: list[Finding]):
        self.instance, self.errors = instance, errors
        super().__init__(f"{instance}: {'; '.join(map(str, errors))}")

    @property
    def message(self) -> SafeString:
        """What the editor reads, with every place."""
        return format_html(
            "‘{}’ is nog niet gepubliceerd of ingediend. Uw concept is bewaard. Herstel eerst dit:<ul>{}</ul>",
            self.instance,
            format_html_join("", "<li>{}</li>", ((str(error),) for error in self.errors)),
        )


class Proofread:
    """For a model with drafts, before Wagtail's classes: nobody publishes a version with errors, by whatever road.

    The clock, which has no user, publishes what was without errors when it was planned.
    """

    def publish(self, revision, user=None, **options):
        """Publish or plan a version. Raises NotReady."""
        if user:
            require_ready(revision.as_object())
        return super().publish(revision, user=user, **options)

    def findings_of_its_own(self) -> list[Finding]:
        """What a model knows of this version that cannot be read from its page."""
        return []


def require_ready(instance: models.Model) -> None:
    """Raise NotReady when this version of an object has errors."""
    if found := errors(proofread(instance)):
        raise NotReady(instance, found)


def proofread(instance: models.Model, addresses: Addresses | None = None) -> list[Finding]:
    """All findings in a version of an object, errors first, each kind in the order of the page."""
    addresses = addresses or Addresses()
    pieces = list(read(instance))
    found = [
        Finding(level, piece.place, message)
        for piece in pieces
        for kind, level, rule in RULES
        if isinstance(piece, kind)
        for message in rule(piece)
    ]
    found += [
        _about_target(piece, problem)
        for piece in pieces
        if isinstance(piece, Link) and not _leads_to(instance, piece) and (problem := addresses.problem(piece))
    ]
    if isinstance(instance, Proofread):
        found += instance.findings_of_its_own()
    if getattr(instance, "needs_summary", False) and not instance.summary.strip():
        found.append(Finding(Level.ERROR, "Samenvatting", "vul in een of twee zinnen in waar dit over gaat."))
    if hasattr(instance, "review_on") and instance.review_on is None:
        found.append(Finding(Level.ADVICE, "Beheer", "kies een datum waarop u de pagina weer nakijkt."))
    return [*errors(found), *advice(found)]


def _about_target(link: Link, problem: str) -> Finding:
    """A link to what is not published yet is advice: of two new pages that lead to each other one has to be first."""
    if problem == NOT_PUBLISHED:
        return Finding(Level.ADVICE, link.place, f"de link ‘{link.label}’ leidt naar iets dat {problem}.")
    return Finding(Level.ERROR, link.place, f"de link ‘{link.label}’ is dood: {problem}.")


def _leads_to(instance: models.Model, link: Link) -> bool:
    """Whether a link on a page leads to that page itself, which visitors can follow as soon as it is published."""
    if instance.pk is None:
        return False
    if link.chosen:
        model, key = link.chosen
        return isinstance(instance, model) and key == instance.pk
    path = re.split("[?#]", link.address)[0].removeprefix(settings.SITE_URL)
    return bool(path) and path.rstrip("/") == instance.get_absolute_url().rstrip("/")


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.ERROR]


def advice(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.ADVICE]


# --- Rules: each takes a piece and gives messages -----------------------------------------------------------


def picture_has_words(picture: Picture) -> list[str]:
    if picture.words or picture.is_decorative:
        return []
    return ["beschrijf wat er op de afbeelding staat, of geef aan dat zij alleen decoratief is."]


def heading_follows(heading: Heading) -> list[str]:
    if heading.level <= heading.above + 1:
        return []
    return [f"na kop {heading.above} komt kop {heading.above + 1}, maar hier staat kop {heading.level}."]


def link_is_whole(link: Link) -> list[str]:
    if not link.label:
        return [f"de link naar {link.address or 'een pagina'} heeft geen tekst."]
    if link.chosen:
        return []
    if link.address in {"", "#"}:
        return [f"de link ‘{link.label}’ leidt nergens heen."]
    return [] if is_address(link.address) else [f"de link ‘{link.label}’: een adres begint met / of https://."]


def claim_has_source(claim: WithoutSource) -> list[str]:
    return [f"bij ‘{claim.name}’ hoort een bron."]


def link_says_where_to(link: Link) -> list[str]:
    if link.label.lower().strip(" .:>»→…") not in EMPTY_WORDS:
        return []
    return [f"de link ‘{link.label}’ zegt niet waar hij heen gaat. Noem wat de bezoeker daar vindt."]


def sentences_are_short(text: Text) -> list[str]:
    return [
        f"deze zin heeft {len(sentence.split())} woorden; maak er hoogstens {MAX_WORDS} van: ‘{_start(sentence)}’"
        for sentence in long_sentences(text.text)
        if not text.is_quote
    ]


def numbers_have_sources(text: Text) -> list[str]:
    if text.has_source:
        return []
    return [
        f"waar komt dit getal vandaan? Zet er een bron bij: ‘{_start(sentence)}’"
        for sentence in sentences(text.text)
        if AMOUNT.search(sentence)
    ]


RULES: list[tuple[type[Piece], Level, Callable[..., list[str]]]] = [
    (Picture, Level.ERROR, picture_has_words),
    (Heading, Level.ERROR, heading_follows),
    (Link, Level.ERROR, link_is_whole),
    (WithoutSource, Level.ERROR, claim_has_source),
    (Link, Level.ADVICE, link_says_where_to),
    (Text, Level.ADVICE, sentences_are_short),
    (Text, Level.ADVICE, numbers_have_sources),
]


# --- Sentences ----------------------------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    """The sentences of a text or HTML; a paragraph or an item of a list ends one, and a list of sources is none."""
    plain = re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h[1-6])>|<br/?>", "\n", text))
    parts = (part.strip() for part in re.split(r"(?<=[.!?])\s|\n", plain))
    return [part for part in parts if part and not LIST_OF_SOURCES.match(part)]


def long_sentences(text: str) -> list[str]:
    """The sentences of a text that are too long to be read at ease."""
    return [sentence for sentence in sentences(text) if len(sentence.split()) > MAX_WORDS]


def _start(sentence: str) -> str:
    return Truncator(sentence).words(8, truncate=" …")
