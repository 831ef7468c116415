"""The pages behind the sign-in, which tests/browser/pages.py cannot reach."""

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from tests.accounts.conftest import add_app, add_recovery_codes, app_code

from .conftest import NARROW, WIDE
from .test_accessibility import faults

BARE = ["/account/", "/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"]
WITH_APP = [
    "/account/",
    "/account/2fa/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/totp/deactivate/",
    "/account/password/set/",
    "/account/sessions/",
    "/account/logout/",
]


@pytest.fixture
def signed_in(own_content, server, visit):
    """``signed_in(user)`` is a page of a browser in which that user is signed in."""

    def page(user, **options):
        client = Client()
        client.force_login(user)
        page = visit("/account/login/", **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": server}])
        return page

    return page


@pytest.mark.parametrize("options", [{"width": WIDE}, {"width": NARROW}, {"color_scheme": "dark"}])
def test_axe_finds_nothing_on_the_pages_of_an_account(signed_in, options):
    bare, guarded = factories.UserFactory(), factories.UserFactory()
    add_app(guarded)
    add_recovery_codes(guarded)
    found = []
    for user, addresses in ((bare, BARE), (guarded, WITH_APP)):
        page = signed_in(user, **options)
        if user == guarded:
            page.goto("/account/2fa/reauthenticate/")
            page.get_by_label("Code").fill(app_code())
            page.get_by_role("button", name="Ga verder").click()
            page.wait_for_url("**/account/")
        for address in addresses:
            page.goto(address)
            assert page.url.endswith(address)
            found += [f"{page.url}: {fault}" for fault in faults(page)]
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{page.url} is {overflow} pixels too wide"] if overflow > 0 else []
    assert found == []
