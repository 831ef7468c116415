import pytest

from mkbroute.core.footnotes import Footnotes
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_source_keeps_its_number_and_every_place_gets_its_own_name():
    first, second = factories.SourceFactory(), factories.SourceFactory()
    notes = Footnotes({first.pk: first, second.pk: second})
    marked = [notes.mark(source) for source in (first, second, first)]
    assert [(note.number, place) for note, place in marked] == [
        (1, "bron-1-plek-1"),
        (2, "bron-2-plek-1"),
        (1, "bron-1-plek-2"),
    ]
    assert [note.source for note in notes.listed] == [first, second]


def test_a_claim_points_at_its_source_at_the_end_and_back(client):
    source = factories.SourceFactory(title="Nulmeting", kind="meting", date_text="september 2022")
    unused = factories.SourceFactory(title="Nergens genoemd")
    claim = {"text": "<p>Instroom kost tijd.</p>", "sources": [source]}
    pilot = factories.PilotFactory(body=[("claim", claim), ("claim", claim)])
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert page.count('href="#bron-1"') == 2
    assert page.count('id="bron-1"') == 1
    assert 'href="#bron-1-plek-1"' in page
    assert "(meting, september 2022)" in page
    assert unused.title not in page


def test_a_page_without_claims_has_no_list(client):
    page = client.get(factories.PilotFactory().get_absolute_url()).content.decode()
    assert "doc-endnotes" not in page
