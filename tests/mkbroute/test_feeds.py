from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone

from mkbroute.feeds import LENGTH, SECTIONS
from tests import factories

pytestmark = pytest.mark.django_db


def read(client, section: str):
    response = client.get(f"/feeds/{section}/")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(response.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    return feed


@pytest.fixture
def one_of_each():
    """One of every kind, published, and a draft of each."""
    for make in (
        factories.NewsItemFactory,
        factories.PracticeFactory,
        factories.QuestionFactory,
        factories.PublicationFactory,
        factories.PolicyFileFactory,
        factories.PilotFactory,
    ):
        make(title=f"Van {make.__name__}", summary="Kort <b>&</b> goed\x0b")
        make(title="Geheim", live=False)


@pytest.mark.parametrize("section", [*SECTIONS, "alles"])
def test_a_feed_is_valid_and_has_only_what_is_published(client, one_of_each, section, settings):
    feed = read(client, section)
    assert len(feed.entries) == (len(SECTIONS) if section == "alles" else 1)
    assert {entry.title[:4] for entry in feed.entries} == {"Van "}
    assert {entry.summary for entry in feed.entries} == {"Kort &lt;b&gt;&amp;&lt;/b&gt; goed"}
    assert all(entry.link.startswith(settings.SITE_URL) for entry in feed.entries)
    assert (feed.feed.language, feed.feed.author) == ("nl", "Mkb-route in het hbo")
    own = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == [f"{settings.SITE_URL}/feeds/{section}/"]


def test_the_newest_comes_first_and_a_feed_has_an_end(client):
    now = timezone.now()
    for age in range(LENGTH + 2):
        factories.NewsItemFactory(title=f"Bericht {age}", last_published_at=now - timedelta(days=age))
    titles = [entry.title for entry in read(client, "nieuws").entries]
    assert titles == [f"Bericht {age}" for age in range(LENGTH)]


def test_news_is_as_old_as_what_happened(client):
    factories.NewsItemFactory(date=date(2022, 9, 1))
    (entry,) = read(client, "nieuws").entries
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == datetime(2022, 8, 31, 22, tzinfo=UTC)


def test_an_empty_feed_is_valid(client):
    assert read(client, "alles").entries == []


def test_an_unknown_section_is_not_found(client):
    assert client.get("/feeds/zomaar/").status_code == 404


def test_every_page_names_the_feed_of_all_and_a_list_its_own(client, one_of_each):
    assert '<link rel="alternate" type="application/atom+xml" title="Alles van deze site" href="/feeds/alles/">' in (
        client.get("/begrippen/").content.decode()
    )
    assert 'href="/feeds/beleid/"' in client.get("/beleid/").content.decode()
