"""Looking whether an address of another site still answers, without letting it lead us into our own network."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, InvalidURL
from threading import Timer
from urllib.parse import urljoin

import certifi
from django.conf import settings
from urllib3.util import Url, parse_url

SECONDS = 20
"""For all of one address: its name, every redirect and both ways of asking."""
MAX_REDIRECTS = 5
PORTS = {80, 443}
DEFAULT_PORTS = {"http": 80, "https": 443}
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
SPECIAL_IPV6 = [ipaddress.ip_network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
"""Blocks within the public ones that lead elsewhere: tunnels to IPv4, which may be private, and examples."""


@dataclass(frozen=True)
class Answer:
    """What an address gave: an HTTP status, or the ``reason`` why there is none."""

    status: int | None = None
    reason: str = ""

    @property
    def is_reached(self) -> bool:
        """Whether anybody answered at all."""
        return self.status is not None

    @property
    def is_broken(self) -> bool:
        """429 only asks us to come less often: the page is there."""
        return self.status is None or (self.status >= 400 and self.status != 429)


class Refused(Exception):
    """Raised before anything is sent to an address we must not visit; says why in Dutch."""


def is_public(address: str) -> bool:
    """Whether a numerical address belongs to the public internet: not private, loopback, link-local or the like."""
    ip = ipaddress.ip_address(address)
    if not ip.is_global or ip.is_multicast:
        return False
    return ip.version == 4 or (ip in PUBLIC_IPV6 and not any(ip in block for block in SPECIAL_IPV6))


def fetch(address: str, *, allowed: Callable[[str], bool] = is_public) -> Answer | None:
    """Ask for an address and follow where it redirects; of a page only the head is read, never the body.

    Every host is looked up once, judged by ``allowed``, and then reached at the very numbers that were judged. It
    takes ``SECONDS`` at most, besides the time the name server takes.

    Returns None when nothing can be said now, because the name server does not answer.
    """
    deadline = time.monotonic() + SECONDS
    try:
        for _ in range(MAX_REDIRECTS + 1):
            url = _parse(address)
            status, location = _ask(url, _resolve(url, allowed), deadline)
            if not location:
                return Answer(status)
            address = urljoin(url.url, location)
    except Refused as refusal:
        return Answer(reason=str(refusal))
    except socket.gaierror as error:
        is_unknown = error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}
        return Answer(reason="deze site bestaat niet") if is_unknown else None
    except ssl.SSLEOFError:  # hung up while speaking TLS
        return Answer(reason="de site antwoordt niet")
    except ssl.SSLError:
        return Answer(reason="de beveiliging van de site klopt niet")
    except (ValueError, InvalidURL):
        return Answer(reason="geen geldig adres")
    except (HTTPException, OSError):
        return Answer(reason="de site antwoordt niet")
    return Answer(reason="de site verwijst te vaak door")


def _parse(address: str) -> Url:
    """The parts of an address. Raises ValueError when it makes no sense, Refused when we do not visit such addresses."""
    url = parse_url(address)
    if url.scheme not in DEFAULT_PORTS:
        raise Refused("alleen adressen met http of https worden gecontroleerd")
    if not url.host:
        raise ValueError(address)
    if url.auth is not None:
        raise Refused("in het adres staat een naam of wachtwoord")
    if _port(url) not in PORTS:
        raise Refused("alleen de poorten 80 en 443 worden gecontroleerd")
    return url


def _port(url: Url) -> int:
    return DEFAULT_PORTS[url.scheme] if url.port is None else url.port


def _host(url: Url) -> str:
    return url.host.strip("[]").rstrip(".")


def _resolve(url: Url, allowed: Callable[[str], bool]) -> list[str]:
    """The numerical addresses of a host that are for us to visit. Raises Refused when there is none."""
    numbers = [entry[4][0] for entry in socket.getaddrinfo(_host(url), _port(url), type=socket.SOCK_STREAM)]
    numbers = [number for number in numbers if allowed(number)]
    if not numbers:
        raise Refused("dit adres ligt in een besloten netwerk")
    return numbers


def _ask(url: Url, numbers: list[str], deadline: float) -> tuple[int, str]:
    """The status of an address and where it redirects to, if it does."""
    halfway = time.monotonic() + _left(deadline) / 2
    with suppress(HTTPException, OSError):
        status, location = _request("HEAD", url, numbers, halfway)
        if status < 400:
            return status, location
    return _request("GET", url, numbers, deadline)  # many servers know only GET; some hang up at anything else


def _request(method: str, url: Url, numbers: list[str], deadline: float) -> tuple[int, str]:
    headers = {"Host": url.netloc, "User-Agent": f"linkcontrole (+{settings.SITE_URL})", "Accept": "*/*"}
    with (
        _connect(numbers, _port(url), deadline) as plain,
        _shut_at(deadline, plain),
        _tls().wrap_socket(plain, server_hostname=_host(url)) if url.scheme == "https" else nullcontext(plain) as line,
    ):
        connection = HTTPConnection(_host(url))
        connection.sock = line
        connection.request(method, url.request_uri, headers=headers)
        with connection.getresponse() as response:
            _left(deadline)  # what was cut off looks like the end of the head
            is_redirect = response.status in {301, 302, 303, 307, 308}
            return response.status, response.headers.get("Location", "") if is_redirect else ""


def _connect(numbers: list[str], port: int, deadline: float) -> socket.socket:
    """A connection to the first number that answers; each gets its share of the time. Raises OSError when none does."""
    for position, number in enumerate(numbers):
        try:
            return socket.create_connection((number, port), timeout=_left(deadline) / (len(numbers) - position))
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def _shut_at(deadline: float, connection: socket.socket) -> Iterator[None]:
    """Cut a connection off at a moment. The timeout of a socket starts anew at each byte, and so never ends a drip."""
    twin = connection.dup()  # the socket itself goes to TLS, which empties it

    def shut():
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    seconds = _left(deadline)
    connection.settimeout(seconds)
    timer = Timer(seconds, shut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        twin.close()


def _left(deadline: float) -> float:
    """The seconds until a moment. Raises TimeoutError when it is over."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
