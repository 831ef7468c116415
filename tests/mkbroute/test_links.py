"""The weekly list: which links are on it, since when, and when they leave it."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from mkbroute import links
from mkbroute.fetching import Answer, fetch
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
    assert links.check_links() == "1 link, 1 kapot."
    assert listed() == [("Metaal", "het rapport", "https://elders.example/rapport#p3", "404, niet gevonden")]
    row = BrokenLink.objects.get()
    assert (row.subject, row.place) == (made, "Verhaal, blok 1 (Tekst)")


def test_dead_links_inside_the_site_and_addresses_of_sources_and_organisations_are_listed(db, web):
    web["https://bron.example/"] = Answer(410)
    web["https://school.example/"] = Answer(reason="de site antwoordt niet")
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


def test_what_is_ignored_stays_ignored_as_long_as_it_is_on_the_page(db, web):
    web[BARE] = Answer(403)
    made = pilot(REPORT)
    links.check_links()
    BrokenLink.objects.update(is_ignored=True, ignored_because="Werkt wel.")
    for answer, words in [
        (403, "403, laat onze controle niet toe"),
        (200, "200, de link werkt"),
        (429, "429, wil minder vaak controle"),
        (500, "500, fout bij de andere site"),
    ]:
        web[BARE] = Answer(answer)
        assert links.check_links() == "1 link, 0 kapot."
        row = BrokenLink.objects.get()
        assert (row.is_ignored, row.ignored_because, row.what_is_wrong) == (True, "Werkt wel.", words)
    made.body = []
    made.save()
    links.check_links()
    assert listed() == []


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
    web[BARE] = Answer(reason="de site antwoordt niet")
    assert links.check_links() == "2 links, 2 kapot. 1 niet gecontroleerd."
    assert [what for *_, what in listed()] == ["404, niet gevonden", "op dit adres staat niets"]


def test_one_private_address_does_not_make_every_link_broken_when_our_network_is_away(db, web, monkeypatch):
    gone, private = Answer(reason="de site antwoordt niet"), Answer(reason="dit adres ligt in een besloten netwerk")
    monkeypatch.setattr(
        links, "ask_all", lambda addresses: {address: private if "10.0" in address else gone for address in addresses}
    )
    pilot(REPORT + '<p><a href="http://10.0.0.1/x">intranet</a> <a href="https://b.example/">b</a></p>')
    assert links.check_links() == "3 links, 0 kapot. 3 niet gecontroleerd."
    assert listed() == []


@pytest.mark.parametrize("alphabet", ["a", "".join(chr(0x4E00 + number) for number in range(9_000))])
def test_a_very_long_address_is_listed_in_full(alphabet, db, web):
    address = f"https://elders.example/{(alphabet * 9_000)[:9_000]}"
    web[address] = Answer(404)
    pilot(f'<p><a href="{address}">lang</a></p>')
    links.check_links()
    assert links.check_links() == "1 link, 1 kapot."
    assert BrokenLink.objects.get().address == address


def test_an_address_that_makes_no_sense_is_listed_and_stops_nothing(db, settings, monkeypatch):
    settings.CHECK_LINKS = True
    real = links.ask_all
    monkeypatch.setattr(
        links,
        "ask_all",
        lambda addresses: real(addresses, lambda address: fetch(address) if "[" in address else Answer(200)),
    )
    pilot('<p><a href="http://[::1">krom</a> <a href="https://b.example/">b</a></p>', title="Metaal")
    assert links.check_links() == "2 links, 1 kapot."
    assert listed() == [("Metaal", "krom", "http://[::1", "geen geldig adres")]


def test_a_chosen_page_is_called_by_its_title_and_a_deleted_one_what_it_was(db, web):
    page = factories.ContentPageFactory(title="Oude pagina", live=False)
    pilot(
        f'<p><a linktype="page" id="{page.pk}">oud</a> <a linktype="page" id="99998">weg</a> '
        '<a linktype="page" id="99999">ook weg</a> <a linktype="document" id="99999">rapport</a></p>',
        title="Metaal",
    )
    assert links.check_links() == "4 links, 4 kapot."
    assert sorted(listed()) == [
        ("Metaal", "ook weg", "een verwijderde pagina", "bestaat niet meer"),
        ("Metaal", "oud", "Oude pagina", "is niet gepubliceerd"),
        ("Metaal", "rapport", "een verwijderd document", "bestaat niet meer"),
        ("Metaal", "weg", "een verwijderde pagina", "bestaat niet meer"),
    ]


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


def test_a_host_that_never_answers_does_not_keep_us_and_the_others_count(monkeypatch):
    monkeypatch.setattr(links, "PATIENCE", 3)
    monkeypatch.setattr(links, "HOSTS_AT_ONCE", 2)
    monkeypatch.setattr(links, "PAUSE", 0)
    ended, asked = threading.Event(), []

    def ask(address: str) -> Answer:
        asked.append(address)
        if address != "https://a.example/":
            ended.wait(20)
        return Answer(200)

    addresses = {"https://a.example/", "https://a.example/traag", *(f"https://{host}.example/" for host in "bcde")}
    monkeypatch.setattr(links.random, "shuffle", lambda hosts: hosts.sort(reverse=True, key=len))
    began = time.monotonic()
    try:
        answers = links.ask_all(sorted(addresses), ask)
        assert time.monotonic() - began < 15
        assert answers == {"https://a.example/": Answer(200)}
        assert len(asked) == 3  # what had not begun is dropped
    finally:
        ended.set()


def test_who_gives_no_answer_or_fails_is_left_out(monkeypatch, caplog):
    def ask(address: str) -> Answer | None:
        if "stuk" in address:
            raise RuntimeError("onverwacht")
        return None if "naamloos" in address else Answer(200)

    addresses = {"https://stuk.example/", "https://naamloos.example/", "https://a.example/"}
    assert links.ask_all(addresses, ask) == {"https://a.example/": Answer(200)}
    assert [record.exc_info[1].args for record in caplog.records] == [("onverwacht",)]
