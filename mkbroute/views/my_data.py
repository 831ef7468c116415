"""Mijn gegevens: see, correct and take along what the site knows about you, and close your account."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mkbroute import my_data as data
from mkbroute.accounts.actions import change_address, mail_code
from mkbroute.accounts.confirmation import recently_confirmed
from mkbroute.accounts.forms import AddressForm, MailedCodeForm, NameForm
from mkbroute.accounts.models import MailedCode
from mkbroute.accounts.views import MANY_CODES
from mkbroute.core import audit
from mkbroute.forms import CloseAccountForm
from mkbroute.leaving import FATES, close_account, objections

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """All the site knows about who is signed in."""
    return render(request, "partner/my_data.html", {"sections": data.about(request.user)})


@login_required
@require_http_methods(FORM_METHODS)
def my_name(request: HttpRequest) -> HttpResponse:
    """Correct a name; it counts at once."""
    form = NameForm(_posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Uw naam is gewijzigd.")
        return redirect("my_data")
    return render(request, "partner/my_name.html", {"form": form})


@recently_confirmed
@require_http_methods(FORM_METHODS)
def my_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address. Whether somebody else has it, only who reads its mail gets to know."""
    form = AddressForm(_posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="mailed_code"):
            purpose, email = MailedCode.Purpose.NEW_ADDRESS, form.cleaned_data["email"]
            mail_code(user=request.user, purpose=purpose, email=email)
            return redirect("my_address_code")
        form.add_error(None, MANY_CODES)
    return render(request, "partner/my_address.html", {"form": form})


@recently_confirmed
@require_http_methods(FORM_METHODS)
def my_address_code(request: HttpRequest) -> HttpResponse:
    """The code that was mailed to the new address, which proves it."""
    mailed = MailedCode.objects.filter(user=request.user, purpose=MailedCode.Purpose.NEW_ADDRESS).first()
    if mailed is None:
        return redirect("my_address")
    form = MailedCodeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            change_address(user=request.user, code=form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            messages.success(request, "Uw e-mailadres is gewijzigd.")
            return redirect("my_data")
    return render(request, "partner/my_address_code.html", {"form": form, "email": mailed.email})


@login_required
@require_safe
def my_data_json(request: HttpRequest) -> HttpResponse:
    """All of it as a file for programs."""
    known = {section.name: rows for section, rows in data.about(request.user)}
    _note_export(request)
    return _as_file(
        JsonResponse(
            {"gemaakt": timezone.now(), "gegevens": known}, json_dumps_params={"ensure_ascii": False, "indent": 2}
        ),
        "mijn-gegevens.json",
    )


@login_required
@require_safe
def my_data_file(request: HttpRequest) -> HttpResponse:
    """All of it as a file to read."""
    context = {"sections": data.about(request.user), "now": timezone.now()}
    _note_export(request)
    return _as_file(render(request, "partner/my_data_file.html", context), "mijn-gegevens.html")


@recently_confirmed
@require_http_methods(FORM_METHODS)
def close_my_account(request: HttpRequest) -> HttpResponse:
    """What closing an account does, and the button that does it."""
    form = CloseAccountForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            close_account(user=request.user, keeps=form.keeps)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            return redirect("account_closed")
    context = {"form": form, "fates": FATES, "objections": objections(request.user)}
    return render(request, "partner/close_account.html", context)


@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    """Where somebody arrives whose account is no more."""
    return render(request, "partner/account_closed.html")


def _note_export(request: HttpRequest) -> None:
    audit.record(audit.Action.EXPORT, "eigen gegevens gedownload", by=request.user, on=request.user)


def _as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was typed, if anything was sent; a form without it is a fresh one."""
    return request.POST if request.method == "POST" else None
