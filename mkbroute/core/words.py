"""Words as the search compares them: without accents, capitals, hyphens and signs."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
UNSEEN = dict.fromkeys(map(ord, "\u0000\u00ad\u200b\u200c\u200d"))


def folded(text: str) -> str:
    """The text in lower case without accents; "Coöperatie" becomes "cooperatie"."""
    parts = unicodedata.normalize("NFKD", text.translate(UNSEEN).translate(HYPHENS))
    return "".join(part for part in parts.translate(HYPHENS) if not unicodedata.combining(part)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, folded and in order; a hyphen parts them: "zij-instromer" has two."""
    return WORD.findall(folded(text))


def joined_words(text: str) -> list[str]:
    """The hyphenated words of a text without their hyphens, as many people write them: "zijinstromer"."""
    return [word.replace("-", "") for word in HYPHENATED.findall(folded(text))]
