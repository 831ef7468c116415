"""What a forged form puts in a text: the editor in the browser could never have sent it."""

import json

import pytest
from django.urls import reverse

from mkbroute.core.models import PreviewLink
from research.models import NewsItem
from tests import factories

pytestmark = pytest.mark.django_db

FORGED = {
    "a script in the text": ("<script>alert(1)</script><img src=x onerror=alert(1)>", {}),
    "a link that runs a script": ("klik", {"type": "LINK", "data": {"url": "javascript:alert(1)"}}),
    "the same in disguise": ("klik", {"type": "LINK", "data": {"url": "JaVa\tScRiPt:alert(1)"}}),
    "a link with data": ("klik", {"type": "LINK", "data": {"url": "data:text/html,<script>alert(1)</script>"}}),
    "an attribute out of a link": ("klik", {"type": "LINK", "data": {"url": '"onmouseover="alert(1)'}}),
}


def content_state(text: str, entity: dict) -> str:
    """A text as the editor of Wagtail sends it, all of it covered by an entity if there is one."""
    covered = [{"offset": 0, "length": len(text), "key": 0}] if entity else []
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": covered}
    return json.dumps({"blocks": [block], "entityMap": {"0": {"mutability": "MUTABLE", **entity}} if entity else {}})


@pytest.fixture
def keep(team, read_form, client):
    """Keep a draft with this as its only text; the page as whoever has a preview link gets it. The check before
    publishing would refuse some of these: what is kept must be harmless without it."""

    def keep(value: str) -> str:
        item = factories.NewsItemFactory()
        edit = reverse(NewsItem.snippet_viewset.get_url_name("edit"), args=[item.pk])
        body = {
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "text",
            "body-0-id": "",
            "body-0-value": value,
        }
        team.post(edit, {**read_form(team, edit), **body})
        assert len(NewsItem.objects.get().get_latest_revision_as_object().body) == 1
        return client.get(PreviewLink.objects.create(target=item).get_absolute_url()).content.decode()

    return keep


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_nothing_that_runs_gets_into_a_page(keep, forged):
    page = keep(content_state(*forged)).lower()
    main = page[page.index("<main") : page.index("</main>")]
    assert [bad for bad in ("<script", "<img", "<iframe", 'href="java', 'href="data', " onm") if bad in main] == []
    assert forged[0][:5].lower().replace("<", "&lt;") in main


def test_an_honest_link_stays(keep):
    assert '<a href="https://voorbeeld.nl/">lees</a>' in keep(
        content_state("lees", {"type": "LINK", "data": {"url": "https://voorbeeld.nl/"}})
    )
