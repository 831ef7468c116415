import threading
import time
from smtplib import SMTPException
from unittest import mock

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from mkbroute.core.mail import send_waiting
from mkbroute.core.models import Mail
from mkbroute.forms import new_token
from mkbroute.models import ContactMessage
from tests.factories import PilotFactory

CONTACT, SENT = "/contact/", "/contact/verzonden/"
TYPED = {
    "name": "Noor de Vries",
    "email": "noor@voorbeeld.nl",
    "organisation": "Bouwbedrijf De Vries",
    "subject": "Begeleiding op de werkplek",
    "message": "Wie begeleidt de student?\nEn hoe vaak?",
}


def opened(seconds_ago: float = 60) -> str:
    """The token of a form that was opened a while ago."""
    then = time.time() - seconds_ago
    with mock.patch("django.core.signing.time.time", lambda: then):
        return new_token()


def shown(response) -> dict:
    """What stands in the fields of the form that came back."""
    return {name: response.context["form"][name].value() for name in TYPED}


def sent_again(client, response):
    """Send the form that came back as it stands, ten seconds later."""
    form = response.context["form"]
    now = time.time() + 10
    with mock.patch("django.core.signing.time.time", lambda: now):
        return client.post(CONTACT, {name: form[name].value() or "" for name in form.fields})


@pytest.fixture
def send(client, db, django_capture_on_commit_callbacks):
    """Send the form as a visitor would who opened it a minute ago."""

    def send(*, headers=None, address="192.0.2.7", seconds_ago=60, **changed):
        data = {**TYPED, "token": opened(seconds_ago), **changed}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(CONTACT, data, headers=headers, REMOTE_ADDR=address)

    return send


# --- A message that arrives ---------------------------------------------------------------------------------


def test_a_message_is_stored_and_mailed_to_the_team(send, settings):
    settings.CONTACT_EMAIL = "team@voorbeeld.nl"
    response = send()
    assert (response.status_code, response.url) == (302, SENT)
    message = ContactMessage.objects.get()
    assert {name: getattr(message, name) for name in TYPED} == TYPED
    assert message.state == ContactMessage.State.NEW
    assert Mail.objects.get().state == Mail.State.SENT
    [letter] = mail.outbox
    assert letter.to == ["team@voorbeeld.nl"]
    assert letter.reply_to == ["noor@voorbeeld.nl"]
    assert letter.subject == "Vraag via de site: Begeleiding op de werkplek"
    assert TYPED["message"] in letter.body
    assert "Organisatie: Bouwbedrijf De Vries" in letter.body


def test_a_mail_shows_signs_as_they_were_typed(send):
    send(message="Is <dat> zo, of 'niet' & waarom?", organisation="")
    assert "Is <dat> zo, of 'niet' & waarom?" in mail.outbox[0].body
    assert "Organisatie: niet ingevuld" in mail.outbox[0].body


def test_who_sent_a_message_reads_that_it_arrived(client, db):
    content = client.get(SENT).content.decode()
    assert "Wij hebben uw bericht ontvangen en bewaard." in content


def test_neither_opening_nor_sending_the_form_sets_a_cookie(client, send):
    assert client.get(CONTACT).cookies == {}
    assert send().cookies == {}
    assert client.get(SENT).cookies == {}


def test_every_visitor_gets_a_form_of_their_own(client, db):
    first, second = client.get(CONTACT), client.get(CONTACT)
    assert first.context["form"]["token"].value() != second.context["form"]["token"].value()
    assert first.headers["Cache-Control"] == "private, no-cache"


# --- A second click -----------------------------------------------------------------------------------------


def test_a_second_click_stores_and_mails_nothing_more(send):
    token = opened()
    assert [send(token=token).url, send(token=token).url] == [SENT, SENT]
    assert ContactMessage.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_store_and_mail_once():
    data = {**TYPED, "token": opened()}
    start = threading.Barrier(4)
    answers = []

    def click():
        start.wait()
        answers.append(Client().post(CONTACT, data).status_code)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert answers == [302] * 4
    assert ContactMessage.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_second_click_over_the_limit_still_reads_that_the_message_arrived(send):
    token = opened()
    assert [send(token=token).status_code for _ in range(7)] == [302] * 7


# --- What is refused, with everything typed still there -----------------------------------------------------

REFUSED = {
    "a name is missing": ({"name": " "}, 200, "Vul uw naam in."),
    "an address is missing": ({"email": ""}, 200, "Vul uw e-mailadres in."),
    "an address is wrong": ({"email": "noor@"}, 200, "Dit e-mailadres klopt niet."),
    "an address hides a second header": (
        {"email": "noor@voorbeeld.nl\nBcc: all@voorbeeld.nl"},
        200,
        "Dit e-mailadres klopt niet.",
    ),
    "a subject is missing": ({"subject": ""}, 200, "Vul in waar uw bericht over gaat."),
    "a message is missing": ({"message": ""}, 200, "Vul uw vraag of bericht in."),
    "a message is very long": (
        {"message": "lang " * 2000},
        200,
        "het zijn 9999 tekens en het mogen er 5000 zijn",
    ),
    "a text holds a NUL byte": ({"message": "een\x00twee"}, 200, "Null-tekens zijn niet toegestaan."),
    "the trap is filled in": (
        {"website": "https://spam.voorbeeld.nl"},
        200,
        "een verborgen veld was ingevuld",
    ),
    "it came at once": ({"seconds_ago": 0}, 200, "wel erg snel ingevuld"),
    "it was opened two days ago": ({"seconds_ago": 48 * 3600}, 200, "stond te lang open"),
    "the token is forged": ({"token": "9f1c:1abc:namaak"}, 200, "stond te lang open"),
    "the token is missing": ({"token": ""}, 200, "stond te lang open"),
    "another site sent it": (
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        403,
        "van een andere website komt",
    ),
    "an older browser says another site sent it": (
        {"headers": {"Origin": "https://kwaad.voorbeeld.nl"}},
        403,
        "van een andere website komt",
    ),
}


@pytest.mark.parametrize(("changed", "status", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_was_typed_survives_when(send, changed, status, reason):
    response = send(**changed)
    assert response.status_code == status
    assert reason in response.content.decode()
    assert shown(response) == TYPED | {name: value for name, value in changed.items() if name in TYPED}
    assert ContactMessage.objects.count() == 0
    assert mail.outbox == []


QUIETLY_REFUSED = [name for name, (changed, *_) in REFUSED.items() if not TYPED.keys() & changed]


@pytest.mark.parametrize("case", QUIETLY_REFUSED)
def test_the_form_that_came_back_can_be_sent_as_it_stands_when(client, send, case):
    changed, *_ = REFUSED[case]
    response = sent_again(client, send(**changed))
    assert (response.status_code, response.headers.get("Location")) == (302, SENT)
    assert ContactMessage.objects.count() == 1


def test_who_has_something_to_mend_hears_nothing_of_the_guards(send):
    response = send(name="", seconds_ago=0, website="x")
    assert response.context["form"].errors.keys() == {"name"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://testserver"},
        {},
    ],
)
def test_our_own_page_may_send_the_form(send, headers):
    assert send(headers=headers).status_code == 302


def test_a_line_break_in_a_subject_makes_no_second_header(send):
    send(subject="Vraag\r\nBcc: iedereen@voorbeeld.nl", name="Noor\nde Vries")
    message = ContactMessage.objects.get()
    assert message.subject == "Vraag Bcc: iedereen@voorbeeld.nl"
    assert message.name == "Noor de Vries"
    [letter] = mail.outbox
    assert letter.message()["Bcc"] is None
    assert letter.recipients() == letter.to


# --- Too many -----------------------------------------------------------------------------------------------


def test_the_sixth_message_in_an_hour_from_one_address_is_kept_back(send):
    assert [send().status_code for _ in range(5)] == [302] * 5
    response = send()
    assert response.status_code == 429
    assert "Probeer het over een uur nog een keer." in response.content.decode()
    assert shown(response) == TYPED
    assert ContactMessage.objects.count() == 5


def test_another_address_may_still_send(send):
    for _ in range(6):
        send()
    assert send(address="192.0.2.8").status_code == 302


def test_addresses_of_one_ipv6_connection_count_together(send):
    answers = [send(address=f"2001:db8:0:1::{n:x}").status_code for n in range(6)]
    assert answers == [302] * 5 + [429]
    assert send(address="2001:db8:0:2::1").status_code == 302


def test_only_a_trusted_proxy_is_believed_about_the_address(send, settings):
    forged = [send(headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(6)]
    assert forged == [302] * 5 + [429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert send(headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 302


def test_a_message_with_a_fault_is_not_counted(send):
    for _ in range(6):
        send(name="")
    assert send().status_code == 302


# --- When something of ours fails ---------------------------------------------------------------------------


def later() -> None:
    """A while later the clock sends what waits."""
    Mail.objects.update(next_try_at=timezone.now())
    send_waiting()


def test_a_mail_that_fails_is_sent_later_and_once(send):
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=SMTPException("no route")):
        assert send().url == SENT
    assert Mail.objects.get().state == Mail.State.WAITING
    later()
    later()
    assert [letter.reply_to for letter in mail.outbox] == [["noor@voorbeeld.nl"]]
    assert Mail.objects.get().state == Mail.State.SENT


def test_a_full_disk_for_the_mail_loses_nothing(send, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    full = OSError(28, "No space left on device")
    with mock.patch("django.core.mail.backends.filebased.open", create=True, side_effect=full):
        assert send().url == SENT
    assert (ContactMessage.objects.count(), Mail.objects.get().state) == (1, Mail.State.WAITING)


def test_one_message_that_cannot_be_mailed_does_not_hold_up_the_next(send):
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=SMTPException("no route")):
        send(subject="een")
        send(subject="twee")
    Mail.objects.filter(subject__endswith="een").update(subject="een\ntwee")  # as nothing lets it in; it is refused
    later()
    assert [letter.subject for letter in mail.outbox] == ["Vraag via de site: twee"]


def test_without_a_database_the_visitor_reads_so_and_keeps_the_text(send, no_database):
    response = send()
    assert response.status_code == 503
    assert "wij kunnen het nu niet bewaren" in response.content.decode()
    assert shown(response) == TYPED


def test_tries_without_a_database_do_not_use_up_the_hour(send):
    with mock.patch("mkbroute.views.contact.send_contact_message", side_effect=OperationalError):
        assert [send().status_code for _ in range(6)] == [503] * 6
    assert send().status_code == 302


# --- Links that fill in the subject -------------------------------------------------------------------------


def subject_at(client, query: str) -> str:
    return client.get(f"{CONTACT}?{query}").context["form"]["subject"].value()


def test_a_link_from_a_pilot_fills_in_the_subject(client, db):
    PilotFactory(title="Ad Bouwkunde", slug="ad-bouwkunde")
    assert subject_at(client, "pilot=ad-bouwkunde") == "Vraag over de pilot Ad Bouwkunde"


def test_a_link_does_not_tell_the_name_of_a_pilot_that_is_not_published(client, db):
    PilotFactory(title="Geheim", slug="geheim", live=False)
    assert subject_at(client, "pilot=geheim") == ""


def test_a_link_fills_in_a_subject_of_its_own(client, db):
    assert subject_at(client, "onderwerp=Een+eigen+route+starten") == "Een eigen route starten"
    assert subject_at(client, f"onderwerp={'a' * 10_000}") == "a" * 120


@pytest.mark.parametrize("query", ["pilot=%00", "onderwerp=%00", "pilot=bestaat-niet", "pilot=%ff", "pilot=", "x=y"])
def test_a_link_that_makes_no_sense_fills_in_nothing(client, db, query):
    assert subject_at(client, query) == ""


def test_messages_are_counted_for_an_hour(send):
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires - now() > interval '59 minutes' FROM cache WHERE cache_key LIKE '%contact%'")
        assert cursor.fetchall() == [(True,)]
