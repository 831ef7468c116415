"""Personal data in what somebody writes: mail addresses, telephone numbers and numbers that can be a BSN.

A find is a warning, never a refusal: who means it says why.
"""

import re
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from stdnum.nl import bsn

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Dutch numbers: 06-12345678, (038) 123 45 67, +31 6 1234 5678; a year or an amount is shorter.
TELEPHONE = re.compile(r"(?<![\w.,])(?:\+31|0031|\(?0)[ \-]?(?:\(0\))?(?:\(?[1-9]\d{0,2}\)?)(?:[ \-.]?\d){6,8}(?![\w])")
NINE_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .\-]?\d){7,8}(?![\w])")


@dataclass(frozen=True)
class Find:
    """A piece of a text that looks like data of a person: what sort, the words, and from where to where it stands."""

    kind: str
    text: str
    start: int
    end: int


def find(text: str) -> list[Find]:
    """All finds in a text, in the order of the text; they do not overlap."""
    found = [Find("e-mailadres", m[0], *m.span()) for m in MAIL.finditer(text)]
    found += [Find("telefoonnummer", m[0], *m.span()) for m in TELEPHONE.finditer(text)]
    found += [Find("BSN-achtig nummer", m[0], *m.span()) for m in NINE_DIGITS.finditer(text) if bsn.is_valid(m[0])]
    kept: list[Find] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def marked(text: str) -> SafeString:
    """The text as HTML with every find marked in place, and what it is said in words; for the team to judge."""
    parts, at = [], 0
    for one in find(text):
        parts.append(format_html("{}<mark>{}</mark> <em>({}?)</em>", text[at : one.start], one.text, one.kind))
        at = one.end
    parts.append(format_html("{}", text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 -- every part was escaped above
