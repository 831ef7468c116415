"""Who may see what: every address of the site against everybody of the cast. A new address without a row fails."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import get_resolver, reverse
from django.utils import timezone

from mkbroute.core.models import PreviewLink
from tests import factories

CAST = ("visitor", "outsider", "editor", "moderator")

OPEN = (200, 200, 200, 200)
NOWHERE = (404, 404, 404, 404)
LOGIN, ACCOUNT, FACTORS = "/account/login/", "/account/", "/account/2fa/"
SIGNED_IN = (LOGIN, 200, 200, 200)
PORTAL = "/partner/"
SIGNED_OUT = (200, PORTAL, ACCOUNT, ACCOUNT)  # a partner lands in the portal, the team at its account
SOMEBODY_ELSES = (LOGIN, 404, 404, 404)
CONFIRMED_FIRST = (LOGIN, *("/account/reauthenticate/code/",) * 3)
BY_FORM_ONLY = (LOGIN, 405, 405, 405)
OF_THE_NETWORK = (LOGIN, 404, 404, 200)
NOTHING_TO_CONFIRM = (LOGIN, 403, 403, 403)

ROWS = {
    # the public site
    "home": OPEN,
    "pilot_list": OPEN,
    "pilot_detail": OPEN,
    "organisation_list": OPEN,
    "hogeschool_list": OPEN,
    "branche_list": OPEN,
    "organisation_detail": OPEN,
    "team": OPEN,
    "board": OPEN,
    "person_detail": OPEN,
    "wagtail_serve": OPEN,
    "knowledge": OPEN,
    "practice_list": OPEN,
    "practice_detail": OPEN,
    "publication_list": OPEN,
    "publication_detail": OPEN,
    "publication_citation": OPEN,
    "term_list": OPEN,
    "term_detail": OPEN,
    "question_list": OPEN,
    "question_detail": OPEN,
    "policy_list": OPEN,
    "policy_detail": OPEN,
    "news_list": OPEN,
    "news_detail": OPEN,
    "theme_detail": OPEN,
    "feed_list": OPEN,
    "feed": OPEN,
    "search": OPEN,
    "search_suggestions": OPEN,
    "contact": OPEN,
    "contact_sent": OPEN,
    "styleguide": OPEN,
    # for programs, and files
    "live": OPEN,
    "ready": OPEN,
    "robots": OPEN,
    "sitemap": OPEN,
    "security_txt": OPEN,
    "favicon": ("/static/img/favicon.svg",) * 4,
    "rendition": NOWHERE,  # of a file that does not exist
    "wagtaildocs_serve": NOWHERE,
    "wagtaildocs_authenticate_with_password": NOWHERE,
    "preview_link": NOWHERE,  # with a token nobody was given
    # signing in
    "account_login": SIGNED_OUT,
    "account_request_login_code": SIGNED_OUT,
    "account_confirm_login_code": ("/account/login/code/", PORTAL, ACCOUNT, ACCOUNT),
    "mfa_authenticate": (LOGIN, PORTAL, ACCOUNT, ACCOUNT),
    "mfa_login_webauthn": (LOGIN, PORTAL, ACCOUNT, ACCOUNT),
    "account_signup": NOWHERE,
    "account_inactive": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,  # says that the link does not work
    "account_reset_password_from_key_done": OPEN,
    # the partner portal; its own people are tried in the matrix below
    "portal_home": SIGNED_IN,
    "portal_pilot": SOMEBODY_ELSES,
    "notify_settings": SIGNED_IN,
    "unsubscribe": NOWHERE,  # by a link that nobody was mailed
    "portal_members": SOMEBODY_ELSES,
    "portal_invite": SOMEBODY_ELSES,
    "portal_invitation": (LOGIN, 405, 405, 405),  # only posted to
    "portal_member": SOMEBODY_ELSES,
    "portal_leave": SOMEBODY_ELSES,
    "invitation": NOWHERE,  # with a token nobody was given
    # one's own data
    "my_data": SIGNED_IN,
    "my_name": SIGNED_IN,
    "my_data_json": SIGNED_IN,
    "my_data_file": SIGNED_IN,
    "my_address": CONFIRMED_FIRST,
    "my_address_code": CONFIRMED_FIRST,
    "close_my_account": CONFIRMED_FIRST,
    "account_closed": OPEN,
    "confirm_by_code": SIGNED_IN,
    "end_session": (LOGIN, 405, 405, 405),  # only posted to
    # signing in by institution, which the settings leave off
    "openid_connect_login": NOWHERE,
    "openid_connect_callback": NOWHERE,
    "institution_undo": NOWHERE,
    # updates: of partners; the team reads what is posted, and the files
    "pilot_updates": OPEN,
    "pilot_update": OPEN,
    "pilot_update_picture": NOWHERE,  # of an update without one
    "portal_updates": SOMEBODY_ELSES,
    "portal_update": SOMEBODY_ELSES,
    "portal_update_new": SOMEBODY_ELSES,
    "portal_update_edit": SOMEBODY_ELSES,
    "portal_update_send": BY_FORM_ONLY,
    "portal_update_withdraw": BY_FORM_ONLY,
    "portal_update_discard": BY_FORM_ONLY,
    "portal_update_delete": BY_FORM_ONLY,
    "portal_network": OF_THE_NETWORK,
    "portal_network_update": OF_THE_NETWORK,
    "portal_network_report": OF_THE_NETWORK,
    "portal_update_picture": SOMEBODY_ELSES,  # of an update without one
    "portal_files": OF_THE_NETWORK,
    "portal_file": OF_THE_NETWORK,
    "portal_file_delete": BY_FORM_ONLY,
    "portal_proposal": SOMEBODY_ELSES,
    "portal_proposal_edit": SOMEBODY_ELSES,
    "portal_proposal_check": SOMEBODY_ELSES,
    "portal_proposal_preview": SOMEBODY_ELSES,
    "portal_proposal_withdraw": SOMEBODY_ELSES,
    "portal_practices": SOMEBODY_ELSES,
    "portal_practice_new": SOMEBODY_ELSES,
    "portal_practice": SOMEBODY_ELSES,
    "portal_practice_check": SOMEBODY_ELSES,
    "portal_practice_step": SOMEBODY_ELSES,
    "portal_practice_preview": SOMEBODY_ELSES,
    "portal_practice_withdraw": SOMEBODY_ELSES,
    "portal_support": SOMEBODY_ELSES,
    "portal_support_new": SOMEBODY_ELSES,
    "portal_support_request": SOMEBODY_ELSES,
    "partner_manual": (LOGIN, 404, 200, 200),
    "partner_manual_chapter": (LOGIN, 404, 200, 200),
    # one's own account
    "account_home": SIGNED_IN,
    "account_logout": SIGNED_IN,
    "account_change_password": (LOGIN, *("/account/password/set/",) * 3),  # the cast has no passwords
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": NOTHING_TO_CONFIRM,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": (FACTORS,) * 4,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_reauthenticate": NOTHING_TO_CONFIRM,
    "mfa_reauthenticate_webauthn": NOTHING_TO_CONFIRM,
    "mfa_deactivate_totp": SOMEBODY_ELSES,
    "mfa_view_recovery_codes": SOMEBODY_ELSES,
    "mfa_edit_webauthn": SOMEBODY_ELSES,
    "mfa_remove_webauthn": SOMEBODY_ELSES,
}

KEY_OF_SOMEBODY = 720
"""The number of a passkey that exists and belongs to none of the cast."""
UPDATE_OF_PARTNERS = 721
"""The number of an update, and of a file, that partners none of the cast belongs to made."""

SUBMISSION_OF_SOMEBODY = 720
"""The number of a practice sent in by a pilot to which none of the cast belongs."""

ARGUMENTS = {
    "pilot_detail": ["een-pilot"],
    "portal_pilot": ["een-pilot"],
    "unsubscribe": ["12:niemand"],
    "portal_members": ["een-pilot"],
    "portal_invite": ["een-pilot"],
    "portal_invitation": ["een-pilot", 1],
    "portal_member": ["een-pilot", 1],
    "portal_leave": ["een-pilot"],
    "invitation": ["niemands-token"],
    "end_session": [1],
    "pilot_updates": ["een-pilot"],
    "pilot_update": ["een-pilot", UPDATE_OF_PARTNERS],
    "pilot_update_picture": ["een-pilot", UPDATE_OF_PARTNERS, "niets.webp"],
    "portal_updates": ["een-pilot"],
    "portal_update_new": ["een-pilot"],
    **{
        f"portal_update{verb}": ["een-pilot", UPDATE_OF_PARTNERS]
        for verb in ("", "_edit", "_send", "_withdraw", "_discard", "_delete")
    },
    "portal_network_update": [UPDATE_OF_PARTNERS],
    "portal_network_report": [UPDATE_OF_PARTNERS],
    "portal_update_picture": [UPDATE_OF_PARTNERS, "niets.webp"],
    "portal_files": ["een-pilot"],
    "portal_file": ["een-pilot", UPDATE_OF_PARTNERS],
    "portal_file_delete": ["een-pilot", UPDATE_OF_PARTNERS],
    "portal_proposal": ["een-pilot"],
    "portal_proposal_edit": ["een-pilot"],
    "portal_proposal_check": ["een-pilot"],
    "portal_proposal_preview": ["een-pilot"],
    "portal_proposal_withdraw": ["een-pilot"],
    "portal_practices": ["een-pilot"],
    "portal_practice_new": ["een-pilot"],
    "portal_practice": ["een-pilot", SUBMISSION_OF_SOMEBODY],
    "portal_practice_check": ["een-pilot", SUBMISSION_OF_SOMEBODY],
    "portal_practice_step": ["een-pilot", SUBMISSION_OF_SOMEBODY, "aanpak"],
    "portal_practice_preview": ["een-pilot", SUBMISSION_OF_SOMEBODY],
    "portal_practice_withdraw": ["een-pilot", SUBMISSION_OF_SOMEBODY],
    "portal_support": ["een-pilot"],
    "portal_support_new": ["een-pilot"],
    "portal_support_request": ["een-pilot", 1],
    "partner_manual_chapter": ["ondersteuning"],
    "organisation_detail": ["een-school"],
    "person_detail": ["een-mens"],
    "wagtail_serve": ["een-bladzijde/"],
    "practice_detail": ["een-voorbeeld"],
    "publication_detail": ["een-publicatie"],
    "publication_citation": ["een-publicatie", "citaat.bib"],
    "term_detail": ["een-begrip"],
    "question_detail": ["een-vraag"],
    "policy_detail": ["een-dossier"],
    "news_detail": ["een-bericht"],
    "theme_detail": ["een-thema"],
    "feed": ["alles"],
    "account_reset_password_from_key": ["1", "abc-def"],
    "mfa_edit_webauthn": [KEY_OF_SOMEBODY],
    "mfa_remove_webauthn": [KEY_OF_SOMEBODY],
    "preview_link": ["niemands-token"],
    "rendition": ["niets.jpg"],
    "wagtaildocs_serve": [1, "niets.pdf"],
    "wagtaildocs_authenticate_with_password": [1],
}


def names(resolver=None) -> list[str]:
    """The names of all addresses outside Wagtail's own admin, which tests/admin tries."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if not str(pattern.pattern).startswith("admin/"):
            found += names(pattern) if hasattr(pattern, "url_patterns") else [pattern.name]
    return found


def test_every_address_has_a_row():
    assert sorted(set(names())) == sorted(ROWS)


@pytest.fixture
def site(db):
    """One of everything that has a page, published; and a draft of each under another address."""
    pilot = factories.PilotFactory(slug="een-pilot")
    factories.UpdateFactory(pk=UPDATE_OF_PARTNERS, pilot=pilot)
    factories.PilotFileFactory(pk=UPDATE_OF_PARTNERS, pilot=pilot)
    factories.PracticeSubmissionFactory(pk=SUBMISSION_OF_SOMEBODY, pilot=pilot)
    factories.SupportRequestFactory(pk=1, pilot=pilot)
    factories.OrganisationFactory(slug="een-school")
    factories.PersonFactory(slug="een-mens")
    factories.ContentPageFactory(slug="een-bladzijde")
    factories.PilotFactory(slug="concept", live=False)
    factories.OrganisationFactory(slug="concept", live=False)
    factories.PersonFactory(slug="concept", live=False)
    factories.ContentPageFactory(slug="concept", live=False)
    factories.ThemeFactory(slug="een-thema")
    for make, slug in (
        (factories.PracticeFactory, "een-voorbeeld"),
        (factories.PublicationFactory, "een-publicatie"),
        (factories.TermFactory, "een-begrip"),
        (factories.QuestionFactory, "een-vraag"),
        (factories.PolicyFileFactory, "een-dossier"),
        (factories.NewsItemFactory, "een-bericht"),
    ):
        make(slug=slug)
        make(slug="concept", live=False)
    owner = factories.UserFactory(email="eigenaar@voorbeeld.nl")
    Authenticator.objects.create(
        pk=KEY_OF_SOMEBODY, user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "van een ander"}
    )
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
    PreviewLink.objects.create(target=owner, expires_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("name", ROWS)
def test_an_address_answers_each_of_the_cast_as_its_row_says(
    name, site, outsider, editor, moderator, as_user, settings
):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    path = reverse(name, args=ARGUMENTS.get(name, []))
    answers = []
    for user in (None, outsider, editor, moderator):
        response = as_user(user).get(path)
        answers.append(response.url.partition("?")[0] if response.status_code in (301, 302) else response.status_code)
    assert tuple(answers) == ROWS[name]


DETAILS = [name for name in ROWS if name.endswith("_detail") and name != "theme_detail"]


@pytest.mark.parametrize("name", [*DETAILS, "wagtail_serve"])
def test_a_draft_is_nowhere_not_even_for_the_team(name, site, outsider, moderator, as_user):
    path = reverse(name, args=["concept/" if name == "wagtail_serve" else "concept"])
    assert [as_user(user).get(path).status_code for user in (None, outsider, moderator)] == [404, 404, 404]
