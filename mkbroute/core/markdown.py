"""Markdown as partners write it: small headings, bold, italic, lists, links and quotes. No HTML of theirs comes through."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.token import Token

PARTS = ["heading", "emphasis", "list", "blockquote", "link", "autolink", "escape", "newline"]
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
"""A text stands below a title and a heading of its page, whatever level its author chose."""
APART = "\ue000"  # of no alphabet: no text has it
SCHEMES = {"", "http", "https", "mailto", "tel"}


def _below_the_page(state) -> None:
    """Lower the headings and mark links to other sites."""
    for token in _all(state.tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = HEADINGS[token.tag]
        elif token.type == "link_open" and urlsplit(str(token.attrs["href"])).netloc:
            # What somebody writes here must not earn a place in a search engine.
            token.attrs["rel"] = "external nofollow ugc"


def _all(tokens: Sequence[Token]):
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _may_be_linked(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and not (parts.netloc and not parts.scheme)


# A new line stays a new line: who knows no Markdown writes as in a mail.
_writer = MarkdownIt("zero", {"breaks": True, "html": False}).enable(PARTS)
_writer.core.ruler.push("below_the_page", _below_the_page)
_writer.validateLink = _may_be_linked


def drawn(text: str) -> SafeString:
    """The text as HTML, safe to show to anybody."""
    return SafeString(_writer.render(text.replace("\x00", "")))


def plain(text: str) -> str:
    """The words of the text in one line, without the signs of Markdown; what stood apart becomes a sentence of its own."""
    page = BeautifulSoup(drawn(text), "html.parser")
    for block in page.find_all(["p", "li", "h3", "h4"]):
        block.append(APART)
    parts = [" ".join(part.split()) for part in page.get_text().split(APART)]
    *before, last = [part for part in parts if part] or [""]
    return " ".join([*(f"{part}." if part[-1].isalnum() else part for part in before), last])


def in_short(text: str, length: int = 200) -> str:
    """The beginning of the text, for a list."""
    return Truncator(plain(text[: length * 5])).chars(length)
