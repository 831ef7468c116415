from datetime import date

import pytest

from mkbroute.models import ContentPage
from pilots.models import Status, StatusChange
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_home_takes_six_queries_whatever_the_number_of_rows(client, queries, rows):
    source = factories.SourceFactory()
    figure = {
        "value": "50",
        "unit": "starters",
        "as_of": "2021",
        "heading": "Kop",
        "text": "<p>x</p>",
        "source": source,
    }
    factories.HomePageFactory(body=[("figure", figure)])
    for n in range(rows):
        pilot = factories.PilotFactory()
        factories.RegionFactory(pilot=pilot)
        factories.PartnershipFactory(pilot=pilot)
        factories.ContentPageFactory(audience=ContentPage.Audience.STUDENT, question=f"Vraag {n}?")
    assert queries(client, "/") == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_a_text_page_takes_three_queries_whatever_its_blocks_and_neighbours(client, queries, rows):
    parent = factories.ContentPageFactory(slug="boven")
    sources = factories.SourceFactory.create_batch(rows)
    body = [("quote", {"text": "Goed.", "source": source}) for source in sources]
    body += [
        ("steps", {"heading": "Tijd", "steps": [{"name": "Nu", "source": s}, {"name": "Straks"}]}) for s in sources
    ]
    factories.ContentPageFactory(slug="bladzijde", parent=parent, body=body)
    for _ in range(rows):
        factories.ContentPageFactory(parent=parent)
    assert queries(client, "/boven/bladzijde/") == 3


def test_the_counter_says_what_it_counts(client):
    factories.HomePageFactory()
    factories.PilotFactory()
    running = factories.PilotFactory()
    running.status_changes = [StatusChange(status=Status.RUNNING, date=date(2020, 12, 31), date_text="eind 2020")]
    running.save()
    page = " ".join(client.get("/").content.decode().split())
    assert ">2 van 20</h2>" in page
    assert "waarvan 1 nog zonder vastgestelde pilot. Stand: eind 2020." in page
    assert "Welke 18 plaatsen volgen, is nog niet bekend." in page


def test_a_page_is_found_by_its_place_in_the_tree(client):
    parent = factories.ContentPageFactory(slug="over", title="Over")
    factories.ContentPageFactory(slug="geschiedenis", title="Geschiedenis", parent=parent)
    page = client.get("/over/geschiedenis/").content.decode()
    assert "<h1>Geschiedenis</h1>" in page
    assert '<li><a href="/over/">Over</a></li><li aria-current="page">Geschiedenis</li>' in page
    assert client.get("/geschiedenis/").status_code == 404
    assert client.get("/over/geschiedenis").url == "/over/geschiedenis/"


def test_a_draft_page_is_not_found_nor_linked(client):
    parent = factories.ContentPageFactory(slug="over")
    factories.ContentPageFactory(slug="geheim", title="Nog geheim", parent=parent, live=False)
    assert client.get("/over/geheim/").status_code == 404
    assert "Nog geheim" not in client.get("/over/").content.decode()
    assert "Nog geheim" not in client.get("/").content.decode()


def test_a_page_that_is_renamed_leaves_its_old_address_working(client, django_capture_on_commit_callbacks):
    parent = factories.ContentPageFactory(slug="over")
    page = factories.ContentPageFactory(slug="oud", parent=parent)
    page.slug = "nieuw"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert client.get("/over/oud/").url == "/over/nieuw/"


def test_every_page_names_its_title_description_and_one_address(client):
    factories.ContentPageFactory(slug="over", title="Over ons", search_description="Wat wij doen.")
    page = client.get("/over/?utm=1").content.decode()
    assert "<title>Over ons | Mkb-route in het hbo</title>" in page
    assert '<meta name="description" property="og:description" content="Wat wij doen.">' in page
    assert '/over/">' in page.partition('rel="canonical" href="')[2][:60]
    assert '"@type": "BreadcrumbList"' in page


def test_a_visitor_gets_no_cookie(client):
    factories.ContentPageFactory(slug="over")
    factories.PilotFactory(slug="een")
    for path in ("/", "/over/", "/pilots/", "/pilots/een/", "/netwerk/", "/contact/", "/niets/"):
        assert client.get(path).cookies == {}
