"""A form of the portal that cannot be taken comes back with every word, to who really sent it."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pilots.models import Membership, Update

pytestmark = pytest.mark.django_db

NEW = "/partner/pilots/een-pilot/berichten/nieuw/"
OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "title": 'Eerste "studenten"',
    "text": "Vandaag begonnen er twaalf.\r\n\r\nMorgen <b>meer</b>.",
    "audience": "netwerk",
    "do": "draft",
}


def data(**changed) -> dict:
    return {**TYPED, "submission": str(uuid.uuid4()), **changed}


def fields(response) -> dict:
    """The hidden fields of the page that came back."""
    form = BeautifulSoup(response.content, "html.parser").find("main").find("form")
    return {field["name"]: field["value"] for field in form.find_all("input")}


def test_who_is_signed_out_gets_every_word_back_and_sends_it_after_signing_in(pilot, writer):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(writer)
    token = fields_of_form(browser.get(NEW))["csrfmiddlewaretoken"]
    browser.logout()
    sent = data()
    response = browser.post(NEW, {**sent, "csrfmiddlewaretoken": token}, headers=OURS)
    assert response.status_code == 403
    assert "U bent uitgelogd. Uw tekst is er nog." in response.content.decode()
    held = fields(response)
    assert {name: held[name] for name in sent} == sent
    browser.force_login(writer)  # in another tab; the secret of the page is new as well
    browser.get(NEW)
    again = browser.post(NEW, held, headers=OURS)
    if again.status_code == 403:
        assert "Verstuur uw tekst nog een keer" in again.content.decode()
        again = browser.post(NEW, fields(again), headers=OURS)
    assert again.status_code == 302
    assert Update.objects.get().text == TYPED["text"]


def fields_of_form(response) -> dict:
    form = BeautifulSoup(response.content, "html.parser").find("form", enctype=True)
    return {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}


def test_a_stale_page_of_somebody_signed_in_is_sent_with_one_more_click(pilot, writer):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(writer)
    response = browser.post(NEW, data(csrfmiddlewaretoken="verlopen"), headers=OURS)
    assert (response.status_code, Update.objects.count()) == (403, 0)
    assert "Verstuur opnieuw" in response.content.decode()
    assert browser.post(NEW, fields(response), headers=OURS).status_code == 302
    assert Update.objects.count() == 1


def test_a_file_must_be_chosen_again_and_the_page_says_so(client, pilot):
    response = client.post(NEW, data(photo=SimpleUploadedFile("foto.jpg", b"foto")), headers=OURS)
    assert "Kies die daarna opnieuw" in response.content.decode()
    assert "Kies die daarna opnieuw" not in client.post(NEW, data(), headers=OURS).content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://kwaad.voorbeeld.nl"},
        {"Origin": "null"},
        {},
    ],
)
def test_what_another_site_sends_is_never_given_back(pilot, writer, headers):
    browser = Client(enforce_csrf_checks=True)
    for signed_in in (False, True):
        if signed_in:
            browser.force_login(writer)
        response = browser.post(NEW, data(text="Gelokt"), headers=headers)
        assert "Gelokt" not in response.content.decode()
        assert response.status_code in {302, 403}


def test_an_older_browser_names_only_where_it_comes_from(client, pilot):
    response = client.post(NEW, data(), headers={"Origin": "http://testserver"})
    assert fields(response)["title"] == TYPED["title"]


def test_what_comes_back_is_words_and_never_markup(client, pilot):
    page = BeautifulSoup(client.post(NEW, data(), headers=OURS).content, "html.parser")
    assert page.main.find("b") is None
    assert "Morgen <b>meer</b>." in page.find_all(class_="typed")[1].text


def test_who_lost_a_right_reads_their_text_to_copy_it(as_user, pilot, writer):
    Membership.objects.filter(user=writer).update(role="lezer")
    response = as_user(writer).post(NEW, data(), headers=OURS)
    assert (response.status_code, Update.objects.count()) == (404, 0)
    page = BeautifulSoup(response.content, "html.parser")
    assert "u mag daar niet meer schrijven" in page.text
    assert "Vandaag begonnen er twaalf." in page.find_all(class_="typed")[1].text


def test_the_portal_holds_every_form_and_no_other_part_of_the_site_does(client, pilot):
    for address in (reverse("portal_files", args=["een-pilot"]), reverse("portal_network_report", args=[1])):
        assert fields(client.post(address, {"title": "Een titel"}, headers=OURS))["title"] == "Een titel"
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "noor de vries"}, headers=OURS)
    assert response.status_code == 403
    assert "noor de vries" not in response.content.decode()


def test_a_page_that_is_asked_for_is_sent_to_sign_in_as_ever(client, pilot):
    assert client.get(NEW, headers=OURS).status_code == 302
