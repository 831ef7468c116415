"""Mail, against a real mail server on loopback: nothing is lost, nothing goes out twice, a secret does not stay."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mkbroute.core import mail
from mkbroute.core.mail import Outcome, When, post, send, send_waiting
from mkbroute.core.models import Mail
from tests import factories
from tests.mkbroute.test_jobs import url_of_the_test_database

HOUR = timedelta(hours=1)


class Mailbox:
    """What the mail server received, and how it answers: by ``refuse`` for an address, or by ``answers`` in turn."""

    def __init__(self):
        self.letters: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.answers: list[str] = []
        self.on_data = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.on_data()
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [letter["Subject"] for letter in self.letters]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def mail_settings(settings):
    """The settings of production, for a server on loopback."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    settings.DEFAULT_FROM_EMAIL = "Mkb-route in het hbo <noreply@voorbeeld.nl>"
    return settings


@pytest.fixture
def mailbox(mail_settings) -> Iterator[Mailbox]:
    """A mail server that runs."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    controller.start()
    yield mailbox
    controller.stop()


def write(key: str = "proef", **options) -> Mail:
    """Post a mail and return its row; nothing is sent, for a test commits nothing."""
    options = {"to": "noor@voorbeeld.nl", "subject": "Een proef", "template": "account", **options}
    post(key=key, context={"text": "Beste Noor,\n\nDit is <een> proef & meer: https://voorbeeld.nl/pad/"}, **options)
    return Mail.objects.get(key=key)


def later() -> None:
    """Let time pass for what waits, and let the clock send."""
    Mail.objects.update(next_try_at=timezone.now())
    send_waiting()


# --- A mail that arrives ----------------------------------------------------------------------------------------------


def test_a_mail_arrives_as_text_and_as_html_drawn_from_it(mailbox, db):
    write(reply_to="vraag@voorbeeld.nl")
    assert send(key="proef") is Outcome.SENT
    [letter] = mailbox.letters
    assert (letter["To"], letter["From"]) == ("noor@voorbeeld.nl", "Mkb-route in het hbo <noreply@voorbeeld.nl>")
    assert (letter["Subject"], letter["Reply-To"]) == ("Een proef", "vraag@voorbeeld.nl")
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert letter.get_content_type() == "multipart/alternative"
    assert "Dit is <een> proef & meer" in text
    assert "Dit is &lt;een&gt; proef &amp; meer" in html
    assert '<a href="https://voorbeeld.nl/pad/"' in html
    assert '<html lang="nl">' in html


def test_a_mail_that_arrived_is_kept_with_the_moment(mailbox, db):
    write()
    send(key="proef")
    kept = Mail.objects.get()
    assert (kept.state, kept.attempts, kept.error) == (Mail.State.SENT, 1, "")
    assert kept.sent_at is not None
    assert "Beste Noor" in kept.text


def test_a_mail_goes_when_what_it_tells_is_certain_and_not_before(mailbox, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert mailbox.letters == []
    assert mailbox.subjects == ["Een proef"]


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_mailed(mailbox):
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError("something else went wrong")
    assert send_waiting() == "0 mails verzonden."
    assert (mailbox.letters, Mail.objects.count()) == ([], 0)


def test_a_mail_posted_twice_is_one_mail(mailbox, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        write(subject="Nog eens")
    send_waiting()
    assert mailbox.subjects == ["Een proef"]


def test_a_mail_for_the_clock_waits_for_the_clock(mailbox, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(when=When.BY_THE_CLOCK)
    assert mailbox.letters == []
    assert send_waiting() == "1 mail verzonden."
    assert send_waiting() == "0 mails verzonden."


def test_no_text_makes_a_header(mailbox, db):
    write(
        subject="Vraag\r\nBcc: iedereen@voorbeeld.nl\u2028X-Kwaad: ja\x00",
        reply_to="noor@voorbeeld.nl\nCc: iedereen@voorbeeld.nl",
        headers={"List-Unsubscribe": "<https://voorbeeld.nl/>\r\nBcc: iedereen@voorbeeld.nl"},
    )
    send(key="proef")
    assert Mail.objects.get().subject == "Vraag Bcc: iedereen@voorbeeld.nl X-Kwaad: ja"
    assert all(letter[name] is None for letter in mailbox.letters for name in ("Bcc", "Cc", "X-Kwaad"))


def test_an_address_with_a_line_break_reaches_nobody(mailbox, db):
    Mail.objects.filter(pk=write().pk).update(to="noor@voorbeeld.nl\nBcc: iedereen@voorbeeld.nl")
    assert send(key="proef") is Outcome.FAILED
    assert mailbox.letters == []
    assert Mail.objects.get().error.startswith("Van deze mail is geen bericht te maken:")


# --- When it fails ----------------------------------------------------------------------------------------------------


def test_a_server_that_is_away_counts_against_no_mail_and_stops_the_round(mail_settings, db):
    write("een")
    write("twee")
    with pytest.raises(ExceptionGroup, match=re.escape(mail.AWAY)):
        send_waiting()
    assert list(Mail.objects.order_by("key").values_list("state", "attempts", "error")) == [
        ("wacht", 0, mail.AWAY),
        ("wacht", 0, ""),
    ]


def test_what_waited_for_a_server_goes_when_it_is_back(mail_settings, db):
    write()
    assert send(key="proef") is Outcome.AWAY
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    controller.start()
    try:
        later()
    finally:
        controller.stop()
    assert mailbox.subjects == ["Een proef"]
    assert Mail.objects.get().error == ""


def test_a_server_that_is_busy_is_tried_again_with_growing_patience(mailbox, db):
    write()
    mailbox.answers = ["451 4.3.0 Try again later"] * 2
    waits = []
    for _ in range(2):
        before = timezone.now()
        send_waiting()
        waits.append(round((Mail.objects.get().next_try_at - before) / timedelta(minutes=1)))
        assert send_waiting() == "0 mails verzonden."  # it is not yet time
        Mail.objects.update(next_try_at=timezone.now())
    assert waits == [1, 5]
    assert Mail.objects.get().error == "De mailserver neemt de mail niet aan: 451 4.3.0 Try again later"
    later()
    assert mailbox.subjects == ["Een proef"]


def test_an_address_that_is_refused_holds_up_no_other(mailbox, db):
    mailbox.refuse["weg@voorbeeld.nl"] = "550 5.1.1 Unknown user"
    write("een", to="weg@voorbeeld.nl")
    write("twee")
    assert send_waiting() == "1 mail verzonden, 1 niet."
    assert len(mailbox.letters) == 1
    assert Mail.objects.get(key="een").error == "De mailserver weigert dit adres: 550 5.1.1 Unknown user"


def test_a_mail_is_given_up_after_the_last_try_and_can_be_tried_anew(mailbox, db, django_capture_on_commit_callbacks):
    mailbox.answers = ["554 5.7.1 No"] * (len(mail.PATIENCE) + 1)
    write()
    for _ in range(len(mail.PATIENCE) + 1):
        later()
    kept = Mail.objects.get()
    assert (kept.state, kept.attempts) == (Mail.State.FAILED, 8)
    later()
    assert mailbox.letters == []
    with django_capture_on_commit_callbacks(execute=True):
        mail.try_again(mail=kept)
    assert mailbox.subjects == ["Een proef"]
    with pytest.raises(ValidationError):
        mail.try_again(mail=kept)


def test_the_team_is_told_before_we_give_up(db):
    factories.MailFactory(key="verzonden", state="verzonden", attempts=8)
    factories.MailFactory(key="twee keer", attempts=2)
    factories.MailFactory(key="drie keer", attempts=3)
    factories.MailFactory(key="mislukt", state="mislukt")
    assert set(Mail.objects.troubled().values_list("key", flat=True)) == {"drie keer", "mislukt"}


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_wiped_once_it_is_sent(mailbox, db):
    write(is_secret=True, when=When.NOW)
    assert len(mailbox.letters) == 1
    assert Mail.objects.get().text == ""


def test_a_secret_is_wiped_when_it_is_given_up_and_is_not_tried_anew(mailbox, db):
    mailbox.answers = ["554 No"] * 8
    write(is_secret=True)
    Mail.objects.update(attempts=len(mail.PATIENCE))
    send(key="proef")
    kept = Mail.objects.get()
    assert (kept.state, kept.text) == (Mail.State.FAILED, "")
    with pytest.raises(ValidationError):
        mail.try_again(mail=kept)


def test_a_code_that_has_lapsed_is_not_sent(mailbox, db):
    write(is_secret=True, useful_for=-HOUR)
    write("anders", useful_for=HOUR)
    assert send_waiting() == "1 mail verzonden."
    lapsed = Mail.objects.get(key="proef")
    assert (lapsed.state, lapsed.text, lapsed.error) == (Mail.State.FAILED, "", mail.TOO_LATE)


def test_the_database_keeps_no_secret_of_a_mail_that_is_done(db):
    with pytest.raises(IntegrityError):
        factories.MailFactory(is_secret=True, state="verzonden", text="De code is ABCD-EFGH")


def test_mails_to_somebody_who_leaves_are_forgotten(db):
    noor, cas = factories.UserFactory(email="noor@voorbeeld.nl"), factories.UserFactory()
    for key, to, person in (
        ("aan", "noor@voorbeeld.nl", None),
        ("hoofdletters", "Noor@Voorbeeld.nl", None),
        ("vorig adres", "oud@voorbeeld.nl", noor),
        ("ander", "cas@voorbeeld.nl", cas),
    ):
        factories.MailFactory(key=key, to=to, person=person)
    mail.forget(person=noor)
    assert list(Mail.objects.values_list("key", flat=True)) == ["ander"]


# --- Two at a time, and cut off between -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_moment_send_each_mail_once(mailbox):
    for number in range(6):
        factories.MailFactory(subject=f"Mail {number}")
    start = threading.Barrier(4)

    def clock():
        start.wait()
        send_waiting()
        connection.close()

    clocks = [threading.Thread(target=clock) for _ in range(4)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join()
    assert sorted(mailbox.subjects) == [f"Mail {number}" for number in range(6)]
    assert set(Mail.objects.values_list("state", "attempts")) == {("verzonden", 1)}


SENDER = """
import sys, django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", int(sys.argv[1]), 20
from mkbroute.core.mail import send_waiting
send_waiting()
"""


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_killed_before_it_notes_so_loses_nothing_and_a_mailbox_knows_the_copy(mailbox, mail_settings):
    factories.MailFactory(subject="Belangrijk")
    process = subprocess.Popen(
        [sys.executable, "-c", SENDER, str(mail_settings.EMAIL_PORT)],
        env={**os.environ, "DATABASE_URL": url_of_the_test_database(), "DJANGO_SETTINGS_MODULE": "mkbroute.settings"},
    )
    mailbox.on_data = lambda: process.send_signal(signal.SIGKILL)  # the mail is in, the answer never arrives
    assert process.wait(60) == -signal.SIGKILL
    assert list(Mail.objects.values_list("state", "attempts")) == [("wacht", 0)]
    mailbox.on_data = lambda: None
    send_waiting()
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert Mail.objects.get().state == Mail.State.SENT


def test_different_mails_have_names_of_their_own(mailbox, db):
    write("een")
    write("twee")
    send_waiting()
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 2


def test_a_connection_that_breaks_off_is_followed_by_a_new_one(mailbox, db):
    write("een")
    write("twee")
    mailbox.answers = ["421 4.3.2 Closing"]
    send_waiting()
    assert len(mailbox.letters) == 1
    later()
    assert len(mailbox.letters) == 2
