"""Personal data in what somebody writes: mail addresses, telephone numbers and numbers that can be a BSN.

A find is a warning, never a refusal: who means it says why.
"""

import re
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from stdnum.nl import bsn

MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[](?:at|apenstaartje)[)\]]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)

# Between the digits of a telephone number: 06-12345678, (038) 123 45 67, 06/12 34 56 78, +31 (0)6 - 1234.5678.
GAP = r"[ \u00a0\u202f.\-\u2010-\u2015/()]{0,3}"
TELEPHONE = re.compile(
    rf"""
    (?<!\w)(?<!\w[-_])(?<!\d[.,])                               # not the end of a word, an article number or an amount
    (?: \(?(?:\+|00)[ ]?31\)?{GAP}(?:\(?0\)?{GAP})? | \(?0)     # from abroad or from within the country
    [1-9](?:{GAP}\d){{8}}                                       # always nine digits after that
    (?!\w|[.,:]\d)
    """,
    re.VERBOSE,
)
# In one piece or in two to four groups: 123456782, 1234.56.782, 123 456 782. An amount has a sign or a word for money.
NINE_DIGITS = re.compile(
    r"""
    (?<!\w)(?<!\w[-_.,/])(?<![€+])(?<![€+][ ])
    (?: \d{9} | (?<!\d[ ]) \d{2,5}(?:[ .\-]\d{2,5}){1,3} (?![ ]\d) )
    (?! \w | [.,/-]\d | ,- | [ ]?(?:€|euro\b) )
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Numbers that are something else, although a part of them may look like one of a person.
OTHER_NUMBERS = re.compile(
    r"""
      https?://\S+ | www\.\S+                                           # addresses of pages
    | \b10\.\d{4,9}/\S+                                                 # DOI
    | \bISBN(?:-1[03])?:?\s*[\dX -]{10,17}                              # ISBN
    | \b[A-Z]{2}\d{2}\ ?[A-Z]{4}(?:\ ?\d{4}){2}\ ?\d{2}\b               # IBAN
    | \b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}\b                        # 01-09-2026
    | \b(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\b                        # 2026-09-01
    | \b(?:[01]?\d|2[0-3])[.:][0-5]\d\s?[-\u2013]\s?(?:[01]?\d|2[0-3])[.:][0-5]\d\b   # 09.00-17.00
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Find:
    """A piece of a text that looks like data of a person: what sort, the words, and from where to where it stands."""

    kind: str
    text: str
    start: int
    end: int


def find(text: str) -> list[Find]:
    """All finds in a text, in the order of the text; they do not overlap."""
    # What is another number is blotted out by as many letters, so that every place in the text stays where it is.
    numbers = OTHER_NUMBERS.sub(lambda other: "x" * len(other[0]), text)
    found = [Find("e-mailadres", m[0], *m.span()) for m in MAIL.finditer(text)]
    found += [Find("telefoonnummer", m[0], *m.span()) for m in TELEPHONE.finditer(numbers)]
    found += [Find("BSN-achtig nummer", m[0], *m.span()) for m in NINE_DIGITS.finditer(numbers) if _can_be_bsn(m[0])]
    kept: list[Find] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _can_be_bsn(number: str) -> bool:
    """Whether these are nine digits that pass the 11-test. Eight digits are left alone: a KvK number has as many."""
    digits = re.sub(r"\D", "", number)
    return len(digits) == 9 and bsn.is_valid(digits)


def marked(text: str) -> SafeString:
    """The text as HTML with every find marked in place, and what it is said in words; for the team to judge."""
    parts, at = [], 0
    for one in find(text):
        parts.append((text[at : one.start], format_html("<mark>{}</mark> <em>({}?)</em>", one.text, one.kind)))
        at = one.end
    return format_html("{}{}", format_html_join("", "{}{}", parts), text[at:])


def in_words(finds: list[Find]) -> str:
    """Finds as a Dutch enumeration: "06-12345678 (telefoonnummer) en noor@voorbeeld.nl (e-mailadres)"."""
    *most, last = dict.fromkeys(f"{one.text} ({one.kind})" for one in finds)
    return f"{', '.join(most)} en {last}" if most else last
