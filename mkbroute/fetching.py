"""Looking whether an address of another site still answers, without letting it lead us into our own network."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, SSLError
from urllib3.util import Timeout, Url, parse_url

SECONDS = Timeout(total=10)
MAX_REDIRECTS = 5
NAT64 = ipaddress.ip_network("64:ff9b::/32")
"""IPv6 addresses that stand for an IPv4 address, which may be a private one."""


@dataclass(frozen=True)
class Answer:
    """What an address gave: an HTTP status, or the ``reason`` why there is none.

    ``reached`` tells whether anybody answered at all.
    """

    status: int | None = None
    reason: str = ""
    reached: bool = True

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
    return ip.version == 4 or not (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in NAT64)


def fetch(address: str, *, allowed: Callable[[str], bool] = is_public) -> Answer:
    """Ask for an address and follow where it redirects; of a page only the head is read, never the body.

    Every host is looked up once, judged by ``allowed``, and then reached at the very number that was judged.
    """
    try:
        for _ in range(MAX_REDIRECTS + 1):
            url = parse_url(address)
            number = _resolve(url, allowed)
            status, location = _ask("HEAD", url, number)
            if status >= 400:  # many servers know only GET
                status, location = _ask("GET", url, number)
            if not location:
                return Answer(status)
            address = urljoin(url.url, location)
    except Refused as refusal:
        return Answer(reason=str(refusal))
    except SSLError:
        return Answer(reason="de beveiliging van de site klopt niet")
    except socket.gaierror:
        return Answer(reason="deze site bestaat niet", reached=False)
    except (HTTPError, OSError):
        return Answer(reason="de site antwoordt niet", reached=False)
    except ValueError:
        return Answer(reason="dit is geen goed adres")
    return Answer(reason="de site verwijst te vaak door")


def _resolve(url: Url, allowed: Callable[[str], bool]) -> str:
    """The numerical address of a host. Raises Refused when the host, or one of its numbers, is not for us to visit."""
    if url.scheme not in {"http", "https"} or not url.host:
        raise Refused("alleen adressen met http of https worden gecontroleerd")
    host = url.host.strip("[]")
    numbers = [entry[4][0] for entry in socket.getaddrinfo(host, _port(url), type=socket.SOCK_STREAM)]
    if not all(allowed(number) for number in numbers):
        raise Refused("dit adres ligt in een besloten netwerk")
    return numbers[0]


def _port(url: Url) -> int:
    return url.port or {"http": 80, "https": 443}[url.scheme]


def _ask(method: str, url: Url, number: str) -> tuple[int, str]:
    """The status of one request and where it redirects to, if it does."""
    if url.scheme == "https":
        host = url.host.strip("[]")
        pool = urllib3.HTTPSConnectionPool(
            number, _port(url), ca_certs=certifi.where(), server_hostname=host, assert_hostname=host
        )
    else:
        pool = urllib3.HTTPConnectionPool(number, _port(url))
    headers = {
        "Host": url.netloc.rpartition("@")[2],
        "User-Agent": f"linkcontrole (+{settings.SITE_URL})",
        "Accept": "*/*",
    }
    with pool:
        response = pool.urlopen(
            method,
            url.request_uri,
            headers=headers,
            redirect=False,
            retries=False,
            timeout=SECONDS,
            preload_content=False,
            assert_same_host=False,
        )
        response.close()
    return response.status, response.get_redirect_location() or ""
