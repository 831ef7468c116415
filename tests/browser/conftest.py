"""The site in a real browser.

A server in this process serves the real content (``tests/conftest.py``) with the static files of production; tests open pages in
Chromium through Playwright. All tests here carry the mark ``browser`` and stay on one worker of xdist, so that only one
of them starts a browser and loads the content.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from mkbroute.accounts.models import User
from tests.conftest import static_settings

WIDE, NARROW = 1280, 320
"""The widths of a screen at which pages are tried: a laptop, and the smallest phone WCAG asks for."""

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


class Handler(WSGIRequestHandler):
    """Answers a request and hangs up, so that the server does not wait for a browser that may come back."""

    protocol_version = "HTTP/1.0"

    def log_message(self, *args) -> None:
        """Say nothing: a test that fails tells what was wrong."""


class Server(ThreadedWSGIServer):
    """Waits for its last response when it is closed, so that no request runs into the next test."""

    daemon_threads = False


@pytest.fixture(scope="session")
def application(static_root) -> WSGIHandler:
    """The site, with the static files of production."""
    with override_settings(**static_settings(static_root)):  # WhiteNoise reads them when it starts
        return get_wsgi_application()


@pytest.fixture
def server(application, content, production_static) -> Iterator[str]:
    """The address of the running site."""
    # By name, for a passkey belongs to a name and never to a number.
    with Server(("localhost", 0), Handler) as site:
        site.set_app(application)
        Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://localhost:{site.server_port}"
        site.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one on the path, else the one that Playwright installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread. Django takes that for asynchronous code, in which it refuses to
        # use the database; but nothing here is asynchronous, the loop only runs while we wait for the browser.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Chromium has no sandbox when run by root, and must not phone its maker during a test.
        arguments = ["--no-sandbox", "--disable-background-networking"]
        with playwright.chromium.launch(executable_path=program, args=arguments) as browser:
            yield browser


@pytest.fixture
def visit(browser, server) -> Iterator[Visit]:
    """Open an address as a new visitor: ``visit("/pilots/", width=NARROW)``.

    Other options are those of Playwright's ``new_context``, such as ``color_scheme`` and ``java_script_enabled``.
    """
    with ExitStack() as visitors:

        def visit(address: str, width: int = WIDE, **options) -> Page:
            viewport = {"width": width, "height": 800}
            context = browser.new_context(base_url=server, viewport=viewport, locale="nl-NL", **options)
            page = visitors.enter_context(context).new_page()
            page.goto(address)
            return page

        yield visit


@pytest.fixture
def visit_as(own_content, server, visit) -> Visit:
    """Open the sign-in page in a browser in which a user is signed in: ``visit_as(user, width=NARROW)``."""

    def visit_as(user: User, **options) -> Page:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page = visit("/account/login/", **options)
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": server}])
        return page

    return visit_as
