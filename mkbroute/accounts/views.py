from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from mkbroute.accounts import notify
from mkbroute.accounts.actions import mail_code, use_code
from mkbroute.accounts.confirmation import confirm
from mkbroute.accounts.forms import MailedCodeForm, NotifyForm
from mkbroute.accounts.institution import is_offered, links_of
from mkbroute.accounts.models import MailedCode, Notify
from mkbroute.accounts.permissions import may_enter_admin

MANY_CODES = "Wij hebben u het afgelopen uur al veel codes gemaild. Probeer het over een uur nog een keer."


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
            "institution_links": links_of(request.user) if is_offered() else None,
            "may_enter_admin": may_enter_admin(request.user),
        },
    )


@login_required
def notify_settings(request: HttpRequest) -> HttpResponse:
    """How often I am mailed about what others post."""
    form = NotifyForm(request.POST or None, instance=request.user)
    if form.is_valid():
        notify.choose(person=request.user, notify=form.cleaned_data["notify"])
        messages.success(request, "Uw keuze is bewaard.")
        return redirect("notify_settings")
    return render(request, "partner/notify_settings.html", {"form": form})


@csrf_exempt  # the program that posts, by RFC 8058, has no cookie and no form; the signed path is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Say no to notifications by the link in a mail, without signing in. Looking changes nothing; only a POST does."""
    person = notify.person_of(token)
    if person is None:
        response = render(request, "partner/unsubscribe_unknown.html", status=404)
    else:
        if request.method == "POST":
            notify.choose(person=person, notify=Notify.NONE)
        response = render(request, "partner/unsubscribe.html", {"is_done": person.notify == Notify.NONE})
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out in one other place."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    session.end()
    messages.success(request, "U bent daar uitgelogd.")
    return redirect("usersessions_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_code(request: HttpRequest) -> HttpResponse:
    """Once more who you are, for who has nothing but a mailbox: a code is mailed when asked for, and typed in here."""
    if get_adapter().get_reauthentication_methods(request.user):
        raise ReauthenticationRequired  # a mailbox does not stand in for a password, an app or a passkey
    onward = get_next_redirect_url(request) or "account_home"
    purpose = MailedCode.Purpose.CONFIRM
    form = MailedCodeForm()
    if request.POST.get("do") == "send":
        if ratelimit.consume(request, action="mailed_code"):
            mail_code(user=request.user, purpose=purpose, email=request.user.email)
            messages.success(request, "Wij hebben u een code gemaild.")
        else:
            messages.error(request, MANY_CODES)
    elif request.method == "POST":
        form = MailedCodeForm(request.POST)
        if form.is_valid():
            try:
                use_code(user=request.user, purpose=purpose, code=form.cleaned_data["code"])
            except ValidationError as error:
                form.add_error("code", error)
            else:
                confirm(request)
                return redirect(onward)
    is_sent = form.is_bound or MailedCode.objects.filter(user=request.user, purpose=purpose).exists()
    return render(request, "account/confirm_by_code.html", {"form": form, "is_sent": is_sent})


def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Nobody signs up. The address has a name only because allauth looks it up for its mails."""
    raise Http404
