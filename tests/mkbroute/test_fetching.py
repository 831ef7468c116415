"""Visiting addresses of other sites: what counts as an answer, and what is never visited."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mkbroute import fetching
from mkbroute.fetching import Answer, fetch, is_public

ANSWERS = {"/goed": 200, "/weg": 404, "/stuk": 500, "/rustig-aan": 429, "/alleen-get": 405, "/hangt-op": 200}


class Elsewhere(BaseHTTPRequestHandler):
    """A site of somebody else that notes how it was asked."""

    def answer(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        if self.path == "/hangt-op" and self.command == "HEAD":
            return
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
def elsewhere(monkeypatch):
    """A server on this machine, at a port that may be visited."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.asked, server.leads_to, server.hung_up = [], "", False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(fetching, "PORTS", {server.server_port})
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


def test_a_server_that_hangs_up_at_head_is_asked_with_get(elsewhere):
    assert fetch(f"{elsewhere.address}/hangt-op", allowed=anywhere) == Answer(200)
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
    assert answer == Answer(reason="de site antwoordt niet")
    assert answer.is_reached is False


@pytest.mark.parametrize(
    "address",
    [
        *("http://", "https://exa mple/", "http://[::1", "http://a:99999/", "http://\udcff/", "http://[v1.x]/"),
        f"http://{'a' * 64}.example/",
    ],
)
def test_an_address_that_makes_no_sense_is_an_answer_and_no_crash(address):
    assert fetch(address) == Answer(reason="geen geldig adres")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("x", "alleen adressen met http of https worden gecontroleerd"),
        ("ftp://elders.example/", "alleen adressen met http of https worden gecontroleerd"),
        ("http://elders.example:8080/", "alleen de poorten 80 en 443 worden gecontroleerd"),
        ("http://elders.example:0/", "alleen de poorten 80 en 443 worden gecontroleerd"),
        ("https://elders.example:22/", "alleen de poorten 80 en 443 worden gecontroleerd"),
        ("https://jan:geheim@elders.example/", "in het adres staat een naam of wachtwoord"),
        ("https://jan@elders.example/", "in het adres staat een naam of wachtwoord"),
    ],
)
def test_an_address_that_is_not_for_us_is_not_even_looked_up(address, reason, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("looked up"))
    assert fetch(address) == Answer(reason=reason)


@pytest.mark.parametrize("leads_to", ["http://127.0.0.1:22/", "http://jan:geheim@127.0.0.1/"])
def test_a_redirect_to_another_port_or_with_a_password_is_not_followed(leads_to, elsewhere):
    elsewhere.leads_to = leads_to
    assert fetch(f"{elsewhere.address}/door", allowed=anywhere).is_reached is False
    assert len(elsewhere.asked) == 1


# --- Slow and silent sites --------------------------------------------------------------------------------


@pytest.fixture
def dripping(monkeypatch):
    """The port of a server that sends a byte of a header, or of its hello in TLS, every twentieth of a second."""
    ended = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip(line: socket.socket):
        with line:
            try:
                speaks_tls = line.recv(1) == b"\x16"
                line.sendall(b"\x16\x03\x03\x3f\xff\x02" if speaks_tls else b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not ended.wait(0.05):
                    line.sendall(b"x")
            except OSError:
                return

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=[line], daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    port = server.getsockname()[1]
    monkeypatch.setattr(fetching, "PORTS", {port})
    yield port
    ended.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_drips_is_given_up_in_time(scheme, dripping, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.6)
    began = time.monotonic()
    assert fetch(f"{scheme}://127.0.0.1:{dripping}/", allowed=anywhere) == Answer(reason="de site antwoordt niet")
    assert time.monotonic() - began < 10


def test_the_time_is_for_all_redirects_together(dripping, elsewhere, monkeypatch):
    monkeypatch.setattr(fetching, "PORTS", {dripping, elsewhere.server_port})
    monkeypatch.setattr(fetching, "SECONDS", 0.6)
    elsewhere.leads_to = f"http://127.0.0.1:{dripping}/"
    began = time.monotonic()
    answer = fetch(f"{elsewhere.address}/door", allowed=anywhere)
    assert answer == Answer(reason="de site antwoordt niet")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (socket.EAI_AGAIN, None),
        (socket.EAI_FAIL, None),
        (socket.EAI_NONAME, Answer(reason="deze site bestaat niet")),
        (socket.EAI_NODATA, Answer(reason="deze site bestaat niet")),
    ],
)
def test_a_name_server_that_does_not_answer_says_nothing_about_the_site(error, answer, monkeypatch):
    def look_up(*args, **kwargs):
        raise socket.gaierror(error, "")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert fetch("https://elders.example/") == answer


# --- Our own network --------------------------------------------------------------------------------------

PRIVATE = [
    *("127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "5f00::1", "3fff::1", "2001::1", "2001:db8::1", "4000::1"),
    *("64:ff9b:1::1", "100::1", "fe80::1%eth0"),
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
    monkeypatch.setattr(socket, "create_connection", refuse)
    return connected


@pytest.mark.parametrize("numbers", [("127.0.0.1",), ("10.0.0.8", "fd00::1")])
def test_a_name_that_leads_into_our_network_is_not_visited(numbers, monkeypatch):
    connected = resolving(monkeypatch, *numbers)
    assert fetch("https://slim.example/") == Answer(reason="dit adres ligt in een besloten netwerk")
    assert connected == []


def test_a_name_is_looked_up_once_and_only_its_public_numbers_are_visited(monkeypatch):
    connected = resolving(monkeypatch, "2606:2800:21f::1", "10.0.0.8", "93.184.215.14")
    assert fetch("https://elders.example/") == Answer(reason="de site antwoordt niet")
    assert connected == ["2606:2800:21f::1", "93.184.215.14"] * 2  # HEAD and GET


def test_a_site_of_which_one_number_does_not_answer_is_reached_at_another(elsewhere, monkeypatch):
    port = elsewhere.server_port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in ("127.0.0.9", "127.0.0.1")]
    look_up = socket.getaddrinfo

    def name(host, *args, **kwargs):
        return found if host == "elders.example" else look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", name)
    assert fetch(f"http://elders.example:{port}/goed", allowed=anywhere) == Answer(200)


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
