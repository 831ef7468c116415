"""What stops a page from being published, what is only advice, and where it says the trouble is."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model

from mkbroute.core.models import Picture
from mkbroute.core.proofreading import NotReady, advice, errors, proofread, sentences
from mkbroute.core.reading import Link, read
from pilots.models import Pilot
from tests import factories

LONG = " ".join(["woord"] * 26) + "."


def text(html: str) -> dict:
    return {"type": "text", "value": html}


def link(label: str = "Over ons", page=None, address: str = "") -> dict:
    return {"label": label, "page": page, "address": address, "note": ""}


def related(*links: dict) -> dict:
    return {"type": "related", "value": {"heading": "Lees verder", "links": list(links)}}


def pilot(*blocks: dict, **fields) -> Pilot:
    """A pilot with this story, not saved: what is checked is a version, saved or not."""
    made = factories.PilotFactory.build(sector=None, **fields)
    made.body = made._meta.get_field("body").stream_block.to_python(list(blocks))
    return made


def said(instance) -> list[str]:
    """The errors, as words."""
    return [str(finding) for finding in errors(proofread(instance))]


def advised(instance) -> list[str]:
    return [str(finding) for finding in advice(proofread(instance))]


def test_a_page_without_faults_has_no_findings(db):
    assert proofread(pilot(text("<h2>Wat</h2><p>Een korte zin.</p><h3>Hoe</h3>"))) == []


# --- Errors -----------------------------------------------------------------------------------------------


def test_a_heading_that_skips_a_level_is_named_with_its_block(db):
    made = pilot(text("<h2>Een</h2>"), text("<p>Niets.</p>"), text("<h4>Twee</h4>"))
    assert said(made) == ["Verhaal, blok 3 (Tekst): na kop 2 komt kop 3, maar hier staat kop 4."]


def test_a_text_begins_below_the_title_of_the_page(db):
    assert said(pilot(text("<h3>Te diep</h3>"))) == [
        "Verhaal, blok 1 (Tekst): na kop 1 komt kop 2, maar hier staat kop 3."
    ]


def test_a_text_may_go_on_below_the_heading_of_another_block(db):
    assert said(pilot(text("<h2>Een</h2>"), text("<h3>Twee</h3><h2>Drie</h2>"))) == []
    assert said(pilot(related(link(address="/contact/")), text("<h3>Twee</h3>"))) == []


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<p><a href="https://elders.example/">  </a></p>', "de link naar https://elders.example/ heeft geen tekst."),
        ("<p><a>Over ons</a></p>", "de link ‘Over ons’ leidt nergens heen."),
        ('<p><a href="#">Over ons</a></p>', "de link ‘Over ons’ leidt nergens heen."),
        ('<p><a href="/bestaat/niet/">Weg</a></p>', "de link ‘Weg’ is dood: op dit adres staat niets."),
        ('<p><a linktype="page" id="99999">Weg</a></p>', "de link ‘Weg’ is dood: bestaat niet meer."),
        ('<p><a linktype="document" id="99999">Weg</a></p>', "de link ‘Weg’ is dood: bestaat niet meer."),
    ],
)
def test_an_empty_or_dead_link_in_a_text(html, message, db):
    assert said(pilot(text(html))) == [f"Verhaal, blok 1 (Tekst): {message}"]


def test_a_link_in_a_block_is_named_with_its_number(db):
    made = pilot(related(link(address="/contact/"), link("Weg", address="/geen/pagina/"), link("Leeg")))
    assert said(made) == [
        "Verhaal, blok 1 (Lees verder), links, link 3: de link ‘Leeg’ leidt nergens heen.",
        "Verhaal, blok 1 (Lees verder), links, link 2: de link ‘Weg’ is dood: op dit adres staat niets.",
    ]


@pytest.mark.parametrize("live", [True, False])
def test_a_link_to_a_page_that_is_not_published_is_advised_against(live, db):
    page = factories.ContentPageFactory(slug="over-ons", live=live)
    made = pilot(
        related(link(page=page.pk)),
        text(f'<p><a linktype="page" id="{page.pk}">Over ons</a> en <a href="/over-ons/#team">het team</a></p>'),
    )
    assert [finding.endswith("is niet gepubliceerd.") for finding in advised(made)] == ([] if live else [True] * 3)
    assert said(made) == []


@pytest.mark.parametrize("live", [True, False])
def test_a_link_to_the_address_of_a_pilot_that_is_not_published_is_advised_against(live, db, settings):
    settings.SITE_URL = "https://www.mkb-route.example"
    factories.PilotFactory(slug="metaal", live=live)
    made = pilot(
        text('<p><a href="/pilots/metaal/">Metaal</a></p>'),
        text('<p><a href="https://www.mkb-route.example/pilots/metaal/?van=hier">Metaal</a></p>'),
    )
    assert (len(advised(made)), said(made)) == (0 if live else 2, [])


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/pilots/",
        "/pilots/?sector=ict",
        "/pilots",
        "/oud/",
        "/static/img/favicon.svg",
        "#kop",
        "mailto:a@b.example",
    ],
)
def test_an_address_that_leads_somewhere_is_no_error(address, db):
    factories.HomePageFactory()
    Redirect.objects.create(old_path="/oud", redirect_link="/pilots/")
    assert said(pilot(text(f'<p><a href="{address}">Kijk daar</a></p>'))) == []


def test_the_address_of_a_document_needs_the_document(db):
    document = get_document_model().objects.create(title="Plan", file="plan.pdf")
    here, gone = f"/documenten/{document.pk}/plan.pdf", f"/documenten/{document.pk + 1}/plan.pdf"
    assert said(pilot(text(f'<p><a href="{here}">Plan</a></p>'))) == []
    assert len(said(pilot(text(f'<p><a href="{gone}">Plan</a></p>')))) == 1


def test_a_link_to_another_site_is_not_followed_here(db):
    assert said(pilot(text('<p><a href="https://bestaat-niet.example/x">Rapport</a></p>'))) == []


def test_a_picture_needs_words_or_is_for_show(db):
    picture = Picture.objects.create(title="x", file="x.png", width=1, height=1)

    def block(**words) -> dict:
        image = {"image": picture.pk, "alt_text": "", "decorative": False, **words}
        return {"type": "picture", "value": {"image": image, "caption": ""}}

    made = pilot(block(), block(alt_text="Een werkplaats"), block(decorative=True))
    assert said(made) == [
        "Verhaal, blok 1 (Afbeelding), afbeelding: beschrijf wat er op de afbeelding staat, of geef aan dat zij alleen "
        "decoratief is."
    ]
    assert len(said(pilot(image=picture))) == 1
    assert said(pilot(image=picture, image_alt="Een werkplaats")) == []


def test_a_figure_a_quote_and_a_claim_need_a_source(db):
    source = factories.SourceFactory()

    def place(given) -> dict:  # as the editor leaves it: a new claim has one empty place
        return {"type": "item", "id": "x", "value": given}

    figure = {"value": "7", "unit": "pilots", "as_of": "2020", "heading": "Zeven", "text": "<p>Zeven.</p>"}
    for given, expected in ((None, ["Cijfer met uitleg", "Citaat", "Bewering met bron"]), (source.pk, [])):
        made = pilot(
            {"type": "figure", "value": {**figure, "source": given}},
            {"type": "quote", "value": {"text": "Mooi.", "speaker": "Noor", "source": given}},
            {"type": "claim", "value": {"text": "<p>Zo is het.</p>", "sources": [place(given)]}},
        )
        assert [finding.rpartition("bij ")[2] for finding in said(made)] == [f"‘{x}’ hoort een bron." for x in expected]


@pytest.mark.parametrize("address", ["www.nergens.nl", "pilots/niets/", "//evil/x", "ftp://a.example/", "https:"])
def test_what_begins_like_no_address_is_named(address, db):
    assert said(pilot(text(f'<p><a href="{address}">Weg</a></p>'))) == [
        "Verhaal, blok 1 (Tekst): de link ‘Weg’: een adres begint met / of https://."
    ]


def test_capitals_in_the_host_of_an_address_mean_nothing(db, settings):
    settings.SITE_URL = "https://www.mkb-route.example"
    assert len(said(pilot(text('<p><a href="HTTPS://WWW.MKB-route.example/geen/pagina/">Weg</a></p>')))) == 1
    assert said(pilot(text('<p><a href="HTTPS://Elders.example/x">Rapport</a></p>'))) == []


def test_an_address_with_a_nul_byte_leads_nowhere(db):
    found = said(pilot(text('<p><a href="/pilots/%00/">Weg</a> <a href="/%00/">Weg</a></p>')))
    assert found == ["Verhaal, blok 1 (Tekst): de link ‘Weg’ is dood: op dit adres staat niets."] * 2


def test_a_link_of_a_page_to_itself_is_fine_before_it_is_published(db):
    made = factories.PilotFactory(slug="metaal", live=False)
    made.body = pilot(text('<p><a href="/pilots/metaal/#start">Boven</a></p>')).body
    assert proofread(made) == []
    page = factories.ContentPageFactory(live=False)
    page.body = pilot(text(f'<p><a linktype="page" id="{page.pk}">Boven</a></p>')).body
    assert proofread(page) == []


def test_two_drafts_that_lead_to_each_other_are_published_one_after_the_other(moderator):
    one, two = (factories.PilotFactory(slug=slug, live=False) for slug in ("een", "twee"))
    for made, other in ((one, two), (two, one)):
        made.body = pilot(text(f'<p><a href="/pilots/{other.slug}/">De ander</a></p>')).body
        made.save_revision().publish(user=moderator)
    assert Pilot.objects.filter(live=True).count() == 2


def test_a_page_without_a_summary_is_not_published(db):
    assert said(pilot(summary=" ")) == ["Samenvatting: vul in een of twee zinnen in waar dit over gaat."]
    assert said(factories.PersonFactory.build(summary="")) == []


def test_the_doi_of_a_publication_is_a_link(db):
    links = [
        piece
        for piece in read(factories.PublicationFactory.build(doi="10.1234/abcd", url=""))
        if isinstance(piece, Link)
    ]
    assert [link.address for link in links] == ["https://doi.org/10.1234/abcd"]


# --- Advice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Klik hier", "hier", "Lees meer »", "LEES MEER..."])
def test_a_link_that_does_not_say_where_it_goes_is_advised_against(label, db):
    made = pilot(text(f'<p>Zie <a href="/contact/">{label}</a></p>'))
    assert (len(advised(made)), said(made)) == (1, [])


def test_a_link_that_says_where_it_goes_is_fine(db):
    assert advised(pilot(text('<p>Lees <a href="/contact/">hier hoe u ons bereikt</a></p>'))) == []


def test_a_long_sentence_is_advised_against_wherever_it_stands(db):
    made = factories.ProgrammeFactory(pilot=factories.PilotFactory(summary=LONG), entry=LONG).pilot
    assert [finding.partition(": ")[0] for finding in advised(made)] == ["Samenvatting", "Opleiding 1, toelating"]
    assert "deze zin heeft 26 woorden; maak er hoogstens 25 van" in advised(made)[0]


def test_the_words_of_others_may_be_long(db):
    source = factories.SourceFactory()
    quote = {"text": LONG, "speaker": "Noor", "source": source.pk}
    assert advised(pilot({"type": "quote", "value": quote})) == []


@pytest.mark.parametrize(
    "number", ["70 procent slaagt.", "Het kost € 1.250 per jaar.", "Wel 12,5% stopt.", "Er is 3 miljoen."]
)
def test_a_number_in_running_text_asks_for_a_source(number, db):
    [finding] = advised(pilot(text(f"<p>{number}</p>")))
    assert finding.startswith("Verhaal, blok 1 (Tekst): waar komt dit getal vandaan?")


def test_a_number_with_a_source_in_its_block_or_on_its_page_asks_nothing(db):
    source = factories.SourceFactory()
    claim = {"type": "claim", "value": {"text": "<p>70 procent slaagt.</p>", "sources": [source.pk]}}
    assert advised(pilot(claim)) == []
    made = factories.ReferenceFactory(pilot=factories.PilotFactory(summary="70 procent slaagt.")).pilot
    assert advised(made) == []


def test_a_page_without_a_review_date_is_asked_for_one(db):
    assert advised(pilot(review_on=None)) == ["Beheer: kies een datum waarop u de pagina weer nakijkt."]


def test_a_list_of_sources_is_no_sentence():
    assert sentences("<p>Een zin. Nog een.</p><ul><li>Een punt</li></ul><p>Bron: een boek</p>") == [
        *("Een zin.", "Nog een.", "Een punt"),
    ]
    assert sentences("<p>Bronnen: een boek</p><p>Bronnen zijn er genoeg.</p>") == ["Bronnen zijn er genoeg."]


# --- Publishing -------------------------------------------------------------------------------------------


def test_nobody_publishes_a_version_with_errors_by_code_either(moderator):
    made = factories.PilotFactory()
    made.body = pilot(text("<h4>Te diep</h4>")).body
    revision = made.save_revision()
    with pytest.raises(NotReady, match="hier staat kop 4"):
        revision.publish(user=moderator)
    assert Pilot.objects.get().body.raw_data[:] == []
