import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.mkbroute.addresses import EXAMPLE, PATHS

# --- Error pages ------------------------------------------------------------------------------------------


def test_an_unknown_address_gets_a_page_that_helps_on(stubborn):
    response = stubborn.get("/bestaat-niet/")
    content = response.content.decode()
    assert response.status_code == 404
    assert "<h1>Deze pagina bestaat niet</h1>" in content
    assert [link in content for link in ('href="/pilots/"', 'href="/netwerk/"', 'href="/contact/"')] == [True] * 3
    assert '<meta name="robots" content="noindex">' in content


@pytest.mark.parametrize("folder", ["pilots", "netwerk", "over/mensen", ""])
def test_what_is_not_published_does_not_exist(stubborn, folder):
    assert stubborn.get(f"/{folder}/nog-niet-openbaar/".replace("//", "/")).status_code == 404


def test_a_wrong_method_gets_a_page(stubborn):
    response = stubborn.put("/contact/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert "<h1>Dit kan niet op deze pagina</h1>" in response.content.decode()


def test_a_form_without_its_secret_gets_a_page(stubborn):
    response = stubborn.post("/account/login/", {"login": "noor@voorbeeld.nl"})
    assert response.status_code == 403
    assert "<h1>Uw formulier is niet verwerkt</h1>" in response.content.decode()


def test_a_request_for_another_host_gets_a_page(stubborn):
    response = stubborn.get("/", headers={"Host": "kwaad.voorbeeld.nl"})
    assert response.status_code == 400
    assert "<h1>Wij begrijpen deze vraag niet</h1>" in response.content.decode()


def test_a_form_that_is_too_large_gets_a_page(stubborn):
    response = stubborn.post("/contact/", {"message": "x" * 3_000_000})
    assert response.status_code == 400
    assert "wat u verstuurde is te groot" in response.content.decode()


def test_a_fault_of_ours_gets_a_page_without_its_story(stubborn, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("mkbroute.views.contact.render", lambda *args, **kwargs: 1 / 0)
    monkeypatch.setattr("django.template.context_processors.request", None)
    with django_assert_num_queries(0):
        response = stubborn.get("/contact/")
    content = response.content.decode()
    assert response.status_code == 500
    assert "<h1>Er ging iets mis</h1>" in content
    assert "ZeroDivisionError" not in content


# --- No database ------------------------------------------------------------------------------------------


WITHOUT_DATABASE = [
    "/contact/",
    "/contact/verzonden/",
    "/feeds/",
    "/zoeken/",
    "/zoeken/suggesties/",
    f"/media/images/{EXAMPLE}.png",
    "/healthz/live",
    "/robots.txt",
    "/.well-known/security.txt",
    "/favicon.ico",
    "/stijlgids/",
]


def is_away(response) -> bool:
    """Whether this is the page for a missing database, without its story."""
    content = response.content.decode()
    return (
        (response.status_code, response.headers.get("Retry-After")) == (503, "120")
        and "<h1>De site is even niet bereikbaar</h1>" in content
        and "secret-host" not in content
    )


def test_without_a_database_every_page_says_when_to_come_back(client, no_database):
    asking = [path for path in PATHS if path not in (*WITHOUT_DATABASE, "/healthz/ready")]
    assert {path: is_away(client.get(path)) for path in asking} == dict.fromkeys(asking, True)


def test_what_needs_no_database_stays(client, no_database):
    assert {client.get(path).status_code for path in WITHOUT_DATABASE} == {200, 302}


def test_without_a_database_an_unknown_file_is_looked_for_later(stubborn, no_database):
    """Here a middleware misses the database: the one that looks for a redirect."""
    assert is_away(stubborn.get("/media/images/bestaat-niet.png"))


def test_who_is_signed_in_gets_the_same_page_without_a_database(as_user, moderator):
    client = as_user(moderator)
    client.raise_request_exception = False

    def refuse(*args):
        raise OperationalError("connection to server failed: secret-host")

    with connection.execute_wrapper(refuse):
        assert is_away(client.get("/pilots/"))


# --- Security headers -------------------------------------------------------------------------------------


def policy(response) -> dict[str, list[str]]:
    """The content security policy by directive."""
    directives = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sorted(sources) for name, *sources in directives}


SELF = ["'self'"]
NONE = ["'none'"]
PUBLIC_POLICY = {
    "default-src": NONE,
    "script-src": SELF,
    "style-src": SELF,
    "img-src": SELF,
    "font-src": SELF,
    "connect-src": SELF,
    "manifest-src": SELF,
    "form-action": SELF,
    "base-uri": NONE,
    "frame-ancestors": NONE,
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def everywhere(response) -> dict[str, str]:
    return {name: response.headers.get(name) for name in EVERYWHERE}


def test_every_response_outside_the_admin_has_the_strict_policy(stubborn):
    for path in [*PATHS, "/account/login/", "/bestaat-niet/"]:
        response = stubborn.get(path)
        is_file = path.startswith("/documenten/") or path.endswith(".webp")  # of an update, served by us
        expected = {"default-src": NONE} if is_file else PUBLIC_POLICY
        assert (path, policy(response)) == (path, expected)
        assert (path, everywhere(response)) == (path, EVERYWHERE)
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/admin/", "/admin/bestaat-niet/", "/admin/pages/"])
def test_the_admin_may_do_what_wagtail_needs_and_stays_out_of_caches(as_user, moderator, path):
    response = as_user(moderator).get(path)
    assert everywhere(response) == EVERYWHERE
    assert policy(response) == PUBLIC_POLICY | {
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "frame-src": SELF,
        "frame-ancestors": SELF,
    }
    assert "private" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/account/login/", f"/voorbeeld/{EXAMPLE}/"])
def test_private_pages_stay_out_of_caches_and_search_engines(stubborn, path):
    response = stubborn.get(path)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_errors_carry_the_same_headers(stubborn, monkeypatch):
    answers = [
        stubborn.get("/", headers={"Host": "kwaad.voorbeeld.nl"}),
        stubborn.put("/contact/"),
        stubborn.post("/"),
    ]
    monkeypatch.setattr("mkbroute.views.contact.render", lambda *args, **kwargs: 1 / 0)
    answers.append(stubborn.get("/contact/"))
    assert [response.status_code for response in answers] == [400, 405, 403, 500]
    assert [everywhere(response) for response in answers] == [EVERYWHERE] * 4
    assert [policy(response) for response in answers] == [PUBLIC_POLICY] * 4


def test_the_page_for_a_missing_database_carries_them_too(no_database):
    response = Client().get("/pilots/")
    assert (response.status_code, everywhere(response), policy(response)) == (503, EVERYWHERE, PUBLIC_POLICY)


def test_static_files_carry_them_too(settings, tmp_path):
    (tmp_path / "site.css").write_text("a {}")
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/site.css")
    assert (response.status_code, everywhere(response), policy(response)) == (200, EVERYWHERE, PUBLIC_POLICY)


def test_over_tls_the_browser_is_told_to_stay_there(settings, db):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = (
        31536000,
        True,
        True,
    )
    response = Client().get("/contact/", secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_another_site_learns_the_origin_but_not_the_page(client, db):
    assert client.get("/contact/").headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
