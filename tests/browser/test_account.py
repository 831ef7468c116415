"""The pages behind the sign-in, which tests/browser/pages.py cannot reach."""

import pytest

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


@pytest.mark.parametrize("options", [{"width": WIDE}, {"width": NARROW}, {"color_scheme": "dark"}])
def test_axe_finds_nothing_on_the_pages_of_an_account(visit_as, options):
    bare, guarded = factories.UserFactory(), factories.UserFactory()
    add_app(guarded)
    add_recovery_codes(guarded)
    found = []
    for user, addresses in ((bare, BARE), (guarded, WITH_APP)):
        page = visit_as(user, **options)
        if user == guarded:
            page.goto("/account/2fa/reauthenticate/")
            page.get_by_label("Code").fill(app_code())
            page.get_by_role("button", name="Ga verder").click()
            page.wait_for_url("**/partner/")
        for address in addresses:
            page.goto(address)
            assert page.url.endswith(address)
            found += [f"{page.url}: {fault}" for fault in faults(page)]
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{page.url} is {overflow} pixels too wide"] if overflow > 0 else []
    assert found == []
