"""The first use of a term in the texts of a page becomes a button that shows what the term means."""

import re
from functools import cached_property
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from research.models import Term

TAG = re.compile(r"(<[^>]+>)")
CLOSED_TO_BUTTONS = re.compile(r"<(/?)(a|button|h[1-6]|sup|summary|figcaption|label)\b", re.IGNORECASE)
"""In a link, a button or a heading stands no other button."""


class Glossary:
    """The terms of one page: each is explained once, at its first use in the texts that pass through ``explain``."""

    def __init__(self):
        self.explained: set[int] = set()

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms by each of their forms as it stands in HTML; a form without capitals in lower case."""
        terms = Term.objects.explained_in_texts().only("title", "slug", "summary", "also")
        return {escape(form, quote=False): term for term in terms for form in term.forms}

    @cached_property
    def pattern(self) -> re.Pattern | None:
        """Any form of any term as a whole word; the longest form wins. A form with a capital is matched exactly."""
        forms = sorted(self.terms, key=len, reverse=True)
        parts = [re.escape(form) if form != form.lower() else f"(?i:{re.escape(form)})" for form in forms]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])") if parts else None

    def explain(self, html: str) -> SafeString:
        """The same safe HTML, with a button for every term that was not explained before on this page."""
        if self.pattern is None:
            return SafeString(html)
        parts, closed = TAG.split(html), 0
        for number, part in enumerate(parts):
            if part.startswith("<"):
                if tag := CLOSED_TO_BUTTONS.match(part):
                    closed += -1 if tag[1] else 1
            elif not closed:
                # Django writes an apostrophe as an entity, Wagtail does not.
                parts[number] = self.pattern.sub(self._button, part.replace("&#x27;", "'"))
        return SafeString("".join(parts))

    def _button(self, match: re.Match) -> str:
        term = self.terms.get(match[0]) or self.terms.get(match[0].lower())
        if term is None or term.pk in self.explained:
            return match[0]
        self.explained.add(term.pk)
        return render_to_string("components/term.html", {"term": term, "word": SafeString(match[0])}).strip()
