from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from mkbroute.models import JobRun
from network.models import Body, Person
from tests import factories
from tests.mkbroute.addresses import EXAMPLE, PATHS


def test_every_public_address_answers_and_sets_no_cookie(stubborn):
    answers = {path: stubborn.get(path) for path in PATHS}
    redirected = {"/favicon.ico": 302}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PATHS, 200) | redirected
    assert [path for path, answer in answers.items() if answer.cookies] == []


# --- For programs -----------------------------------------------------------------------------------------


def test_a_live_process_answers_without_asking_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz/live")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_a_process_is_ready_when_the_database_answers(client, django_assert_num_queries, db):
    with django_assert_num_queries(1):
        response = client.get("/healthz/ready")
    assert (response.status_code, response.content.splitlines()[0]) == (200, b"ok")


def test_a_job_that_is_late_or_failed_is_named_but_sends_no_visitor_away(client, db):
    call_command("run_jobs")
    assert client.get("/healthz/ready").content == b"ok\n"
    JobRun.objects.filter(name="check_links").update(outcome=JobRun.Outcome.FAILED)
    JobRun.objects.filter(name="publish_scheduled").update(started_at=timezone.now() - timedelta(hours=1))
    response = client.get("/healthz/ready")
    lines = response.content.decode().splitlines()
    assert (response.status_code, lines[0]) == (200, "ok")
    assert [line.split(" op ")[0] for line in lines[1:]] == [
        "publish_scheduled te laat, voor het laatst begonnen",
        "check_links mislukt",
    ]


def test_a_process_is_not_ready_without_a_database(client, no_database):
    response = client.get("/healthz/ready")
    assert (response.status_code, response.content) == (503, b"De database antwoordt niet.\n")


def test_probes_are_answered_over_plain_http(settings, db):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz/live").status_code == 200
    assert client.get("/contact/").status_code == 301


def test_robots_may_see_everything_but_the_private_areas(client, settings):
    settings.SITE_URL = "https://www.voorbeeld.nl"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[:3] == ["User-agent: *", "Disallow: /admin/", "Disallow: /account/"]
    assert lines[-1] == "Sitemap: https://www.voorbeeld.nl/sitemap.xml"


RESEARCH = [
    *("/kennis/goede-voorbeelden/", "/kennis/publicaties/", "/begrippen/"),
    *("/onderzoek/", "/beleid/", "/nieuws/"),
]
"""The lists of what was learned; the page of each is below it."""


def test_the_sitemap_has_every_public_page_once_and_no_other(client, example):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    entries = ElementTree.fromstring(client.get("/sitemap.xml").content).findall(f"{space}url")
    changed = {
        entry.findtext(f"{space}loc").removeprefix("http://testserver"): entry.findtext(f"{space}lastmod")
        for entry in entries
    }
    board = Person.objects.get(appointments__body=Body.BOARD)
    assert sorted(changed) == sorted(
        [
            "/",
            "/contact/",
            f"/{EXAMPLE}/",
            "/pilots/",
            f"/pilots/{EXAMPLE}/",
            f"/pilots/{EXAMPLE}/berichten/",
            f"/pilots/{EXAMPLE}/berichten/1/",
            "/netwerk/",
            "/netwerk/hogescholen/",
            "/netwerk/branches/",
            f"/netwerk/{EXAMPLE}/",
            "/over/team/",
            "/over/raad-van-advies/",
            f"/over/mensen/{EXAMPLE}/",
            board.get_absolute_url(),
            "/feeds/",
            f"/thema/{EXAMPLE}/",
            "/kennis/",
            *(f"{path}{below}" for path in RESEARCH for below in ("", f"{EXAMPLE}/")),
        ]
    )
    assert len(entries) == len(changed)
    today = timezone.localdate().isoformat()
    assert {changed[f"/pilots/{EXAMPLE}/"], changed["/pilots/"], changed["/over/team/"]} == {today}
    assert changed["/contact/"] is None


def test_the_sitemap_asks_as_much_of_the_database_for_one_pilot_as_for_three(client, queries, example):
    one = queries(client, "/sitemap.xml")
    factories.PilotFactory.create_batch(2)
    assert queries(client, "/sitemap.xml") == one


def test_researchers_find_where_to_report_a_weakness(client, settings):
    settings.SITE_URL, settings.CONTACT_EMAIL = "https://www.voorbeeld.nl", "team@voorbeeld.nl"
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:team@voorbeeld.nl",
        "https://www.voorbeeld.nl/contact/",
    ]
    rest = {name: value for name, value in fields if name != "Contact"}
    expires = datetime.fromisoformat(rest.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert rest == {
        "Preferred-Languages": "nl, en",
        "Canonical": "https://www.voorbeeld.nl/.well-known/security.txt",
    }


def test_a_browser_that_asks_for_an_icon_by_itself_is_sent_to_ours(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response.url) == (302, "/static/img/favicon.svg")


# --- Files ------------------------------------------------------------------------------------------------


def test_a_rendition_may_be_kept_for_a_month(client, example):
    response = client.get(f"/media/images/{EXAMPLE}.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=2592000"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        f"/media/original_images/{EXAMPLE}.png",
        f"/media/documents/{EXAMPLE}.pdf",
        f"/media/images/../original_images/{EXAMPLE}.png",
        f"/media/images/%2e%2e/documents/{EXAMPLE}.pdf",
        "/media/images/",
        "/media/",
        "/media/images//etc/passwd",
    ],
)
def test_nothing_else_of_the_uploads_can_be_had(stubborn, path):
    assert stubborn.get(path).status_code in (400, 404)


def test_a_document_is_a_download(client, example):
    response = client.get(f"/documenten/1/{EXAMPLE}.pdf")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{EXAMPLE}.pdf"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_whose_file_is_gone_does_not_exist(stubborn, settings):
    (settings.MEDIA_ROOT / "documents" / f"{EXAMPLE}.pdf").unlink()
    assert stubborn.get(f"/documenten/1/{EXAMPLE}.pdf").status_code == 404
