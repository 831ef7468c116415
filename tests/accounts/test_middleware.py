"""The doors: who reaches the admin, and what an anonymous visitor costs."""

import pytest
from django.conf import settings as django_settings

from tests import factories


def test_a_visitor_of_the_admin_signs_in_first(client, db):
    assert client.get("/admin/pages/").url == "/account/login/?next=/admin/pages/"


def test_the_sign_in_page_of_wagtail_leads_to_ours(client, db):
    assert client.get("/admin/login/?next=/admin/pages/").url == "/account/login/?next=/admin/pages/"
    response = client.post("/admin/login/", {"username": "x", "password": "y"})
    assert (response.status_code, response.url) == (302, "/account/login/")


@pytest.mark.parametrize("path", ["", "done/", "confirm/MQ/abc-def/", "complete/"])
def test_wagtail_resets_no_passwords(client, db, path):
    assert client.get(f"/admin/password_reset/{path}").status_code == 404
    assert client.post(f"/admin/password_reset/{path}").status_code == 404


def test_leaving_the_admin_is_leaving_the_site(as_user, editor):
    client = as_user(editor)
    assert client.post("/admin/logout/").url == "/account/login/"
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_for_who_may_not_enter_there_is_no_admin(as_user, outsider, partner):
    for user in (outsider, partner):
        for path in ("/admin/", "/admin/pages/", "/admin/users/", "/admin/nergens/"):
            assert as_user(user).get(path).status_code == 404


def test_staff_enter_the_admin(as_user, editor, moderator):
    assert [as_user(user).get("/admin/").status_code for user in (editor, moderator)] == [200, 200]


def test_a_visitor_without_a_session_costs_no_query_for_who_they_are(client, db, settings, django_assert_num_queries):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    with django_assert_num_queries(0):
        response = client.get("/account/login/")
    assert response.status_code == 200


def test_a_public_page_sets_no_cookie_and_varies_on_none(client, db):
    factories.HomePageFactory()
    response = client.get("/")
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_the_secret_of_a_form_is_the_only_cookie_of_the_sign_in_page(client, db):
    response = client.get("/account/login/")
    assert list(response.cookies) == [django_settings.CSRF_COOKIE_NAME]


def test_account_pages_stay_out_of_caches_and_search_engines(client, db):
    response = client.get("/account/login/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_no_script_runs_on_the_sign_in_page_but_our_own_files(client, db):
    assert "script-src 'self';" in client.get("/account/login/")["Content-Security-Policy"] + ";"
