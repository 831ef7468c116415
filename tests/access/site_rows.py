"""The matrix of the site: the public pages, the account, the portal. The rows of the admin are beside it."""

from tests.access.answers import (
    ACCOUNT,
    FACTORS,
    LOGIN,
    MEMBERS,
    NOTHING_THERE,
    NOTHING_TO_CONFIRM,
    NOWHERE,
    OPEN,
    OPEN_FORM,
    SIGNED_IN,
    SIGNED_IN_FORM,
    SIGNED_OUT,
    SOMEBODY_ELSES,
    InPilot,
    Row,
    everybody,
    signed_in,
)

PUBLIC = {
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
    "feed": OPEN_FORM,  # Django's feeds do not look how one asks
    "search": OPEN,
    "search_suggestions": OPEN,
    "contact": OPEN_FORM,
    "contact_sent": OPEN,
    "styleguide": OPEN,
    # for programs, and files
    "live": OPEN,
    "ready": OPEN,
    "robots": OPEN,
    "sitemap": OPEN_FORM,  # nor does its map of the site
    "security_txt": OPEN,
    "favicon": everybody("/static/img/favicon.svg"),
    "rendition": NOTHING_THERE,  # of a file that does not exist
    "wagtaildocs_serve": OPEN_FORM,
    "wagtaildocs_serve (private)": SIGNED_IN_FORM,
    "wagtaildocs_authenticate_with_password": NOWHERE,
    "preview_link": NOTHING_THERE,  # with a token nobody was given
    "preview_link (given)": OPEN,
}

SIGNING_IN = {
    "account_login": SIGNED_OUT,
    "account_request_login_code": SIGNED_OUT,
    "account_confirm_login_code": signed_in(ACCOUNT, post=ACCOUNT, visitor="/account/login/code/"),
    "mfa_authenticate": signed_in(ACCOUNT, post=ACCOUNT),
    "mfa_login_webauthn": signed_in(ACCOUNT, post=ACCOUNT),
    "account_signup": NOWHERE,
    "account_inactive": OPEN,
    "account_reset_password": OPEN_FORM,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN_FORM,  # says that the link does not work
    "account_reset_password_from_key_done": OPEN,
    # by institution, which the settings leave off
    "openid_connect_login": NOWHERE,
    "openid_connect_callback": NOWHERE,
    "institution_undo": NOWHERE,
}

OWN_ACCOUNT = {
    "account_home": SIGNED_IN_FORM,  # has no form, and does not look how one asks
    "account_logout": signed_in(200, post=LOGIN),
    "account_change_password": signed_in("/account/password/set/", post="/account/password/set/"),  # there is none yet
    "account_set_password": SIGNED_IN_FORM,
    "account_reauthenticate": NOTHING_TO_CONFIRM,
    "usersessions_list": signed_in(200, post="/account/sessions/"),
    "mfa_index": SIGNED_IN,
    "mfa_list_webauthn": everybody(FACTORS, post=FACTORS),
    "mfa_activate_totp": SIGNED_IN_FORM,
    "mfa_add_webauthn": SIGNED_IN_FORM,
    "mfa_generate_recovery_codes": SIGNED_IN_FORM,
    "mfa_reauthenticate": NOTHING_TO_CONFIRM,
    "mfa_reauthenticate_webauthn": NOTHING_TO_CONFIRM,
    "mfa_deactivate_totp": SOMEBODY_ELSES,
    "mfa_view_recovery_codes": signed_in(404),
    "mfa_edit_webauthn": SOMEBODY_ELSES,
    "mfa_remove_webauthn": SOMEBODY_ELSES,
}

# A row in a pilot is tried twice: in the pilot of the reader, the writer and the lead, and in that of the colleague.
PORTAL: dict[str, Row | InPilot] = {
    "portal_home": SIGNED_IN,
    "portal_pilot": MEMBERS,
}

ROWS: dict[str, Row | InPilot] = {**PUBLIC, **SIGNING_IN, **OWN_ACCOUNT, **PORTAL}
