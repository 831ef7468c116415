"""An institution to sign in by: a real OpenID provider on loopback, which also looks whether we do it by the book."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Thread
from urllib.parse import urlsplit

import requests
from django.test import Client
from flask import Flask, Response, request
from oidc_provider_mock import app as provider_app
from werkzeug.serving import BaseWSGIServer, make_server

CLAIMS = {
    "email": "noor@voorbeeld.nl",
    "email_verified": True,
    "name": "Noor van der Geheim",
    "given_name": "Noor",
    "family_name": "van der Geheim",
    "eduperson_affiliation": ["employee"],
    "schac_home_organization": "geheime-school.nl",
}
"""What the institution knows of somebody."""


class Institution:
    """The provider. ``told`` are the tokens it gave out; ``answers`` replaces its answer on a path."""

    def __init__(self, app: Flask, server: BaseWSGIServer):
        self.app, self.url = app, f"http://localhost:{server.server_port}"
        self.told: list[str] = []
        self.asked: list[dict] = []
        self.answers: dict[str, Response] = {}
        self.challenge = ""
        app.before_request(self._look)
        app.after_request(self._note)

    def knows(self, subject: str, **claims) -> None:
        """Enrol somebody, or change what it knows of them. Claims that are None it does not know."""
        known = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
        requests.put(f"{self.url}/users/{subject}", json=known, timeout=5).raise_for_status()

    def forget(self) -> None:
        """Start anew for the next test."""
        self.told.clear()
        self.asked.clear()
        self.answers.clear()

    def sign_in(self, address: str, subject: str) -> str:
        """Do there what a person does who was sent to this address. Returns where they are sent back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        return path(answer.headers["Location"])

    def refuse(self, address: str) -> str:
        """Press the other button there."""
        answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return path(answer.headers["Location"])

    def _look(self) -> Response | None:
        """Check what the provider of the package does not: that a code is exchanged by who asked for it (PKCE)."""
        if request.path == "/oauth2/authorize":
            self.asked.append(request.args.to_dict())
            self.challenge = request.args.get("code_challenge", "")
        if request.path == "/oauth2/token":
            digest = sha256(request.form.get("code_verifier", "").encode()).digest()
            if urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
                return Response("wrong verifier", status=400)
        return self.answers.get(request.path)

    def _note(self, response: Response) -> Response:
        if request.path == "/oauth2/token" and response.is_json:
            self.told += [value for key, value in response.json.items() if key.endswith("_token")]
        return response


@contextmanager
def running_institution() -> Iterator[Institution]:
    """A provider that listens on a port of its own."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on loopback there is no TLS
    app = provider_app()
    server = make_server("localhost", 0, app, threaded=True)
    institution = Institution(app, server)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield institution
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def leave(client: Client, **fields) -> str:
    """Press the button on the sign-in page. Returns the address of the institution that one is sent to."""
    response = client.post("/account/login/institution/", fields)
    assert response.status_code == 200, response
    return response.context["address"]


def path(address: str) -> str:
    """An address of ours without its host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
