"""Where the public meets an update, and where nobody meets what is not public."""

import json
from datetime import timedelta

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.utils import timezone

from mkbroute.core.models import SearchEntry
from mkbroute.search import rebuild_search
from pilots.actions.updates import withdraw
from pilots.models import Audience, Update, UpdateState
from tests import factories

from .conftest import photo

pytestmark = pytest.mark.django_db

SECRET, BESIDE = "Zwartspecht", "Appelvink"
"""A word that one may search for, and one that only a leak would show beside it."""


@pytest.fixture
def theme():
    return factories.ThemeFactory(slug="het-thema")


@pytest.fixture
def posted(pilot, theme):
    """A public update with a picture, and one of every kind that the public must not meet."""
    update = factories.UpdateFactory(pilot=pilot, title="Roodborstje", text="Over **vogels**.", theme=theme)
    update.picture.save("x.webp", ContentFile(photo("WEBP")), save=False)
    update.picture_width, update.picture_height, update.picture_alt = 80, 60, "Een vogel"
    update.save()
    words = f"{SECRET} {BESIDE}"
    secret = {"pilot": pilot, "title": words, "text": words, "summary": words, "theme": theme}
    factories.UpdateFactory(**secret, audience=Audience.NETWORK)
    factories.UpdateFactory(**secret, audience=Audience.PILOT)
    factories.UpdateFactory(**secret, is_shown=False, state=UpdateState.WAITING, published_at=None)
    factories.UpdateFactory(**secret, is_shown=False, state=UpdateState.HIDDEN, hidden_at=timezone.now())
    factories.UpdateFactory(**{**secret, "pilot": factories.PilotFactory(live=False)})
    return update


PLACES = [
    *("/", "/pilots/een-pilot/", "/pilots/een-pilot/berichten/", "/nieuws/", "/thema/het-thema/"),
    *("/feeds/nieuws/", "/feeds/alles/", "/sitemap.xml", f"/zoeken/?q={SECRET}"),
    *("/zoeken/?q=roodborstje", f"/zoeken/suggesties/?q={SECRET[:5]}", f"/zoeken/?q={SECRET}&soort=berichten"),
]


@pytest.mark.parametrize("address", PLACES)
def test_what_is_not_public_is_nowhere(client, posted, address):
    factories.HomePageFactory()
    text = client.get(address).content.decode()
    assert BESIDE not in text
    assert not any(f"/berichten/{update.pk}/" in text for update in Update.objects.exclude(pk=posted.pk))


@pytest.mark.parametrize("address", [*PLACES[:8], "/zoeken/?q=roodborstje"])
def test_what_is_public_is_met(client, posted, address):
    factories.HomePageFactory()
    assert posted.get_absolute_url() in client.get(address).content.decode()


def test_the_search_knows_no_more_after_it_was_built_anew(client, posted):
    rebuild_search()
    assert list(SearchEntry.objects.filter(kind="update").values_list("title", flat=True)) == ["Roodborstje"]
    assert SECRET.lower() not in client.get("/zoeken/suggesties/?q=zwart").content.decode().lower()


def test_an_update_has_a_page_for_people_and_for_programs(client, posted):
    page = BeautifulSoup(client.get(posted.get_absolute_url()).content, "html.parser")
    assert page.h1.text == "Roodborstje"
    assert page.article.strong.text == "vogels"
    data = [json.loads(script.text) for script in page.find_all("script", {"type": "application/ld+json"})]
    (article,) = [one for one in data if one["@type"] == "Article"]
    assert article["headline"] == "Roodborstje"
    assert article["author"]["name"] == "Pilot Bouwkunde"
    assert "voorbeeld.nl" not in str(page)


@pytest.mark.parametrize("changed", [{"audience": Audience.NETWORK}, {"is_shown": False, "state": "ingetrokken"}])
def test_page_picture_and_entry_go_with_what_is_no_longer_public(client, posted, changed):
    page, picture = posted.get_absolute_url(), posted.picture_url
    response = client.get(picture)
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert b"".join(response)[:4] == b"RIFF"
    for name, value in changed.items():
        setattr(posted, name, value)
    posted.save()
    assert [client.get(address).status_code for address in (page, picture)] == [404, 404]
    assert not SearchEntry.objects.filter(kind="update").exists()


def test_a_picture_has_only_the_name_it_was_given(client, posted):
    assert client.get(posted.picture_url.replace(".webp", ".html")).status_code == 404
    assert client.get(f"{posted.get_absolute_url()}..%2f..%2fsecret").status_code == 404


def test_updates_come_and_go_with_their_pilot(client, posted, pilot):
    address = posted.get_absolute_url()
    pilot.live = False
    pilot.save()
    assert client.get(address).status_code == 404
    assert not SearchEntry.objects.filter(kind="update").exists()
    pilot.live, pilot.slug = True, "nieuwe-naam"
    pilot.save()
    assert SearchEntry.objects.get(kind="update").address == f"/pilots/nieuwe-naam/berichten/{posted.pk}/"
    assert client.get(address).url == f"/pilots/nieuwe-naam/berichten/{posted.pk}/"


def test_a_pilot_names_its_newest_three(client, pilot):
    for number in range(4):
        factories.UpdateFactory(
            pilot=pilot, title=f"Vogel {number}", published_at=timezone.now() - timedelta(days=number)
        )
    page = client.get("/pilots/een-pilot/").content.decode()
    assert [f"Vogel {number}" in page for number in range(4)] == [True, True, True, False]
    assert "/pilots/een-pilot/berichten/" in page


# --- One stream ------------------------------------------------------------------------------------------------------


def test_news_and_updates_are_one_stream_by_date_over_its_pages(client, pilot):
    today = timezone.localdate()
    for number in range(0, 20, 2):
        factories.NewsItemFactory(title=f"Item {number:02}", date=today - timedelta(days=number))
        factories.UpdateFactory(
            pilot=pilot, title=f"Item {number + 1:02}", published_at=timezone.now() - timedelta(days=number + 1)
        )
    titles = []
    for number in (1, 2):
        page = BeautifulSoup(client.get(f"/nieuws/?pagina={number}").content, "html.parser")
        titles += [heading.text for heading in page.select(".signs h2")]
        assert page.find(class_="pager").p.text == f"Bladzijde {number} van 2"
    assert titles == [f"Item {number:02}" for number in range(20)]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_queries_whatever_their_length(client, queries, pilot, rows):
    for _ in range(rows):
        factories.UpdateFactory(pilot=pilot)
        factories.NewsItemFactory()
    assert queries(client, "/nieuws/") == 4
    assert queries(client, "/pilots/een-pilot/berichten/") == 3
    assert queries(client, Update.objects.first().get_absolute_url()) == 1


def test_a_feed_has_updates_as_old_as_their_posting(client, posted, settings):
    feed = feedparser.parse(client.get("/feeds/nieuws/").content)
    (entry,) = feed.entries
    assert (feed.bozo, entry.title, entry.link) == (False, "Roodborstje", settings.SITE_URL + posted.get_absolute_url())
    assert entry.tags[0].term == "bericht"


def test_who_withdraws_is_gone_from_the_feed(client, posted, pilot):
    author = factories.MembershipFactory(pilot=pilot).user
    Update.objects.filter(pk=posted.pk).update(author=author)
    withdraw(update=posted, by=author)
    assert feedparser.parse(client.get("/feeds/alles/").content).entries[0].title == "Bouwkunde"
    assert len(feedparser.parse(client.get("/feeds/nieuws/").content).entries) == 0
