from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mkbroute.accounts.permissions import may_enter_admin


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in, the ways they sign in, and where else they are signed in."""
    authenticators = list(Authenticator.objects.filter(user=request.user))
    of_type = {type: [one for one in authenticators if one.type == type] for type in Authenticator.Type}
    return render(
        request,
        "account/home.html",
        {
            "app": of_type[Authenticator.Type.TOTP],
            "passkeys": of_type[Authenticator.Type.WEBAUTHN],
            "recovery_codes": of_type[Authenticator.Type.RECOVERY_CODES],
            "sessions": UserSession.objects.purge_and_list(request.user),
            "may_enter_admin": may_enter_admin(request.user),
        },
    )


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up. The address has a name only because allauth looks it up for its mails."""
    raise Http404
