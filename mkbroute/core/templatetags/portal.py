"""Template tags every template may use without loading them."""

import json
import re
from collections.abc import Iterable

import pyphen
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mkbroute.core import privacy
from mkbroute.core.markdown import drawn
from mkbroute.core.models import Decision, Source

register = template.Library()

UNKNOWN = "nog niet bekend"
DICTIONARY = pyphen.Pyphen(lang="nl_NL", left=5, right=7)
WORDS = re.compile(r"(\W+)")
SHORT_BEFORE_HYPHEN = re.compile(r"(?<=\b\w{3})-(?=\w{1,8}\b)")


@register.filter
def known(value) -> str:
    """The value, or "nog niet bekend" in the style of what is unknown; for ``dd`` and running text alike."""
    if value not in (None, ""):
        return value
    return format_html('<span class="unknown">{}</span>', UNKNOWN)


@register.filter
def markdown(text: str) -> SafeString:
    """What a partner wrote, as safe HTML."""
    return drawn(text)


@register.filter
def listed(items: Iterable) -> str:
    """Words as a Dutch enumeration: "a", "a en b", "a, b en c"."""
    *most, last = [str(item) for item in items] or [""]
    return f"{', '.join(most)} en {last}" if most else last


@register.filter
def counted(number: int, forms: str) -> str:
    """A number with its noun: ``{{ 1|counted:"pilot,pilots" }}`` is "1 pilot"."""
    singular, plural = forms.split(",")
    return f"{number} {singular if number == 1 else plural}"


@register.filter
def live(items: Iterable) -> list:
    """Of objects with a page of their own, those that a visitor may see."""
    return [item for item in items if item.live]


@register.filter
def heading(columns: list[dict], number: int) -> str:
    """The heading of a column of a table, by its number from 0."""
    return columns[number]["heading"]


@register.filter
def days(number: int) -> range:
    """So many turns of a loop."""
    return range(number)


@register.filter
def hyphenated(text: str) -> str:
    """The text with soft hyphens in its long words, so that Dutch compounds break where Dutch lets them.

    A word joiner keeps a short word such as "mkb-route" in one piece.
    """
    kept = SHORT_BEFORE_HYPHEN.sub("-\u2060", str(text))
    return "".join(
        DICTIONARY.inserted(part, "\u00ad") if len(part) > 10 and part.isalpha() else part for part in WORDS.split(kept)
    )


@register.filter
def get(mapping: dict, key):
    """``mapping[key]``, or None."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def current(context, path: str, *also: str) -> str:
    """``aria-current`` for a link to ``path``: "page" on that page itself, "true" on the pages below it or below ``also``."""
    request = context.get("request")
    here = request.path if request else ""
    if here == path:
        return SafeString(' aria-current="page"')
    return SafeString(' aria-current="true"') if path != "/" and here.startswith((path, *also)) else ""


@register.simple_tag(takes_context=True)
def address(context, path: str | None = None) -> str:
    """The full address of a path, or of the page itself without its query string: for canonical links and Open Graph."""
    request = context.get("request")
    return settings.SITE_URL + (path if path is not None else request.path if request else "/")


@register.simple_tag
def json_ld(data: dict) -> str:
    """Structured data for search engines: a data block, which a browser never runs."""
    text = json.dumps({"@context": "https://schema.org", **_known_only(data)}, ensure_ascii=False)
    # Inside a script element only these three could end it or start a comment.
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


def _known_only(data: dict) -> dict:
    """The data without what is empty, at every depth."""
    known = {key: _known_only(value) if isinstance(value, dict) else value for key, value in data.items()}
    return {key: value for key, value in known.items() if value not in (None, "", [], {})}


@register.simple_tag(takes_context=True)
def crumbs_json_ld(context) -> str:
    """The breadcrumb of the page (``crumbs``: pairs of title and path, the page itself last) as structured data."""
    items = [("Home", "/"), *context.get("crumbs", [])]
    return json_ld(
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": n, "name": str(title), "item": settings.SITE_URL + path}
                for n, (title, path) in enumerate(items, 1)
            ],
        }
    )


@register.filter
def reference(source: Source) -> str:
    """A source in one line: title, where it is, what sort it is and when."""
    title = format_html('<a href="{}" rel="external">{}</a>', source.url, source.title) if source.url else source.title
    publisher = f", {source.publisher}" if source.publisher else ""
    return format_html("{}{} ({}, {})", title, publisher, source.get_kind_display(), source.shown_date)


@register.inclusion_tag("components/sources.html", takes_context=True)
def cite(context, *sources: Source | Iterable[Source] | None):
    """The sources under a figure, quote or claim, each once, with its date.

    A page that knows its sources (``sources`` in the context, by key) spares a query per block.
    """
    found = context.get("sources") or {}
    flat = [one for item in sources for one in ([item] if item is None or isinstance(item, Source) else item) if one]
    # Of a block there is only the key; a source that is gone since is not found among those of the page.
    known = {one.pk: found.get(one.pk, one) for one in flat if one.pk in found or "title" in one.__dict__}
    return {"sources": list(known.values())}


@register.inclusion_tag("components/footnote_marks.html", takes_context=True)
def footnote_marks(context, sources: Iterable[Source]):
    """The numbers behind a claim, each a link to its source in the list at the end of the page.

    The page has a ``Footnotes`` as ``sources`` in its context; a source that is gone since has no number.
    """
    footnotes = context["sources"]
    return {"marks": [footnotes.mark(source) for source in sources if source and source.pk in footnotes]}


@register.simple_tag
def step_sources(steps) -> list[Source]:
    """The sources of the steps of a timeline, for one line below it."""
    return [step["source"] for step in steps if step.get("source")]


@register.filter
def marked_private(text: str) -> SafeString:
    """What somebody wrote, with what looks like data of a person marked in place; ``|linebreaks`` may follow."""
    return privacy.marked(str(text or ""))


@register.filter
def quoted(text: str) -> str:
    """Somebody's words in a mail of plain text, each line behind a mark."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


@register.inclusion_tag("components/decisions.html")
def decisions_on(item):
    """What the team decided on something its author sent in, newest first, with the remarks; for a page about one item."""
    return {"decisions": Decision.objects.on(item)}
