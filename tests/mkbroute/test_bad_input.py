"""Nonsense, fired at every public address."""

import gzip

import pytest
from django.test import Client

from pilots.filters import PilotFilter
from tests.mkbroute.addresses import PATHS

LONG = "a" * 10_000
PARAMETERS = [*PilotFilter.base_filters, "sorteer", "pagina", "pilot", "onderwerp", "soort", "thema", "na"]
VALUES = ["%00", "%ff%fe", LONG, "-1", "9" * 40, "%27%22%3E%3Cscript%3E", "%f0%9f%92%a5", ""]
QUERIES = [
    *("&".join(f"{name}={value}" for name in PARAMETERS) for value in VALUES),
    "&".join(f"sector={n}" for n in range(900)),
    f"{LONG}={LONG}",
    "%00=%00",
    "%ff=%ff",
    "&&==&=",
]
ENDINGS = [
    "%00",
    "%00/",
    "%ff/",
    LONG,
    f"{LONG}/",
    "..%2f..%2f..%2fetc/passwd",
    "../../etc/passwd",
    "%0d%0aSet-Cookie:x=y",
]
HEADERS = [
    {"Cookie": "sessionid=\x01%00; csrftoken=%ff; messages=nonsense"},
    {"Accept-Language": LONG},
    {"If-Modified-Since": "yesterday"},
    {"If-None-Match": LONG},
    {"Accept-Encoding": "gzip;q=nonsense"},
    {"Range": "bytes=-99999999999999999999"},
]
BODIES = [
    (b"a=%00&b=%ff", "application/x-www-form-urlencoded"),
    (b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    (b"&".join([b"a=1"] * 6000), "application/x-www-form-urlencoded"),
    (b"no boundary", "multipart/form-data"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"a=1", "application/x-www-form-urlencoded; charset=nonsense"),
    (b"{", "application/json"),
]


def is_ours(response) -> bool:
    """Whether this is no error of the server and, as far as a person sees it, one of our pages in Dutch."""
    if response.status_code >= 500:
        return False
    if 300 <= response.status_code < 400 or not response.headers.get("Content-Type", "").startswith("text/html"):
        return True
    packed = response.headers.get("Content-Encoding") == "gzip"
    content = gzip.decompress(response.content) if packed else response.content
    return '<html lang="nl">' in content.decode()


def requests_that_make_no_sense(client, path):
    """Each with what it is, so that a failure says which."""
    for query in QUERIES:
        yield f"?{query[:60]}", client.get(path, QUERY_STRING=query)
    for ending in ENDINGS:
        yield f"/{ending[:60]}", client.get(path + ending)
    yield "last part with a NUL byte", client.get(path.rstrip("/") + "%00/")
    for headers in HEADERS:
        yield str(headers)[:60], client.get(path, headers=headers)
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"):
        yield method, client.generic(method, path)
    unchecked = Client(raise_request_exception=False)  # gets past the check on forms, into the view
    for data, content_type in BODIES:
        for browser in (client, unchecked):
            yield f"{content_type}: {data[:60]!r}", browser.generic("POST", path, data, content_type)
    yield "host", client.get(path, headers={"Host": "kwaad.voorbeeld.nl"})


@pytest.mark.parametrize("path", PATHS)
def test_no_nonsense_breaks(stubborn, path):
    answers = requests_that_make_no_sense(stubborn, path)
    assert [(what, answer.status_code) for what, answer in answers if not is_ours(answer)] == []


def test_half_a_form_in_the_admin_is_a_bad_request_and_no_fault_of_ours(moderator, as_user, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    response = as_user(moderator).post("/admin/snippets/pilots/pilot/add/")
    assert response.status_code == 400
    assert "<h1>Wij begrijpen deze vraag niet</h1>" in response.content.decode()
