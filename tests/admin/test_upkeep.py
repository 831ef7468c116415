"""Broken links to ignore, the jobs of the clock, "Nog steeds juist", sources to look at again, and two editors on one row."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mkbroute.core.models import Source
from mkbroute.models import BrokenLink, ContentPage, JobRun
from network.models import Organisation
from pilots.models import Pilot
from tests import factories
from tests.admin.conftest import edit_url, messages


def listed(response, selector: str = "td.title .title-wrapper") -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return sorted(" ".join(cell.text.split()) for cell in page.select(selector))


def screen(model, name: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


# --- Broken links -----------------------------------------------------------------------------------------


def test_a_link_is_ignored_with_a_reason_and_it_is_kept_by_whom(desk, editor, read_form):
    link = factories.BrokenLinkFactory()
    data = read_form(desk, edit_url(link))
    response = desk.post(edit_url(link), {**data, "is_ignored": "on"})
    page = BeautifulSoup(response.content, "html.parser")
    [error] = page.find_all(string=lambda text: "Schrijf erbij waarom u deze link negeert." in text)
    assert error.find_parent(id=True)["id"] == "panel-child-negeren-child-ignored_because-errors"
    desk.post(edit_url(link), {**data, "is_ignored": "on", "ignored_because": "Werkt in de browser."})
    link.refresh_from_db()
    assert (link.is_ignored, link.ignored_because, link.ignored_by) == (True, "Werkt in de browser.", editor)


def test_the_list_leaves_out_what_is_ignored_unless_it_is_asked_for(desk):
    factories.BrokenLinkFactory(address="https://a.example/")
    factories.BrokenLinkFactory(address="/weg/", is_ignored=True, ignored_because="Komt nog.")
    found = {
        query: listed(desk.get(screen(BrokenLink, "list") + query))
        for query in ("", "?is_ignored=ja", "?is_ignored=alle", "?is_ignored=alle&where=site", "?where=elders")
    }
    assert found == {
        "": ["https://a.example/"],
        "?is_ignored=ja": ["/weg/"],
        "?is_ignored=alle": ["/weg/", "https://a.example/"],
        "?is_ignored=alle&where=site": ["/weg/"],
        "?where=elders": ["https://a.example/"],
    }


def test_the_list_and_its_export_tell_why_a_link_is_ignored_and_by_whom(desk, editor):
    editor.first_name, editor.last_name = "Tess", "Bakker"
    editor.save()
    factories.BrokenLinkFactory(is_ignored=True, ignored_because="Komt nog.", ignored_by=editor)
    page = BeautifulSoup(desk.get(screen(BrokenLink, "list") + "?is_ignored=ja").content, "html.parser")
    cells = [" ".join(cell.text.split()) for cell in page.select("tbody td")]
    assert cells[-2:] == ["Komt nog.", "Tess Bakker"]
    exported = b"".join(desk.get(screen(BrokenLink, "list") + "?is_ignored=ja&export=csv")).decode()
    assert exported.strip().endswith("True,Komt nog.,Tess Bakker")
    assert "Genegeerd omdat,Genegeerd door" in exported.splitlines()[0]
    workbook = desk.get(screen(BrokenLink, "list") + "?is_ignored=ja&export=xlsx")
    assert b"".join(workbook).startswith(b"PK")


def test_the_list_costs_the_same_for_one_link_and_for_three(desk, editor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(screen(BrokenLink, "list") + "?is_ignored=alle")
        return len(captured)

    factories.BrokenLinkFactory(is_ignored=True, ignored_because="Zo.", ignored_by=editor)
    queries()
    at_one = queries()
    for _ in range(2):
        factories.BrokenLinkFactory(is_ignored=True, ignored_because="Zo.", ignored_by=factories.UserFactory())
    assert queries() == at_one


def test_there_is_no_box_to_tick_because_there_is_nothing_to_do_with_many(team):
    factories.BrokenLinkFactory()
    page = BeautifulSoup(team.get(screen(BrokenLink, "list")).content, "html.parser")
    assert page.select("table input[type=checkbox]") == []


def test_the_start_screen_counts_what_is_broken_and_opens_that_list(desk):
    factories.BrokenLinkFactory(address="https://a.example/")
    factories.BrokenLinkFactory(is_ignored=True, ignored_because="Zo.")
    page = BeautifulSoup(desk.get("/admin/").content, "html.parser")
    [number] = [link for link in page.select(".today__link") if "Kapotte links" in link.text]
    assert number.select_one(".today__count").text == "1"
    assert listed(desk.get(number["href"])) == ["https://a.example/"]


def test_a_row_leads_to_the_page_with_the_link(desk):
    link = factories.BrokenLinkFactory()
    page = BeautifulSoup(desk.get(screen(BrokenLink, "list")).content, "html.parser")
    assert page.select_one(f'a[href="{edit_url(link.subject)}"]').text == link.title


# --- Jobs -------------------------------------------------------------------------------------------------


def test_the_team_sees_how_every_job_went_and_an_editor_does_not(team, desk):
    call_command("run_jobs")
    JobRun.objects.filter(name="check_links").update(outcome=JobRun.Outcome.FAILED, message="geen verbinding")
    page = team.get(reverse("job_list")).content.decode()
    assert ["Kapotte links zoeken" in page, "geen verbinding" in page, "mislukt op" in page] == [True] * 3
    assert desk.get(reverse("job_list")).status_code == 302


def test_the_start_screen_counts_what_is_late_or_failed(team, desk):
    call_command("run_jobs")
    JobRun.objects.filter(name="publish_scheduled").update(started_at=timezone.now() - timedelta(hours=1))
    page = BeautifulSoup(team.get("/admin/").content, "html.parser")
    link = page.select_one(f'a[href="{reverse("job_list")}"]:has(.today__count)')
    assert " ".join(link.text.split()) == "1 Taken te laat of mislukt"
    assert "Taken te laat of mislukt" not in desk.get("/admin/").content.decode()


# --- Nog steeds juist -------------------------------------------------------------------------------------

NEXT_YEAR = timezone.localdate() + timedelta(days=365)


def confirm_url(thing) -> str:
    return reverse("still_correct", args=[thing._meta.app_label, thing._meta.model_name, thing.pk])


@pytest.mark.parametrize("make", [factories.PilotFactory, factories.ContentPageFactory])
def test_one_click_on_the_edit_screen_moves_the_date_and_stands_in_history(make, desk):
    thing = make(review_on="2024-09-01")
    is_page = isinstance(thing, ContentPage)
    where = reverse("wagtailadmin_pages:edit", args=[thing.pk]) if is_page else edit_url(thing)
    form = BeautifulSoup(desk.get(where).content, "html.parser").select_one(f'form[action="{confirm_url(thing)}"]')
    assert form.select_one("button").text == "Nog steeds juist"
    response = desk.post(form["action"], follow=True)
    assert response.redirect_chain[-1][0] == where
    assert messages(response)[0] == f"‘{thing}’ is nagekeken. Over een jaar vragen wij het weer."
    thing.refresh_from_db()
    assert thing.review_on == NEXT_YEAR
    history = "wagtailadmin_pages:history" if is_page else Pilot.snippet_viewset.get_url_name("history")
    assert "Nagekeken: nog steeds juist" in desk.get(reverse(history, args=[thing.pk])).content.decode()


def test_one_click_in_the_list_takes_the_page_off_it(desk):
    pilot = factories.PilotFactory(title="Metaal", review_on="2024-09-01")
    factories.PilotFactory(title="Zorg", review_on="2024-09-01")
    address = "/admin/vandaag/nakijken/"
    form = BeautifulSoup(desk.get(address).content, "html.parser").select_one(f'form[action="{confirm_url(pilot)}"]')
    fields = {field["name"]: field["value"] for field in form.select("input")}
    response = desk.post(form["action"], fields, follow=True)
    assert response.redirect_chain[-1][0] == address
    assert listed(response) == ["Zorg"]


def test_the_button_in_the_panel_carries_the_token(editor):
    pilot = factories.PilotFactory(review_on="2024-09-01")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    page = BeautifulSoup(browser.get(edit_url(pilot)).content, "html.parser")
    form = page.select_one(f'form[action="{confirm_url(pilot)}"]')
    assert (
        browser.post(form["action"], {field["name"]: field["value"] for field in form.select("input")}).status_code
        == 302
    )
    assert Pilot.objects.get().review_on == NEXT_YEAR


def test_who_has_the_form_open_is_told_that_a_colleague_moved_the_date(desk, team, read_form):
    pilot = factories.PilotFactory(review_on="2024-09-01")
    pilot.save_revision()
    opened = read_form(desk, edit_url(pilot))
    team.post(confirm_url(pilot))
    assert messages(desk.post(edit_url(pilot), opened))[0].startswith("Nog niet bewaard: team@voorbeeld.nl heeft")
    assert Pilot.objects.get().get_latest_revision_as_object().review_on == NEXT_YEAR


def test_a_source_added_while_writing_says_what_sort_it_is(desk):
    chooser = Source.snippet_viewset.chooser_viewset
    create = reverse(chooser.get_url_name("create"))
    prefix = BeautifulSoup(desk.get(reverse(chooser.get_url_name("choose"))).json()["html"], "html.parser")
    select = prefix.select_one("select[name$=kind]")
    assert select.select_one("option").text == "Kies een soort"
    assert select.select_one("option[selected]") is None or select.select_one("option[selected]")["value"] == ""
    name = select["name"]
    data = {name: "", name.replace("kind", "title"): "Rapport", name.replace("kind", "date_text"): "2020"}
    desk.post(create, data)
    assert Source.objects.count() == 0
    desk.post(create, {**data, name: "meting"})
    assert Source.objects.get().kind == "meting"


def test_looking_is_not_confirming(desk):
    pilot = factories.PilotFactory(review_on="2024-09-01")
    assert desk.get(confirm_url(pilot)).status_code == 405


def test_who_may_not_edit_a_page_confirms_nothing(outsider, as_user, groups):
    pilot = factories.PilotFactory(review_on="2024-09-01")
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(groups["Redacteur"].permissions.filter(codename__in=["access_admin", "change_person"]))
    assert [as_user(someone).post(confirm_url(pilot)).status_code for someone in (outsider, user)] == [404, 404]
    assert str(Pilot.objects.get().review_on) == "2024-09-01"


@pytest.mark.parametrize("path", ["core/source/1", "accounts/user/1", "geen/model/1", "pilots/pilot/999"])
def test_only_pages_that_exist_are_confirmed(path, team):
    factories.SourceFactory(pk=1)
    assert team.post(f"/admin/nagekeken/{path}/").status_code == 404


# --- Sources ----------------------------------------------------------------------------------------------


def test_a_source_past_its_review_date_is_marked_and_found(desk):
    factories.SourceFactory(title="Oud", review_on="2024-09-01")
    factories.SourceFactory(title="Vers", review_on="2099-09-01")
    factories.SourceFactory(title="Zonder datum")
    page = desk.get(screen(Source, "list"))
    assert listed(page, "td .w-status--primary") == ["1 september 2024"]
    found = {answer: listed(desk.get(screen(Source, "list"), {"needs_review": answer})) for answer in ("true", "false")}
    assert [[title.split(" (")[0] for title in titles] for titles in found.values()] == [
        ["Oud"],
        ["Vers", "Zonder datum"],
    ]


def test_the_list_of_sources_counts_and_names_where_each_is_used_also_inside_a_text(desk):
    source, unused = factories.SourceFactory(title="Gebruikt"), factories.SourceFactory(title="Ongebruikt")
    factories.FactFactory(pilot=factories.PilotFactory(title="Metaal"), source=source)
    organisation = factories.OrganisationFactory(title="Avans")
    quote = {"type": "quote", "value": {"text": "Mooi.", "speaker": "", "source": source.pk}}
    organisation.body = Organisation._meta.get_field("body").stream_block.to_python([quote, quote])
    organisation.save()
    page = BeautifulSoup(desk.get(screen(Source, "list")).content, "html.parser")
    assert page.select_one(f'td a[href="{screen(Source, "usage", source.pk)}"]').text == "2 pagina's"
    assert page.select_one(f'td a[href="{screen(Source, "usage", unused.pk)}"]') is None
    usage = desk.get(screen(Source, "usage", source.pk)).content.decode()
    assert ["Metaal" in usage, "Avans" in usage] == [True, True]


# --- Two editors on a row without versions ----------------------------------------------------------------


def test_the_second_editor_of_a_source_is_told_and_keeps_what_was_typed(team, desk, moderator, read_form):
    moderator.first_name, moderator.last_name = "Tess", "Bakker"
    moderator.save()
    source = factories.SourceFactory(title="Rapport")
    mine, theirs = read_form(team, edit_url(source)), read_form(desk, edit_url(source))
    team.post(edit_url(source), {**mine, "note": "Van het team"})
    response = desk.post(edit_url(source), {**theirs, "note": "Van de redacteur"})
    assert messages(response) == [
        "Nog niet bewaard: Tess Bakker heeft dit intussen veranderd. Wat u hebt ingevuld staat hieronder nog. Bekijk eerst "
        "wat er nu staat. Bewaart u daarna opnieuw, dan komt uw tekst ervoor in de plaats."
    ]
    source.refresh_from_db()
    assert source.note == "Van het team"
    form = BeautifulSoup(response.content, "html.parser")
    assert form.select_one("[name=note]").text.strip() == "Van de redacteur"
    desk.post(edit_url(source), {**theirs, "note": "Toch", "opened_as": form.select_one("[name=opened_as]")["value"]})
    source.refresh_from_db()
    assert source.note == "Toch"


def test_one_editor_of_a_source_alone_is_told_nothing(desk, read_form):
    source = factories.SourceFactory()
    for note in ("Een", "Twee"):
        desk.post(edit_url(source), {**read_form(desk, edit_url(source)), "note": note})
    source.refresh_from_db()
    assert source.note == "Twee"


@pytest.mark.parametrize("nonsense", ["", "x", "é"])
def test_who_does_not_say_what_was_opened_is_told_first(nonsense, desk, read_form):
    source = factories.SourceFactory()
    response = desk.post(edit_url(source), {**read_form(desk, edit_url(source)), "opened_as": nonsense, "note": "Zo"})
    assert messages(response)[0].startswith("Nog niet bewaard: iemand anders heeft dit intussen veranderd.")
    assert Source.objects.get().note == ""


# --- Dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2026-11-30", "30-11-2026", "30/11/2026"])
def test_a_date_is_understood_in_every_usual_writing(typed, desk, read_form):
    pilot = factories.PilotFactory()
    desk.post(edit_url(pilot), {**read_form(desk, edit_url(pilot)), "review_on": typed})
    assert str(Pilot.objects.get().get_latest_revision_as_object().review_on) == "2026-11-30"


def test_what_is_no_date_is_refused_in_words(desk, read_form):
    pilot = factories.PilotFactory()
    response = desk.post(edit_url(pilot), {**read_form(desk, edit_url(pilot)), "review_on": "eind november"})
    assert "Voer een geldige datum in." in response.content.decode()
    assert 'value="eind november"' in response.content.decode()
