"""Visiting addresses of other sites: what counts as an answer, and what is never visited."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from mkbroute import fetching
from mkbroute.fetching import Answer, fetch, is_public

ANSWERS = {"/goed": 200, "/weg": 404, "/stuk": 500, "/rustig-aan": 429, "/alleen-get": 405}


class Elsewhere(BaseHTTPRequestHandler):
    """A site of somebody else that notes how it was asked."""

    def answer(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        if self.path.startswith("/door"):
            self.send_response(302)
            self.send_header("Location", self.server.leads_to or self.path)
        else:
            status = ANSWERS[self.path]
            self.send_response(200 if self.path == "/alleen-get" and self.command == "GET" else status)
        self.end_headers()
        if self.command == "GET":
            try:
                self.wfile.write(b"x" * 10_000_000)
            except OSError:
                self.server.hung_up = True

    do_GET = do_HEAD = answer

    def log_message(self, *args):
        """Quietly."""


@pytest.fixture
def elsewhere():
    """A server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.asked, server.leads_to, server.hung_up = [], "", False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.address = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


def anywhere(number: str) -> bool:
    """Instead of the rule, for a server on this machine."""
    return True


@pytest.mark.parametrize(
    ("path", "status", "broken"),
    [("/goed", 200, False), ("/weg", 404, True), ("/stuk", 500, True), ("/rustig-aan", 429, False)],
)
def test_the_status_says_whether_a_link_is_broken(path, status, broken, elsewhere):
    answer = fetch(elsewhere.address + path, allowed=anywhere)
    assert (answer.status, answer.is_broken) == (status, broken)


def test_a_server_that_knows_only_get_is_asked_again_and_its_page_is_not_read(elsewhere):
    assert fetch(f"{elsewhere.address}/alleen-get", allowed=anywhere) == Answer(200)
    assert [method for method, *_ in elsewhere.asked] == ["HEAD", "GET"]


def test_we_say_who_asks(elsewhere, settings):
    settings.SITE_URL = "https://www.mkb-route.example"
    fetch(f"{elsewhere.address}/goed", allowed=anywhere)
    [(_, _, headers)] = elsewhere.asked
    assert headers["User-Agent"] == "linkcontrole (+https://www.mkb-route.example)"
    assert headers["Host"] == elsewhere.address.removeprefix("http://")


def test_a_redirect_is_followed_and_its_end_counts(elsewhere):
    elsewhere.leads_to = "/weg"
    assert fetch(f"{elsewhere.address}/door", allowed=anywhere) == Answer(404)


def test_redirects_without_end_are_given_up(elsewhere):
    assert fetch(f"{elsewhere.address}/door", allowed=anywhere) == Answer(reason="de site verwijst te vaak door")
    assert len(elsewhere.asked) == fetching.MAX_REDIRECTS + 1


@pytest.mark.parametrize("leads_to", ["file:///etc/passwd", "gopher://elders.example/", "ftp://elders.example/x"])
def test_a_redirect_to_something_other_than_the_web_is_refused(leads_to, elsewhere):
    elsewhere.leads_to = leads_to
    answer = fetch(f"{elsewhere.address}/door", allowed=anywhere)
    assert answer == Answer(reason="alleen adressen met http of https worden gecontroleerd")


def test_a_closed_port_is_no_answer(elsewhere):
    elsewhere.shutdown()
    elsewhere.server_close()
    answer = fetch(f"{elsewhere.address}/goed", allowed=anywhere)
    assert answer == Answer(reason="de site antwoordt niet", reached=False)


@pytest.mark.parametrize(
    "address", ["http://", "https://exa mple/", "http://[::1", "http://a:99999/", "x", "http://\udcff/"]
)
def test_an_address_that_makes_no_sense_is_an_answer_and_no_crash(address):
    assert fetch(address).is_broken is True


# --- Our own network --------------------------------------------------------------------------------------

PRIVATE = [
    *("127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
]


@pytest.mark.parametrize("number", PRIVATE)
def test_an_address_of_a_network_of_ours_is_not_public(number):
    assert is_public(number) is False


@pytest.mark.parametrize("number", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_on_the_internet_is_public(number):
    assert is_public(number) is True


def resolving(monkeypatch, *numbers: str) -> list[str]:
    """Let every name lead to these numbers; gives the numbers that are really connected to."""
    connected = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in numbers]

    def refuse(address, *args, **kwargs):
        connected.append(address[0])
        raise OSError("nothing leaves this test")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", refuse)
    return connected


@pytest.mark.parametrize("numbers", [("127.0.0.1",), ("93.184.215.14", "10.0.0.8")])
def test_a_name_that_leads_into_our_network_is_not_visited(numbers, monkeypatch):
    connected = resolving(monkeypatch, *numbers)
    assert fetch("https://slim.example/").reason == "dit adres ligt in een besloten netwerk"
    assert connected == []


def test_a_name_is_looked_up_once_and_that_number_is_visited(monkeypatch):
    connected = resolving(monkeypatch, "93.184.215.14")
    assert fetch("https://elders.example/").reached is False
    assert connected == ["93.184.215.14"]


def test_a_redirect_into_our_network_is_not_followed(elsewhere):
    elsewhere.leads_to = f"http://localhost:{elsewhere.server_port}/goed"
    seen = []

    def only_the_first(number: str) -> bool:
        seen.append(number)
        return len(seen) == 1

    answer = fetch(f"{elsewhere.address}/door", allowed=only_the_first)
    assert answer.reason == "dit adres ligt in een besloten netwerk"
    assert [path for _, path, _ in elsewhere.asked] == ["/door"]


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"])
def test_a_number_of_this_machine_in_any_writing_is_refused(address):
    assert fetch(address).is_broken is True
    assert fetch(address).status is None
