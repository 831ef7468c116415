"""Every address that a visitor may ask for."""

import re

from django.urls import URLResolver, get_resolver

# The last is for who was mailed a link; tests/accounts/test_notify.py tries it.
PRIVATE = ("admin/", "account/", "partner/", "afmelden/")
# Wagtail's, for a kind of private collection that nobody can make here.
NOT_IN_USE = "authenticate_with_password/"
EXAMPLE = "een-voorbeeld"
NOT_BY_EXAMPLE = {
    "feed": "feeds/alles/",
    "publication_citation": f"publicaties/{EXAMPLE}/citaat.bib",
    "pilot_update": f"{EXAMPLE}/berichten/1/",
    "pilot_update_picture": f"{EXAMPLE}/berichten/1/{EXAMPLE}.webp",
    "rendition": f"media/images/{EXAMPLE}.png",
    "wagtaildocs_serve": f"1/{EXAMPLE}.pdf",
    "wagtail_serve": f"{EXAMPLE}/",
}


def public_paths(resolver=None, above="/"):
    """The path of every address a visitor may ask for, with the example filled in: new ones are tried too."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        if route.removeprefix("^").startswith((*PRIVATE, NOT_IN_USE)):
            continue
        if isinstance(pattern, URLResolver):
            yield from public_paths(pattern, above + route)
            continue
        yield above + (NOT_BY_EXAMPLE.get(pattern.name) or re.sub(r"<\w+:\w+>", EXAMPLE, route))


PATHS = sorted(public_paths())
