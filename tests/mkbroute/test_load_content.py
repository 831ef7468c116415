"""What the command promises, tried on small files. What the files of the site say is in test_content.py."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex, Site

from mkbroute.core.models import Sector, Source
from mkbroute.loading import Report, load_content
from mkbroute.models import ContentPage, HomePage, LoadedItem
from network.models import Organisation
from pilots.models import Pilot, Region, Status

pytestmark = pytest.mark.django_db

FILES = {
    "vocabulary.yaml": """
        provinces:
          utrecht: {title: Utrecht, code: NL-UT}
        sectors:
          bouw: {title: Bouw en infra}
          ict: {title: ICT}
        themes:
          samenwerking: {title: Samenwerking}
    """,
    "sources.yaml": """
        folder: {title: Folder, publisher: Programma, date: 2020-12-31, date_text: eind 2020}
    """,
    "organisations.yaml": """
        avans: {title: Avans Hogeschool, short_name: Avans, kind: hogeschool}
    """,
    "pilots.yaml": """
        bouwkunde:
          number: 1
          title: Bouwkunde
          summary: Werken en leren in de bouw.
          sector: bouw
          themes: [samenwerking]
          regions:
            - {name: Noord, province: utrecht}
            - {name: Zuid, province: utrecht}
          partnerships:
            - {organisation: avans, role: hogeschool}
          status_changes:
            - {status: pilotplan, date_text: zomer 2020}
            - {status: lopend, date_text: eind 2020, source: folder}
          body:
            - text: <h2>Hoe werkt het?</h2><p>U werkt <b>vier</b> dagen.</p>
            - figure:
                {value: 50, unit: studenten, as_of: 2020, heading: Groei, text: <p>Veel.</p>, source: folder}
    """,
    "pages/index.yaml": """
        title: Mkb-route
        heading: Werken en leren
        lead: Een hbo-opleiding vanaf de werkplek.
    """,
    "pages/over.yaml": """
        title: Over ons
        search_description: Over het programma.
        body:
          - text: <p>Een programma.</p>
    """,
}
ITEMS = 9


@pytest.fixture
def write(tmp_path):
    """``write(name, text)`` makes or changes a content file; the folder already holds FILES."""

    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    for name, text in FILES.items():
        write(name, text)
    return write


@pytest.fixture
def change(write):
    """``change(name, old, new)`` replaces a piece of one of FILES."""

    def change(name: str, old: str, new: str) -> Path:
        assert FILES[name].count(old) == 1
        return write(name, FILES[name].replace(old, new))

    return change


@pytest.fixture
def load(write, tmp_path):
    """``load()`` loads the folder."""
    return lambda: load_content(tmp_path)


class Writes:
    """Counts the rows that statements change."""

    rows = 0

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.rows += context["cursor"].rowcount
        return result


# -- the first load


def test_a_pilot_is_published_with_all_its_rows(load):
    assert load() == Report(created=ITEMS)
    pilot = Pilot.objects.published().get()
    assert (pilot.slug, pilot.number, pilot.sector.slug) == ("bouwkunde", 1, "bouw")
    assert [region.name for region in pilot.regions.all()] == ["Noord", "Zuid"]
    assert [theme.slug for theme in pilot.themes.all()] == ["samenwerking"]
    assert pilot.hogescholen == [Organisation.objects.get(slug="avans")]
    assert pilot.status == Status.RUNNING


def test_history_begins_with_one_published_version(load):
    load()
    pilot = Pilot.objects.get()
    assert pilot.revisions.count() == 1
    assert pilot.live_revision == pilot.latest_revision == pilot.revisions.get()
    assert pilot.has_unpublished_changes is False
    assert pilot.live_revision.as_object().regions.first().pk == pilot.regions.first().pk


def test_running_text_is_read_back_as_blocks(load):
    load()
    text, figure = Pilot.objects.get().body
    assert text.value.source == "<h2>Hoe werkt het?</h2><p>U werkt <b>vier</b> dagen.</p>"
    assert (figure.value["value"], figure.value["source"]) == ("50", Source.objects.get(title="Folder"))


def test_every_block_of_the_format_can_be_written(write, load):
    write(
        "pages/over.yaml",
        """
        title: Over ons
        body:
          - quote: {text: Het werkt., speaker: Een student, source: folder}
          - table:
              caption: Vormen
              header: [Vorm, Jaren]
              rows: [[Ad, 2], [bachelor, 4]]
              source: null
          - steps:
              heading: Tijdlijn
              steps: [{name: eind 2020, text: Start., source: folder}, {name: zomer 2021, source: null}]
              current: 2
          - call_to_action: {heading: Doe mee, text: Het kan., link: {label: Contact, address: /contact/}}
          - related: {heading: Lees verder, links: [{label: Pilots, address: /pilots/}]}
        """,
    )
    load()
    body = ContentPage.objects.get().body
    quote, table, steps, call, related = (block.value for block in body)
    assert [block.block_type for block in body] == ["quote", "table", "steps", "call_to_action", "related"]
    assert quote["speaker"] == "Een student"
    assert [column["heading"] for column in table["table"].columns] == ["Vorm", "Jaren"]
    assert [row["values"] for row in table["table"].row_data] == [["Ad", "2"], ["bachelor", "4"]]
    assert [(step["name"], step["source"]) for step in steps["steps"]] == [
        ("eind 2020", Source.objects.get()),
        ("zomer 2021", None),
    ]
    assert (steps["current"], call["link"]["address"]) == (2, "/contact/")
    assert [link["label"] for link in related["links"]] == ["Pilots"]


def test_a_word_of_a_list_gets_its_slug_and_place_from_the_file(load):
    load()
    assert list(Sector.objects.values_list("slug", "sort_order")) == [("bouw", 1), ("ict", 2)]


def test_a_page_stands_at_the_address_of_its_file(write, load):
    write("pages/over/geld.yaml", "title: Wie betaalt\norder: 20")
    write("pages/over/later.yaml", "title: Later\norder: 10\nslug: na-2023")
    load()
    addresses = [page.url_path for page in ContentPage.objects.order_by("path")]
    assert addresses == ["/home/over/", "/home/over/na-2023/", "/home/over/geld/"]
    assert ContentPage.objects.get(slug="over").live_revision is not None


def test_the_home_page_takes_the_place_of_the_welcome_page_of_wagtail(load, settings):
    settings.SITE_URL = "https://www.voorbeeld.nl"
    load()
    home = HomePage.objects.get()
    assert list(Page.objects.filter(depth=2)) == [home.page_ptr]
    site = Site.objects.get()
    assert (site.hostname, site.port, site.root_page, site.is_default_site) == (
        "www.voorbeeld.nl",
        443,
        home.page_ptr,
        True,
    )


def test_the_site_follows_the_public_address(load, settings):
    load()
    settings.SITE_URL = "http://127.0.0.1:8765"
    load()
    assert list(Site.objects.values_list("hostname", "port")) == [("127.0.0.1", 8765)]


def test_usage_of_what_was_loaded_is_known(load):
    load()
    used = ReferenceIndex.get_references_to(Source.objects.get())
    assert {reference.object_id for reference in used} == {str(Pilot.objects.get().pk)}


# -- the second load


def test_a_second_load_writes_nothing(load):
    load()
    with connection.execute_wrapper(writes := Writes()):
        assert load() == Report(unchanged=ITEMS)
    assert writes.rows == 0


def test_a_changed_file_updates_what_no_editor_touched(load, change):
    load()
    before = Pilot.objects.get()
    change("pilots.yaml", "- {name: Noord, province: utrecht}\n", "- {name: Midden, province: utrecht}\n")
    assert load() == Report(updated=1, unchanged=ITEMS - 1)
    pilot = Pilot.objects.get()
    assert (pilot.pk, pilot.live, pilot.revisions.count()) == (before.pk, True, 2)
    assert [region.name for region in pilot.regions.all()] == ["Midden", "Zuid"]
    assert Region.objects.count() == 2
    assert load() == Report(unchanged=ITEMS)


def test_what_left_the_file_is_empty_again(load, change):
    load()
    change("organisations.yaml", ", short_name: Avans", "")
    change("sources.yaml", ", date_text: eind 2020", "")
    change("pages/over.yaml", "        search_description: Over het programma.\n", "")
    assert load() == Report(updated=3, unchanged=ITEMS - 3)
    assert Organisation.objects.get().short_name == ""
    assert Source.objects.get().date_text == ""
    assert ContentPage.objects.get().search_description == ""


def test_a_page_that_was_moved_by_an_editor_is_updated_where_it_is(load, write, change):
    write("pages/partners.yaml", "title: Partners\norder: 5")
    load()
    page = ContentPage.objects.get(slug="over")
    page.move(ContentPage.objects.get(slug="partners"), "last-child")
    change("pages/over.yaml", "title: Over ons", "title: Over het programma")
    assert load().updated == 1
    page = ContentPage.objects.get(slug="over")
    assert (page.title, page.url_path) == ("Over het programma", "/home/partners/over/")


def test_a_changed_slug_leaves_a_redirect(load, change):
    load()
    change("pilots.yaml", "          number: 1\n", "          number: 1\n          slug: bouw\n")
    load()
    redirect = Redirect.objects.get()
    assert (redirect.old_path, redirect.redirect_link) == ("/pilots/bouwkunde", "/pilots/bouw/")


def test_what_left_the_files_stays_on_the_site(load, write):
    load()
    write("pilots.yaml", "")
    assert load() == Report(unchanged=ITEMS - 1)
    assert Pilot.objects.published().count() == 1


# -- what editors do


def publish(organisation):
    organisation.title = "Van de redacteur"
    organisation.save_revision().publish()


def draft(organisation):
    organisation.summary = "Nog niet klaar."
    organisation.save_revision()


def unpublish(organisation):
    organisation.unpublish()


def lock(organisation):
    organisation.locked = True
    organisation.save()


@pytest.mark.parametrize("edit", [publish, draft, unpublish, lock])
def test_what_an_editor_did_is_never_overwritten(load, change, edit):
    load()
    edit(Organisation.objects.get())
    before = Organisation.objects.values().get()
    file = change("organisations.yaml", "Avans Hogeschool", "Avans")
    assert load() == Report(
        unchanged=ITEMS - 1, left_alone=[f"{file}, regel 2: avans is gewijzigd door een redacteur."]
    )
    assert Organisation.objects.values().get() == before


def test_a_source_that_an_editor_changed_is_left_alone(load, change):
    load()
    Source.objects.update(note="Nagekeken.")
    change("sources.yaml", "title: Folder", "title: Programmafolder")
    assert len(load().left_alone) == 1
    assert Source.objects.get().title == "Folder"


def test_an_unchanged_file_says_nothing_about_an_editors_work(load):
    load()
    publish(Organisation.objects.get())
    assert load() == Report(unchanged=ITEMS)
    assert Organisation.objects.get().title == "Van de redacteur"


def test_what_an_editor_deleted_does_not_come_back(load, change):
    load()
    ContentPage.objects.get().delete()
    assert load() == Report(unchanged=ITEMS)
    file = change("pages/over.yaml", "title: Over ons", "title: Over het programma")
    assert load().left_alone == [f"{file}, regel 2: over is verwijderd door een redacteur."]
    assert ContentPage.objects.count() == 0


def test_an_item_that_uses_something_deleted_is_left_alone(load, write):
    load()
    Sector.objects.get(slug="ict").delete()
    write("pilots.yaml", FILES["pilots.yaml"].replace("sector: bouw", "sector: ict"))
    (line,) = load().left_alone
    assert line.endswith("bouwkunde gebruikt 'ict', en dat is verwijderd door een redacteur.")
    assert Pilot.objects.get().sector.slug == "bouw"


def test_a_page_below_a_deleted_page_is_left_alone(load, write):
    load()
    ContentPage.objects.get().delete()
    write("pages/over/geld.yaml", "title: Wie betaalt")
    write("pages/over/geld/later.yaml", "title: Later")
    assert len(load().left_alone) == 2
    assert ContentPage.objects.count() == 0


def test_a_new_item_may_use_what_an_editor_renamed(load, write):
    load()
    Sector.objects.filter(slug="ict").update(slug="digitaal", title="Digitaal")
    write("organisations.yaml", FILES["organisations.yaml"] + "    nl: {title: NL, kind: branche, sector: ict}")
    assert load() == Report(created=1, unchanged=ITEMS)
    assert Organisation.objects.get(slug="nl").sector.slug == "digitaal"


# -- errors

PILOT_ERRORS = [
    ("          number: 1\n", "          number: [1\n", 4, "geen geldige YAML"),
    ("number: 1", "number: 1\n          number: 2", 4, "'number' staat er twee keer."),
    ("number: 1", "nummer: 1", 3, "onbekend veld 'nummer' bij een pilot."),
    ("number: 1", "status: lopend", 3, "onbekend veld 'status' bij een pilot."),
    ("number: 1", "live: false", 3, "onbekend veld 'live' bij een pilot."),
    ("number: 1", "number: een", 3, "number: Waarde van ‘een’ moet een geheel getal zijn."),
    ("number: 1", "number: [1]", 3, "bij 'number' hoort een enkele waarde."),
    ("          number: 1\n", "", 2, "number: Dit veld mag niet leeg zijn."),
    ("sector: bouw", "sector: zorg", 6, "'zorg' is geen bekende sector."),
    ("themes: [samenwerking]", "themes: samenwerking", 7, "bij 'themes' hoort een lijst van namen."),
    ("themes: [samenwerking]", "themes: [geld]", 7, "'geld' is geen bekende thema."),
    ("{name: Zuid, province: utrecht}", "Zuid", 8, "bij 'regions' hoort een lijst van rijen."),
    (
        "{name: Zuid, province: utrecht}",
        "{name: Zuid, province: drenthe}",
        10,
        "'drenthe' is geen bekende provincie.",
    ),
    ("{name: Zuid, province: utrecht}", "{name: Zuid}", 10, "province: Dit veld mag niet leeg zijn."),
    (
        "{name: Zuid, province: utrecht}",
        "{name: Zuid, province: utrecht, latitude: 10, longitude: 5}",
        10,
        "Dit punt ligt niet in Nederland. Vul breedte- en lengtegraad allebei in.",
    ),
    ("name: Zuid", "name: Noord", 2, "Deze regio staat er al."),
    ("role: hogeschool", "role: baas", 12, "role: Waarde 'baas' is geen geldige keuze."),
    ("- text: <h2>", "- tekst: <h2>", 17, "onbekend blok of veld 'tekst'."),
    ("- text: <h2>Hoe werkt het?</h2>", "- <p>Tekst</p>", 2, "een blok is een naam met inhoud"),
    ("<b>vier</b>", "<script>vier</script>", 17, "<script> kan hier niet; wel a, b, br"),
    ("<b>vier</b>", '<b onclick="x">vier</b>', 17, "<b> mag alleen een href hebben"),
    ("<b>vier</b>", '<a href="javascript:x">vier</a>', 17, "<a> mag alleen een href hebben"),
    (
        "value: 50",
        "value: 12345678901234567890 en meer",
        18,
        "figure: value: Zorg dat deze waarde niet meer dan 20 tekens bevat",
    ),
    ("</p>, source: folder", "</p>, source: null", 18, "figure: source: Dit is een verplicht veld."),
    ("</p>, source: folder", "</p>, source: krant", 19, "'krant' is geen bekende bron."),
    ("unit: studenten", "eenheid: studenten", 19, "onbekend blok of veld 'eenheid'."),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), PILOT_ERRORS)
def test_an_error_is_told_with_its_line_and_nothing_is_loaded(change, tmp_path, old, new, line, reason):
    file = change("pilots.yaml", old, new)
    with pytest.raises(CommandError) as error:
        call_command("load_content", tmp_path)
    assert str(error.value)[: len(told := f"Er is niets geladen. {file}, regel {line}: {reason}")] == told
    assert (LoadedItem.objects.count(), Organisation.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert [page.slug for page in Page.objects.filter(depth=2)] == ["home"]


OTHER_ERRORS = [
    ("sources.yaml", "folder: Folder", 1, "bij 'folder' horen namen met inhoud"),
    ("sources.yaml", "- folder", 1, "hier horen namen met inhoud te staan"),
    ("sources.yaml", "1: {title: Folder}", 1, "1 is geen naam"),
    ("sources.yaml", "a: {title: Folder}\nb: {title: Folder}", 2, "Deze bron staat al in het register."),
    ("vocabulary.yaml", "talen: {}", 1, "onbekende lijst 'talen'."),
    ("vocabulary.yaml", "sectors:\n  - bouw", 1, "bij 'sectors' horen namen met inhoud"),
    ("organisations.yaml", "a: {title: A, kind: mbo-school, brin: 12AB}", 1, "Vul bij een BRIN-code ook in"),
    (
        "pages/over/geld/later.yaml",
        "title: Later",
        1,
        "er is geen bestand voor de pagina erboven (over/geld.yaml).",
    ),
    ("pages/over.yaml", "title: Over\norder: eerst", 2, "'order' is een heel getal."),
    (
        "pages/over.yaml",
        "title: Over\naudience: student",
        1,
        "Vul de vraag in waarmee deze groep naar de site komt.",
    ),
    (
        "pages/over.yaml",
        "body:\n- table: {caption: A, header: [a], rows: [[1, 2]]}",
        2,
        "elke rij heeft evenveel cellen",
    ),
    ("pages/over.yaml", "body:\n- picture: {image: {image: 3}}", 2, "'image' kiest u in het beheer"),
    (
        "pages/over.yaml",
        "body:\n- related: {links: [{label: Pilots}]}",
        2,
        "related: links: 0: address: Kies een pagina of vul een adres in",
    ),
]


@pytest.mark.parametrize(("name", "text", "line", "reason"), OTHER_ERRORS)
def test_every_file_tells_its_errors(write, tmp_path, name, text, line, reason):
    (tmp_path / "pages/over/geld").mkdir(parents=True)
    (tmp_path / "pilots.yaml").unlink()
    file = write(name, text)
    with pytest.raises(CommandError) as error:
        call_command("load_content", tmp_path)
    assert str(error.value)[: len(told := f"Er is niets geladen. {file}, regel {line}: {reason}")] == told
    assert LoadedItem.objects.count() == 0


def test_a_file_that_is_not_utf_8_is_refused(write, tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_bytes("folder: {title: Financiën}".encode("latin-1"))
    with pytest.raises(CommandError, match="het bestand is geen UTF-8"):
        call_command("load_content", tmp_path)


def test_an_error_in_a_later_load_keeps_the_earlier_one(load, change, tmp_path):
    load()
    change("organisations.yaml", "Avans Hogeschool", "Avans")
    change("pilots.yaml", "sector: bouw", "sector: zorg")
    with pytest.raises(CommandError):
        call_command("load_content", tmp_path)
    assert Organisation.objects.get().title == "Avans Hogeschool"
    assert Pilot.objects.published().count() == 1


def test_the_command_says_what_it_did(write, tmp_path, capsys):
    call_command("load_content", tmp_path)
    assert capsys.readouterr().out == (f"Inhoud: {ITEMS} nieuw, 0 bijgewerkt, 0 ongewijzigd, 0 met rust gelaten.\n")
    publish(Organisation.objects.get())
    write("organisations.yaml", "avans: {title: A, kind: hogeschool}")
    call_command("load_content", tmp_path)
    assert capsys.readouterr().out == (
        f"Inhoud: 0 nieuw, 0 bijgewerkt, {ITEMS - 1} ongewijzigd, 1 met rust gelaten.\n"
        f"  {tmp_path / 'organisations.yaml'}, regel 1: avans is gewijzigd door een redacteur.\n"
    )
