"""Asking once more who somebody is, before what cannot be undone.

Who has a password, an app or a passkey is asked for that, by allauth. Who signs in with mailed codes only has none of
these, and gets a code by mail.
"""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def recently_confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open the view only to who showed in the last minutes, in this session, who they are; others do that first."""

    @login_required
    @wraps(view)
    def asking(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        if get_adapter().get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        return redirect(f"{reverse('confirm_by_code')}?{urlencode({'next': request.path})}")

    return asking


def is_confirmed(request: HttpRequest) -> bool:
    """Whether somebody showed in the last minutes who they are; having signed in is not enough."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record.get("reauthenticated") and record["at"] > since for record in records)


def confirm(request: HttpRequest) -> None:
    """Note that somebody has just shown who they are."""
    record_authentication(request, request.user, method="code", reauthenticated=True)
