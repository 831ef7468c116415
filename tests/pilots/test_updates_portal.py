"""Posting in the portal, as people do it: one form, a photo, a preview, and nothing lost."""

import re
import uuid
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mkbroute.core.models import Decision
from pilots.actions.moderation import approve_update, hide_update, return_update
from pilots.models import Membership, Update, UpdateState
from tests import factories

from .conftest import photo

pytestmark = pytest.mark.django_db

LIST = "/partner/pilots/een-pilot/berichten/"
NEW = f"{LIST}nieuw/"


@pytest.fixture
def post(as_user, writer, pilot):
    """``post(do="send", title="…")`` sends the form as the writer of the cast."""

    def send(path=NEW, by=None, **changed):
        data = {
            "title": "Eerste studenten",
            "text": "Vandaag begonnen er twaalf.",
            "audience": "netwerk",
            "submission": str(uuid.uuid4()),
            "do": "draft",
            **changed,
        }
        return as_user(by or writer).post(path, {name: value for name, value in data.items() if value is not None})

    return send


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def stored(update: Update) -> list[Path]:
    folder = Path(update.picture.storage.path(update.picture_folder))
    return sorted(folder.iterdir()) if folder.exists() else []


# --- One form --------------------------------------------------------------------------------------------------------


def test_an_update_with_a_photo_is_posted_in_one_go(post, a_photo, as_user, writer, colleague):
    response = post(do="send", photo=a_photo, picture_alt="Studenten op de bouwplaats")
    update = Update.objects.get()
    assert (response.status_code, response.url) == (302, update.portal_url)
    assert (update.state, update.author) == (UpdateState.POSTED, writer)
    read = as_user(colleague).get(f"/partner/netwerk/{update.pk}/")
    image = page(read).find("article").find("img")
    assert (image["alt"], image["width"], image["height"]) == ("Studenten op de bouwplaats", "80", "60")
    assert as_user(colleague).get(image["src"])["Content-Type"] == "image/webp"


def test_the_photo_is_made_small_and_loses_its_place(post):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    post(photo=SimpleUploadedFile("x.jpg", photo(size=(3200, 2400), exif=exif)))
    update = Update.objects.get()
    (file,) = stored(update)
    image = Image.open(file)
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1600, 1200), {})
    assert (update.picture_width, update.picture_height) == (1600, 1200)
    assert re.fullmatch(r"[\w-]{24}\.webp", file.name)


def test_a_draft_may_be_empty_and_the_preview_says_what_is_missing(post, as_user, writer):
    response = post(title="", text="")
    shown = page(as_user(writer).get(response.url))
    assert shown.h1.text == "Bericht zonder titel"
    assert "Geef uw bericht een titel." in shown.text
    assert not shown.find("button", string="Plaats het bericht")


def test_what_is_not_finished_is_kept_with_its_photo_and_the_form_says_what_is_missing(post, a_photo):
    response = post(do="send", photo=a_photo, title="")
    shown = page(response)
    links = {link["href"] for link in shown.find(class_="error-summary").find_all("a")}
    assert links == {"#id_title", "#id_picture_alt"}
    assert "Uw bericht is bewaard als concept." in shown.text
    update = Update.objects.get()
    form = shown.find("form", enctype=True)
    assert (form["action"], form.find("img")["src"]) == (f"{update.portal_url}bewerken/", update.portal_picture_url)
    again = post(
        form["action"], do="send", picture_alt="Foto", version=form.find("input", {"name": "version"})["value"]
    )
    assert again.status_code == 302
    assert Update.objects.get().state == UpdateState.POSTED


def test_data_of_people_are_asked_about_once(post):
    response = post(do="send", text="Bel Noor: 06-12345678.")
    shown = page(response)
    assert "telefoonnummer" in shown.find(class_="error-summary").text
    update = Update.objects.get()
    assert update.state == UpdateState.DRAFT
    values = {field["name"]: field.get("value", "") for field in shown.find_all("input", {"type": "hidden"})}
    post(
        f"{update.portal_url}bewerken/",
        do="send",
        text="Bel Noor: 06-12345678.",
        version=values["version"],
        privacy_shown=values["privacy_shown"],
        privacy_reason="Het nummer van de opleiding.",
    )
    update = Update.objects.get()
    assert (update.state, update.privacy_reason) == (UpdateState.POSTED, "Het nummer van de opleiding.")


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (b"<!doctype html><script>alert(1)</script>", "Dit is geen foto die wij kunnen lezen."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "geen foto die wij kunnen"),
        (b"%PDF-1.7 %%EOF", "Dit is geen foto die wij kunnen lezen."),
        (photo()[:-20], "Dit bestand is beschadigd."),
        (photo("PNG", (8000, 6000)), "te veel beeldpunten"),
    ],
    ids=["html", "svg", "pdf", "cut off", "bomb"],
)
def test_what_is_no_photo_is_refused_and_every_word_stays(post, upload, reason):
    response = post(photo=SimpleUploadedFile("foto.jpg", upload, "image/jpeg"))
    shown = page(response)
    assert reason in shown.find(class_="error-summary").text
    assert shown.find("textarea", {"name": "text"}).text.strip() == "Vandaag begonnen er twaalf."
    assert not Update.objects.exists()


def test_a_photo_that_is_also_a_script_becomes_only_a_photo(post):
    gif = photo("GIF") + b"/*'*/=1;alert(document.cookie)//"
    post(photo=SimpleUploadedFile("foto.gif", gif))
    (file,) = stored(Update.objects.get())
    assert Image.open(file).format == "WEBP"
    assert b"alert" not in file.read_bytes()


def test_a_form_that_was_cut_off_on_the_way_is_not_taken(post):
    response = post(submission=None)
    assert "kwam niet helemaal bij ons aan" in response.content.decode()
    assert not Update.objects.exists()


def test_a_stale_window_shows_the_newer_text_and_keeps_what_was_typed(post, written, edited, writer):
    draft = written(writer)
    edited(draft, writer, title="Nieuwer")
    response = post(f"{draft.portal_url}bewerken/", title="Getypt", version=draft.version)
    shown = page(response)
    assert shown.find("input", {"name": "title"})["value"] == "Getypt"
    assert "Nieuwer" in shown.find(class_="newer").text
    newest = shown.find("input", {"name": "version"})["value"]
    assert post(f"{draft.portal_url}bewerken/", title="Getypt", version=newest).status_code == 302
    assert Update.objects.get().title == "Getypt"


def test_going_back_and_sending_the_form_again_with_other_words_loses_none(post):
    submission = str(uuid.uuid4())
    post(submission=submission)
    shown = page(post(submission=submission, text="Andere woorden"))
    assert shown.find("textarea", {"name": "text"}).text.strip() == "Andere woorden"
    assert Update.objects.get().text == "Vandaag begonnen er twaalf."


def test_a_photo_can_be_replaced_and_taken_away_and_leaves_no_file(post, a_photo):
    post(photo=a_photo)
    update = Update.objects.get()
    post(f"{update.portal_url}bewerken/", version=update.version, photo=SimpleUploadedFile("b.png", photo("PNG")))
    post(f"{update.portal_url}bewerken/", version=Update.objects.get().version, drop_photo="on")
    assert not Update.objects.get().picture


@pytest.mark.django_db(transaction=True)
def test_the_files_of_replaced_photos_and_deleted_drafts_go(as_user, post, a_photo, writer):
    post(photo=a_photo)
    update = Update.objects.get()
    (first,) = stored(update)
    post(f"{update.portal_url}bewerken/", version=update.version, photo=SimpleUploadedFile("b.png", photo("PNG")))
    (second,) = stored(update)
    assert first != second
    as_user(writer).post(f"{update.portal_url}verwijderen/")
    assert (stored(update), Update.objects.exists()) == ([], False)


# --- Preview, withdraw, remarks --------------------------------------------------------------------------------------


def test_the_preview_is_what_readers_will_see(post, as_user, writer, client, moderator):
    response = post(audience="publiek", text="## Kop\n\n**Vet** <script>alert(1)</script>")
    browser = as_user(writer)
    preview = page(browser.get(response.url))
    assert "Zo gaan lezers het zien." in preview.text
    send = preview.find("button", string="Plaats het bericht").parent
    browser.post(send["action"], {"version": send.find("input", {"name": "version"})["value"]})
    update = Update.objects.get()
    approve_update(update=update, version=update.version, by=moderator)
    public = page(client.get(Update.objects.get().get_absolute_url()))
    assert str(public.find(class_="prose")) == str(preview.find(class_="prose"))
    assert public.main.find("script") is None


def test_the_author_reads_why_it_came_back(sent, writer, moderator, as_user):
    update = sent(writer)
    return_update(update=update, by=moderator, reason="Noem de school voluit.", version=update.version)
    shown = page(as_user(writer).get(update.portal_url))
    assert "Noem de school voluit." in shown.text
    assert "Teruggestuurd" in shown.text


def test_what_is_posted_is_withdrawn_with_one_button(sent, writer, as_user, colleague):
    update = sent(writer, audience="netwerk")
    browser = as_user(writer)
    button = page(browser.get(update.portal_url)).find("button", string="Trek het bericht in")
    browser.post(button.parent["action"])
    assert Update.objects.get().state == UpdateState.WITHDRAWN
    assert as_user(colleague).get(f"/partner/netwerk/{update.pk}/").status_code == 404


def test_what_cannot_be_done_any_more_is_said(sent, writer, as_user):
    update = sent(writer, audience="netwerk")
    browser = as_user(writer)
    for verb in ("verwijderen", "wijziging-weggooien"):
        response = browser.post(f"{update.portal_url}{verb}/", follow=True)
        assert page(response).find(class_="notice--error") is not None


# --- Everybody of the cast -------------------------------------------------------------------------------------------


def test_the_portal_of_a_pilot_belongs_to_its_people(sent, written, as_user, writer, lead, reader, colleague, outsider):
    posted, draft = sent(writer, audience="pilot"), written(writer, title="Geheim plan")
    addresses = [LIST, posted.portal_url, NEW, f"{posted.portal_url}bewerken/", draft.portal_url]

    def answers(user):
        return [as_user(user).get(address).status_code for address in addresses]

    assert answers(writer) == [200, 200, 200, 200, 200]
    assert answers(lead) == [200, 200, 200, 200, 404]
    assert answers(reader) == [200, 200, 404, 404, 404]
    assert answers(colleague) == answers(outsider) == [404] * 5
    assert answers(None) == [302] * 5
    assert "Geheim plan" not in as_user(lead).get(LIST).content.decode()


def test_an_update_has_no_address_in_another_pilot(sent, as_user, writer, other_pilot):
    factories.MembershipFactory(pilot=other_pilot, user=writer)
    update = sent(writer, audience="netwerk")
    elsewhere = reverse("portal_update", args=["andere-pilot", update.pk])
    assert as_user(writer).get(elsewhere).status_code == 404
    assert as_user(writer).post(f"{elsewhere}intrekken/").status_code == 404


@pytest.mark.parametrize("verb", ["insturen", "intrekken", "wijziging-weggooien", "verwijderen"])
def test_strangers_do_nothing_with_an_update(sent, as_user, writer, reader, colleague, outsider, moderator, verb):
    update = sent(writer, audience="netwerk")
    address = f"{update.portal_url}{verb}/"
    assert [as_user(user).post(address).status_code for user in (reader, colleague, outsider, moderator)] == [404] * 4
    assert as_user(None).post(address).status_code == 302
    assert as_user(writer).get(address).status_code == 405
    assert Update.objects.get().is_shown


def test_the_network_reads_what_is_for_it_and_no_more(
    sent, written, as_user, writer, lead, reader, colleague, outsider, editor, moderator, settings
):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    network, own = sent(writer, audience="netwerk", title="Voor allen"), sent(writer, audience="pilot", title="Intern")
    sent(writer, title="Wacht nog")
    written(writer, title="Concept")
    for user in (writer, lead, reader, colleague, moderator):
        stream = as_user(user).get("/partner/netwerk/").content.decode()
        assert "Voor allen" in stream
        assert not {"Intern", "Wacht nog", "Concept"} & set(stream.split(">"))
    for user in (outsider, editor):
        assert as_user(user).get("/partner/netwerk/").status_code == 404
        assert as_user(user).get(f"/partner/netwerk/{network.pk}/").status_code == 404
    assert as_user(colleague).get(f"/partner/netwerk/{own.pk}/").status_code == 404
    assert as_user(colleague).post(f"/partner/netwerk/{own.pk}/melden/", {"reason": "x"}).status_code == 404


def test_members_are_known_by_name_and_never_by_mail_address(sent, as_user, lead, colleague, writer):
    nameless = factories.MembershipFactory(pilot=writer.memberships.get().pilot).user
    left = sent(writer, audience="netwerk")
    sent(nameless, audience="netwerk")
    Update.objects.filter(pk=left.pk).update(author=None)
    stream = as_user(colleague).get("/partner/netwerk/").content.decode()
    assert "voormalig lid" in stream
    assert "een lid zonder naam" in stream
    for text in (stream, as_user(lead).get(LIST).content.decode()):
        assert "@" not in BeautifulSoup(text, "html.parser").main.text


def test_a_member_reports_a_post_and_the_team_finds_it(sent, as_user, writer, colleague, moderator, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    update = sent(writer, audience="netwerk")
    browser = as_user(colleague)
    empty = browser.post(f"/partner/netwerk/{update.pk}/melden/", {"reason": " "})
    assert "Schrijf erbij wat er niet klopt." in page(empty).find(class_="error-summary").text
    response = browser.post(f"/partner/netwerk/{update.pk}/melden/", {"reason": "Dit is reclame."}, follow=True)
    assert "Dank u." in response.content.decode()
    team = as_user(moderator)
    item = page(team.get(f"/admin/wachtrij/melding/{update.pk}/"))
    assert "Dit is reclame." in item.text
    assert f"/admin/wachtrij/bericht/{update.pk}/" in team.get(f"/partner/netwerk/{update.pk}/").content.decode()


def test_the_team_judges_the_version_that_waits(sent, edited, as_user, writer, moderator, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    update = approve_update(update=(waiting := sent(writer)), version=waiting.version, by=moderator)
    changed = edited(update, writer, title="Nieuwe titel", text="Bel 06-12345678")
    changed.newest  # noqa: B018
    Update.objects.filter(pk=update.pk).update(state=UpdateState.WAITING)
    item = page(as_user(moderator).get(f"/admin/wachtrij/bericht/{update.pk}/"))
    content = item.find(class_="queue__content")
    assert "Nieuwe titel" in content.text
    assert content.find("mark").text == "06-12345678"
    assert "vorige versie, ‘Eerste studenten’" in content.text
    assert "Nieuwe titel" in as_user(moderator).get("/admin/wachtrij/").content.decode()


def test_the_team_lets_somebody_post_directly_from_the_queue(sent, as_user, writer, moderator, settings, pilot):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    updates = [sent(writer) for _ in range(2)]
    for update in updates:
        approve_update(update=update, version=update.version, by=moderator)
    item = page(as_user(moderator).get(f"/admin/wachtrij/bericht/{updates[0].pk}/"))
    assert "Deze schrijver voortaan laten plaatsen zonder controle" in item.text
    assert "2 berichten zijn goedgekeurd" in item.text


# --- Pictures --------------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_to_who_may_read_its_update(
    post, a_photo, as_user, edited, writer, lead, reader, colleague, outsider, moderator, settings
):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    post(do="send", photo=a_photo, picture_alt="x", audience="pilot")
    update = Update.objects.get()
    address = update.portal_picture_url

    def answers(address):
        cast = (writer, lead, reader, moderator, colleague, outsider, None)
        return [as_user(user).get(address).status_code for user in cast]

    assert answers(address) == [200, 200, 200, 200, 404, 404, 302]
    assert as_user(None).get(f"/pilots/een-pilot/berichten/{update.pk}/{update.picture_name}").status_code == 404
    other = SimpleUploadedFile("b.png", photo("PNG"))
    post(f"{update.portal_url}bewerken/", version=update.version, photo=other, picture_alt="x", audience="pilot")
    draft = Update.objects.get().newest
    assert draft.portal_picture_url != address
    assert answers(draft.portal_picture_url) == [200, 200, 404, 200, 404, 404, 302]
    assert answers(address)[:3] == [200, 200, 200]
    response = as_user(writer).get(address)
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'",
    )
    assert response["Cache-Control"] == "private, no-store"


def test_the_picture_of_a_draft_is_its_authors(post, a_photo, as_user, writer, lead, reader, colleague):
    post(photo=a_photo)
    address = Update.objects.get().portal_picture_url
    assert [as_user(user).get(address).status_code for user in (writer, lead, reader, colleague)] == [
        200,
        404,
        404,
        404,
    ]
    assert as_user(writer).get(address.replace(".webp", "x.webp")).status_code == 404


# --- What a page costs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_queries_whatever_their_length(sent, as_user, queries, writer, colleague, rows):
    for _ in range(rows):
        sent(writer, audience="netwerk")
    assert queries(as_user(writer), LIST) == 12  # seven of them know who asks
    assert queries(as_user(colleague), "/partner/netwerk/") == 11


def test_members_decide_nothing_about_trust(post, writer, pilot):
    """What a form brings along beside its fields is not looked at."""
    post(do="send", audience="publiek", is_shown="on", state="geplaatst", may_post_directly="on", author="1")
    assert Update.objects.get().state == UpdateState.WAITING
    assert not Membership.objects.get(user=writer, pilot=pilot).may_post_directly
    assert not Decision.objects.exists()


def test_hidden_is_said_to_its_author(sent, writer, moderator, as_user):
    update = sent(writer, audience="netwerk")
    hide_update(update=update, by=moderator, reason="Reclame")
    shown = page(as_user(writer).get(update.portal_url))
    assert "Niemand anders ziet dit bericht nu." in shown.text
    assert "Reclame" in shown.text
