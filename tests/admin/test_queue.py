"""The screens of the team's queue, as who handles it uses them, and who does not find them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mkbroute import queue
from mkbroute.accounts.models import User
from mkbroute.core.models import AuditEntry, Decision, StandardText
from mkbroute.models import ContactMessage
from network.models import Organisation
from tests import factories
from tests.admin.conftest import messages
from tests.mkbroute.queue_kinds import TextKind

QUEUE = "/admin/wachtrij/"


@pytest.fixture(autouse=True)
def _two_kinds(monkeypatch):
    monkeypatch.setattr(queue, "KINDS", [TextKind(), queue.ContactKind()])
    monkeypatch.setattr(Organisation, "portal_url", "/partner/", raising=False)
    monkeypatch.setattr(Organisation, "privacy_reason", "Dit is het nummer van de school.", raising=False)


@pytest.fixture
def text(writer):
    """A text of a member, waiting since today."""
    return factories.OrganisationFactory(
        title="Een dag <op> de werkplek", summary="Bel <b>06-12345678</b>.", owner=writer, live=False
    )


def address(item, kind: str = "stukje") -> str:
    return f"{QUEUE}{kind}/{item.pk}/"


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(tag) -> str:
    return " ".join(tag.text.split())


def listed(client, query: str = "") -> list[str]:
    return [words(row.select_one("td")) for row in soup(client.get(QUEUE + query)).select("tbody tr")]


def sent(client, path: str, **typed) -> dict:
    """What the form there sends, with this typed in."""
    form = soup(client.get(path)).select_one("form[data-queue-form]")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]:not([name^=csrf])")}
    return {**fields, "reason": "", "text": "", **typed}


def wait_since(days: int, item) -> None:
    moment = timezone.now() - timedelta(days=days)
    type(item).objects.filter(pk=item.pk).update(
        **{"received_at" if isinstance(item, ContactMessage) else "last_published_at": moment}
    )


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_tells_of_each_what_of_which_pilot_by_whom_and_since_when(text, team):
    (row,) = soup(team.get(QUEUE)).select("tbody tr")
    assert [words(cell) for cell in row.select("td")] == [
        "Een dag <op> de werkplek",
        "vandaag",
        "Stukje",
        "Bouwkunde",
        str(text.owner),
    ]
    assert row.select_one("a")["href"] == address(text)


def test_what_waits_longest_is_on_top_and_marked_when_that_is_too_long(text, team):
    old = factories.ContactMessageFactory(subject="Oude vraag")
    wait_since(14, old)
    rows = soup(team.get(QUEUE)).select("tbody tr")
    assert [words(row.select_one("td")) for row in rows] == ["Oude vraag", "Een dag <op> de werkplek"]
    assert ["te laat" in words(row) for row in rows] == [True, False]
    assert "14 dagen te laat: " in words(rows[0])


def test_the_list_is_filtered_by_kind_pilot_and_being_late(text, team):
    old = factories.ContactMessageFactory(subject="Oude vraag")
    wait_since(14, old)
    title = "Een dag <op> de werkplek"
    expected = {
        "?soort=stukje": [title],
        "?soort=contactbericht": ["Oude vraag"],
        "?pilot=Bouwkunde": [title],
        "?te_laat=on": ["Oude vraag"],
        "?soort=stukje&te_laat=on": [],
        "?soort=onzin&pilot=Nergens&p=zeven": ["Oude vraag", title],
    }
    assert {query: listed(team, query) for query in expected} == expected


def test_a_filter_that_leaves_nothing_says_how_many_there_are(text, team):
    page = soup(team.get(QUEUE + "?te_laat=on"))
    assert "Hiervan wacht er niets. Toon alles wat wacht (1)" in words(page.select_one(".queue"))


def test_an_empty_queue_says_so(team):
    assert "Er wacht niets op ons. Alles is afgehandeld." in words(soup(team.get(QUEUE)).select_one(".queue"))


def test_a_long_queue_comes_in_pages_that_keep_the_filter(team):
    for n in range(51):
        factories.ContactMessageFactory(subject=f"Vraag {n}")
    assert [len(listed(team, query)) for query in ("", "?p=2", "?soort=contactbericht&p=2", "?p=99")] == [50, 1, 1, 1]
    page = soup(team.get(QUEUE + "?soort=contactbericht"))
    assert page.select_one(".queue__pages a")["href"] == "?soort=contactbericht&p=2"


def test_the_list_costs_the_same_for_one_and_for_three(text, team, queries):
    factories.ContactMessageFactory()
    at_one = queries(team, QUEUE)
    for _ in range(2):
        factories.ContactMessageFactory(), factories.OrganisationFactory(live=False, owner=factories.UserFactory())
    assert queries(team, QUEUE) == at_one
    assert at_one <= 17


# --- Who gets in ----------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(text):
    return [QUEUE, address(text), address(factories.ContactMessageFactory(), "contactbericht")]


def test_the_team_reads_every_item(addresses, team):
    assert [team.get(path).status_code for path in addresses] == [200, 200, 200]


def test_an_editor_is_told_that_this_is_not_theirs(addresses, desk):
    for path in addresses:
        for response in (desk.get(path), desk.post(path, {"choice": "goedkeuren"})):
            assert (response.status_code, response.url) == (302, "/admin/")
    assert Decision.objects.count() == 0


def test_for_partners_the_queue_does_not_exist_and_a_visitor_signs_in(addresses, lead, writer, outsider, as_user):
    for path in addresses:
        for user in (lead, writer, outsider):
            assert [as_user(user).get(path).status_code, as_user(user).post(path).status_code] == [404, 404]
        response = as_user(None).get(path)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/account/login/")


def test_who_handles_only_contact_messages_sees_only_those(text, groups, as_user):
    message = factories.ContactMessageFactory(subject="Een vraag")
    user = factories.UserFactory(is_staff=True)
    rights = groups["Programmateam"].permissions
    user.user_permissions.set(rights.filter(codename__in=["access_admin", "change_contactmessage"]))
    client = as_user(user)
    assert listed(client) == ["Een vraag"]
    assert client.get(address(message, "contactbericht")).status_code == 200
    assert client.get(address(text)).status_code == 302
    assert client.post(address(text), {"choice": "goedkeuren"}).status_code == 302
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("path", ["onbekend/1/", "stukje/999999/", "stukje/99999999999999999999/"])
def test_what_does_not_exist_is_not_found(path, team):
    assert team.get(QUEUE + path).status_code == 404


# --- One item -------------------------------------------------------------------------------------------------------


def test_an_item_shows_the_text_with_data_of_people_marked_and_why_they_may_stay(text, team):
    page = soup(team.get(address(text)))
    content = page.select_one(".queue__content")
    assert words(content) == "Bel <b>06-12345678 (telefoonnummer?)</b>."
    assert [mark.text for mark in content.select("mark")] == ["06-12345678"]
    about = words(page.select_one("section[aria-labelledby=persoonsgegevens]"))
    assert "06-12345678 (telefoonnummer), bij Samenvatting" in about
    assert "Dit is het nummer van de school." in about


def test_without_data_of_people_that_is_said_too(text, team):
    Organisation.objects.update(summary="Niets bijzonders.")
    page = soup(team.get(address(text)))
    assert "Wij vonden geen e-mailadressen" in words(page.select_one("section[aria-labelledby=persoonsgegevens]"))


def test_an_item_shows_what_was_decided_before_by_whom_and_why(text, team):
    by = factories.UserFactory(first_name="Roos", last_name="Visser")
    factories.DecisionFactory(target=text, by=by, verb="teruggestuurd", reason="Wie is <dit>?")
    factories.DecisionFactory(target=factories.PilotFactory(), reason="Van iets anders.")
    page = soup(team.get(address(text)))
    (line,) = page.select(".queue__history > li")
    assert words(line).startswith("Teruggestuurd door Roos Visser op ")
    assert words(line.select_one("blockquote")) == "Wie is <dit>?"


def test_a_choice_is_a_button_and_brings_one_back_to_the_queue(text, moderator, team):
    page = soup(team.get(address(text)))
    assert [words(button) for button in page.select("button[name=choice]")] == ["Goedkeuren", "Terugsturen"]
    response = team.post(address(text), sent(team, address(text), choice="goedkeuren"), follow=True)
    assert response.redirect_chain == [(QUEUE, 302)]
    assert messages(response) == ["Gedaan: Goedkeuren. Het gaat om ‘Een dag <op> de werkplek’."]
    assert Decision.objects.get().by == moderator


def test_returning_without_a_reason_is_refused_at_the_field(text, team):
    response = team.post(address(text), sent(team, address(text), choice="terugsturen"))
    page = soup(response)
    assert page.select_one('.help-critical a[href="#id_reason"]').text == (
        "Reden of opmerking: Vul dit in als u kiest voor ‘Terugsturen’."
    )
    assert Decision.objects.count() == 0


def test_a_reason_that_is_too_long_keeps_every_word(text, team):
    typed = "woord " * 400
    response = team.post(address(text), sent(team, address(text), choice="goedkeuren", reason=typed))
    assert soup(response).select_one("#id_reason").text.strip() == typed.strip()
    assert Decision.objects.count() == 0


def test_a_newer_version_is_shown_first_and_what_was_typed_stays(text, team):
    form = sent(team, address(text), choice="terugsturen", reason="Wie is dit?")
    Organisation.objects.update(summary="Een nieuwe tekst.")
    page = soup(team.post(address(text), form))
    assert "Er is intussen een nieuwere versie." in words(page.select_one("[role=alert]"))
    assert words(page.select_one(".queue__content")) == "Een nieuwe tekst."
    assert page.select_one("#id_reason").text.strip() == "Wie is dit?"
    again = {field["name"]: field["value"] for field in page.select("[data-queue-form] input[type=hidden][value]")}
    assert team.post(address(text), {**form, **again}).status_code == 302
    assert Decision.objects.get().version == "Een nieuwe tekst."


def test_the_second_of_the_team_reads_who_was_first_and_keeps_the_words(text, team, as_user, groups):
    other = factories.UserFactory(first_name="Roos", is_staff=True)
    other.groups.add(groups["Programmateam"])
    form = sent(team, address(text), choice="terugsturen", reason="Wie is dit?")
    as_user(other).post(address(text), sent(as_user(other), address(text), choice="goedkeuren"))
    page = soup(team.post(address(text), form))
    assert words(page.select_one("[role=alert]")).startswith("Al afgehandeld door Roos op ")
    assert page.select_one("#id_reason").text.strip() == "Wie is dit?"
    assert Decision.objects.count() == 1


def test_what_was_withdrawn_meanwhile_leads_back_to_the_queue(text, team, monkeypatch):
    form = sent(team, address(text), choice="goedkeuren")
    text.delete()
    assert team.post(address(text), form).status_code == 404


def test_what_is_serious_is_asked_once_more(text, team):
    Organisation.objects.update(live=True)
    form = sent(team, address(text), choice="verbergen", reason="Staat er dubbel.")
    page = soup(team.post(address(text), form))
    assert words(page.select_one("#kiezen")) == "Weet u het zeker?"
    assert [words(button) for button in page.select("[data-queue-form] button")] == ["Ja, doe dit"]
    assert page.select_one("#id_reason").text.strip() == "Staat er dubbel."
    assert Decision.objects.count() == 0
    assert team.post(address(text), {**form, "confirmed": "verbergen"}).status_code == 302
    assert Decision.objects.get().verb == "verborgen"


def test_the_question_again_is_about_the_version_that_was_read(text, team):
    Organisation.objects.update(live=True)
    form = sent(team, address(text), choice="verbergen", reason="Staat er dubbel.")
    Organisation.objects.update(summary="Een nieuwe tekst.")
    page = soup(team.post(address(text), form))
    kept = {field["name"]: field["value"] for field in page.select("[data-queue-form] input[type=hidden][value]")}
    response = team.post(address(text), {**form, **kept})
    assert "Er is intussen een nieuwere versie." in words(soup(response).select_one("[role=alert]"))
    assert Decision.objects.count() == 0


def test_what_is_handled_offers_nothing_but_stays_readable(text, team, monkeypatch):
    monkeypatch.setattr(TextKind, "choices", lambda self, item: [])
    page = soup(team.get(address(text)))
    assert page.select("form[data-queue-form]") == []
    assert "dit wacht niet op het team" in words(page.select_one(".queue"))
    refused = soup(team.post(address(text), {"choice": "goedkeuren", "reason": "Mooi.", "version": text.summary}))
    assert "Mooi." in words(refused.select_one("section[aria-labelledby=kiezen]"))


@pytest.mark.parametrize("data", [{}, {"choice": "onzin"}, {"choice": "goedkeuren"}, {"text": "x", "take": "1"}])
def test_a_post_that_our_form_never_sends_decides_nothing(data, text, team):
    assert team.post(address(text), data).status_code == 200
    assert Decision.objects.count() == 0


# --- Contact messages -----------------------------------------------------------------------------------------------


def test_a_contact_message_is_answered_by_mail_and_set_to_done(team):
    message = factories.ContactMessageFactory(subject="Wie betaalt?", email="noor@voorbeeld.nl")
    path = address(message, "contactbericht")
    page = soup(team.get(path))
    assert (
        page.select_one(".queue__content a.button")["href"]
        == "mailto:noor@voorbeeld.nl?subject=Re%3A%20Wie%20betaalt%3F"
    )
    team.post(path, sent(team, path, choice="afhandelen", reason="Gemaild."))
    message.refresh_from_db()
    assert (message.state, message.note, listed(team)) == ("afgehandeld", "Gemaild.", [])


def test_the_message_itself_leads_to_the_queue(team):
    message = factories.ContactMessageFactory()
    edit = soup(team.get(reverse(ContactMessage.snippet_viewset.get_url_name("edit"), args=[message.pk])))
    assert [link["href"] for link in edit.find_all("a", string="In de wachtrij")] == [
        address(message, "contactbericht")
    ]
    back = soup(team.get(address(message, "contactbericht"))).find("a", string="Open in het beheer")
    assert team.get(back["href"]).status_code == 200


# --- Menu and start -------------------------------------------------------------------------------------------------


def test_the_start_screen_counts_what_waits_and_what_is_late(text, team, desk):
    wait_since(14, factories.ContactMessageFactory())
    first = soup(team.get("/admin/")).select_one(".today__item")
    assert words(first) == "2 Wacht op ons Partners en bezoekers stuurden dit in. 1 daarvan wacht te lang."
    assert first.select_one("a")["href"] == QUEUE
    assert "Wacht op ons" not in desk.get("/admin/").content.decode()


def test_the_menu_starts_with_the_queue_and_how_many_wait(text, team, desk):
    assert '"Wachtrij (1)"' in team.get("/admin/").content.decode()
    assert "Wachtrij" not in desk.get("/admin/").content.decode()
    Organisation.objects.update(live=True)
    assert '"Wachtrij"' in team.get("/admin/").content.decode()


# --- Standard texts -------------------------------------------------------------------------------------------------


def test_texts_are_offered_for_the_kinds_they_are_for_by_decision(text, team):
    factories.StandardTextFactory(title="Voor alles")
    factories.StandardTextFactory(title="Voor stukjes", kinds=["stukje"], verb="teruggestuurd")
    factories.StandardTextFactory(title="Voor vragen", kinds=["contactbericht"])
    select = soup(team.get(address(text))).select_one("#id_text")
    assert {group["label"]: words(group) for group in select.select("optgroup")} == {
        "Altijd": "Voor alles",
        "Teruggestuurd": "Voor stukjes",
    }


def test_without_script_a_text_is_put_in_the_field_below_what_was_typed(text, team):
    standard = factories.StandardTextFactory(text="Wilt u het telefoonnummer weghalen?")
    form = sent(team, address(text), take="1", text=standard.pk, reason="Mooi stuk! ")
    field = soup(team.post(address(text), form)).select_one("#id_reason")
    assert field.text.strip() == "Mooi stuk!\n\nWilt u het telefoonnummer weghalen?"
    assert Decision.objects.count() == 0


def test_a_text_of_another_kind_is_not_put_in(text, team):
    standard = factories.StandardTextFactory(kinds=["contactbericht"])
    form = sent(team, address(text), take="1", text=standard.pk, reason="Mooi.")
    assert soup(team.post(address(text), form)).select_one("#id_reason").text.strip() == "Mooi."


def test_the_team_keeps_the_texts(team):
    fields = {
        "title": "Nieuw",
        "text": "Wilt u dat doen?",
        "kinds": ["stukje"],
        "verb": "teruggestuurd",
        "sort_order": 5,
    }
    assert team.post(reverse(StandardText.snippet_viewset.get_url_name("add")), fields).status_code == 302
    made = StandardText.objects.get()
    assert (made.kinds, made.verb) == (["stukje"], "teruggestuurd")
    row = soup(team.get(reverse(StandardText.snippet_viewset.get_url_name("list")))).select_one("tbody tr")
    assert "teruggestuurd stukje 5" in words(row)
    refused = team.post(reverse(StandardText.snippet_viewset.get_url_name("add")), {**fields, "kinds": ["onzin"]})
    assert refused.status_code == 200


# --- Blocking -------------------------------------------------------------------------------------------------------


def block_address(user) -> str:
    return f"/admin/gebruikers/{user.pk}/blokkeren/"


def is_active(user) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_a_member_is_blocked_from_the_item_with_a_reason(text, writer, moderator, team):
    link = soup(team.get(address(text))).find("a", string="Blokkeer dit lid")
    page = soup(team.get(link["href"]))
    assert "wordt overal meteen uitgelogd" in words(page.select_one("form"))
    back = page.select_one("input[name=next]")["value"]
    assert back == address(text)
    assert (
        soup(team.post(block_address(writer), {"verb": "block", "next": back})).text.count("Schrijf erbij waarom.") == 1
    )
    response = team.post(block_address(writer), {"verb": "block", "reason": "Plaatst reclame.", "next": back})
    assert response.url == address(text)
    assert is_active(writer) is False
    assert AuditEntry.objects.filter(action="account", by=moderator, object_id=str(writer.pk)).count() == 1


def test_who_is_blocked_is_let_in_again_from_the_item_and_from_the_user(text, writer, moderator, team):
    User.objects.filter(pk=writer.pk).update(is_active=False)
    assert soup(team.get(address(text))).find("a", string="Laat dit lid weer toe")
    user_page = reverse("wagtailusers_users:edit", args=[writer.pk])
    link = soup(team.get(user_page)).find("a", string="Laat deze gebruiker weer toe")
    assert link["href"] == block_address(writer)
    assert team.post(link["href"], {"verb": "unblock"}).url == user_page
    assert is_active(writer) is True


def test_a_page_that_stood_open_does_not_do_the_other_thing(writer, team):
    assert team.post(block_address(writer), {"verb": "onzin", "reason": "Daarom."}).status_code == 404
    assert team.post(block_address(writer), {"reason": "Daarom."}).status_code == 404
    assert is_active(writer) is True


def test_a_next_address_elsewhere_is_not_followed(writer, team):
    data = {"verb": "block", "reason": "Daarom.", "next": "https://elders.example/"}
    assert team.post(block_address(writer), data).url == reverse("wagtailusers_users:edit", args=[writer.pk])


def test_nobody_blocks_themselves_or_who_may_do_everything(moderator, team):
    boss = factories.UserFactory(is_superuser=True)
    for user in (moderator, boss):
        for response in (
            team.get(block_address(user)),
            team.post(block_address(user), {"verb": "block", "reason": "x"}),
        ):
            assert (response.status_code, response.url) == (302, "/admin/")
    own_page = soup(team.get(reverse("wagtailusers_users:edit", args=[moderator.pk])))
    assert own_page.find("a", string="Blokkeer deze gebruiker") is None
    assert [is_active(user) for user in (moderator, boss)] == [True, True]


def test_an_editor_and_a_partner_block_nobody(writer, lead, desk, as_user):
    assert desk.post(block_address(writer), {"verb": "block", "reason": "x"}).url == "/admin/"
    assert as_user(lead).post(block_address(writer), {"verb": "block", "reason": "x"}).status_code == 404
    assert is_active(writer) is True
