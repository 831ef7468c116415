"""The weekly list: which links are on it, since when, and when they leave it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mkbroute import links
from mkbroute.fetching import Answer
from mkbroute.models import BrokenLink
from pilots.models import Pilot
from tests import factories


@pytest.fixture
def web(monkeypatch, settings) -> dict[str, Answer]:
    """The internet: what each address answers; one that is not in it answers 200."""
    settings.CHECK_LINKS = True
    answers: dict[str, Answer] = {}
    monkeypatch.setattr(
        links, "ask_all", lambda addresses: {address: answers.get(address, Answer(200)) for address in addresses}
    )
    return answers


def pilot(html: str, **fields) -> Pilot:
    """A pilot with this text."""
    made = factories.PilotFactory(**fields)
    made.body = made._meta.get_field("body").stream_block.to_python([{"type": "text", "value": html}])
    made.save()
    return made


def listed() -> list[tuple]:
    return [(row.title, row.label, row.address, row.what_is_wrong) for row in BrokenLink.objects.all()]


REPORT = '<p>Lees <a href="https://elders.example/rapport#p3">het rapport</a></p>'
BARE = "https://elders.example/rapport"


def test_a_broken_link_is_listed_with_its_page_text_target_and_answer(db, web):
    web[BARE] = Answer(404)
    made = pilot(REPORT, title="Metaal")
    assert links.check_links() == "1 links, 1 kapot."
    assert listed() == [("Metaal", "het rapport", "https://elders.example/rapport#p3", "404, niet gevonden")]
    row = BrokenLink.objects.get()
    assert (row.subject, row.place) == (made, "Verhaal, blok 1 (Tekst)")


def test_dead_links_inside_the_site_and_addresses_of_sources_and_organisations_are_listed(db, web):
    web["https://bron.example/"] = Answer(410)
    web["https://school.example/"] = Answer(reason="de site antwoordt niet", reached=False)
    pilot('<p><a href="/bestaat/niet/">weg</a></p>', title="Metaal")
    factories.SourceFactory(title="Rapport", url="https://bron.example/", date_text="2020")
    factories.OrganisationFactory(title="School", website="https://school.example/")
    links.check_links()
    assert listed() == [
        ("Metaal", "weg", "/bestaat/niet/", "op dit adres staat niets"),
        ("Rapport (2020)", "Adres", "https://bron.example/", "410, weggehaald"),
        ("School", "Website", "https://school.example/", "de site antwoordt niet"),
    ]


def test_what_visitors_do_not_see_is_not_checked(db, web):
    web[BARE] = Answer(404)
    pilot(REPORT, live=False)
    fine = pilot("<p>Goed.</p>")
    fine.body = pilot(REPORT, live=False).body
    fine.save_revision()
    links.check_links()
    assert listed() == []


def test_a_link_keeps_the_day_it_broke_and_leaves_the_list_when_it_works(db, web):
    web[BARE] = Answer(404)
    pilot(REPORT)
    links.check_links()
    broken = timezone.now() - timedelta(days=20)
    BrokenLink.objects.update(broken_since=broken, checked_at=broken)
    web[BARE] = Answer(500)
    links.check_links()
    row = BrokenLink.objects.get()
    assert (row.broken_since, row.status, row.checked_at > broken) == (broken, 500, True)
    web[BARE] = Answer(200)
    links.check_links()
    assert listed() == []


def test_a_link_that_was_taken_out_leaves_the_list(db, web):
    web[BARE] = Answer(404)
    made = pilot(REPORT)
    links.check_links()
    made.body = []
    made.save()
    links.check_links()
    assert listed() == []


def test_what_is_ignored_stays_ignored_while_it_is_broken(db, web):
    web[BARE] = Answer(403)
    pilot(REPORT)
    links.check_links()
    BrokenLink.objects.update(is_ignored=True, ignored_because="Werkt wel.")
    links.check_links()
    assert list(BrokenLink.objects.values_list("is_ignored", "ignored_because")) == [(True, "Werkt wel.")]


def test_checking_twice_lists_nothing_twice(db, web):
    web[BARE] = Answer(404)
    pilot(REPORT + REPORT)
    links.check_links()
    links.check_links()
    assert BrokenLink.objects.count() == 1


@pytest.mark.parametrize("network", ["switched off", "gone"])
def test_without_network_what_is_listed_stays_as_it_was(network, db, web, settings):
    web[BARE] = Answer(404)
    pilot(REPORT, title="Metaal")
    pilot('<p><a href="/bestaat/niet/">weg</a></p>', title="Zorg")
    links.check_links()
    settings.CHECK_LINKS = network != "switched off"
    web[BARE] = Answer(reason="de site antwoordt niet", reached=False)
    assert links.check_links() == "2 links, 2 kapot. 1 niet gecontroleerd."
    assert [what for *_, what in listed()] == ["404, niet gevonden", "op dit adres staat niets"]


# --- Asking -----------------------------------------------------------------------------------------------


def test_every_address_is_asked_once_and_a_host_has_rest_in_between(monkeypatch):
    monkeypatch.setattr(links, "PAUSE", 0)
    asked = []

    def ask(address: str) -> Answer:
        asked.append(address)
        return Answer(200)

    addresses = {f"https://{host}.example/{page}" for host in "abc" for page in range(3)}
    assert set(links.ask_all(addresses, ask)) == addresses
    assert sorted(asked) == sorted(addresses)


def test_who_comes_too_late_is_left_out(monkeypatch):
    monkeypatch.setattr(links, "PATIENCE", -1)
    assert links.ask_all({"https://a.example/"}, lambda address: Answer(200)) == {}
