"""All settings, read from the environment, with the reason beside each choice.

Nothing here has a development default that would be unsafe in production: what development needs is switched on by
``DEBUG=1``, which ``make run`` and ``make test`` set. Every variable is described in ``docs/operations.md``.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mkbroute import postgres

BASE_DIR = Path(__file__).resolve().parent.parent


def env_text(name: str, default: str | None = None) -> str:
    """The variable as text; without a default a missing or empty one stops the start."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is required. See docs/operations.md.")
    return value


def env_bool(name: str, default: bool = False) -> bool:
    """The variable as a boolean: 1, true, yes, on or 0, false, no, off. Anything else stops the start."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_list(name: str) -> list[str]:
    """The variable as a list, separated by commas; empty when it is not set."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def database(url: str) -> dict:
    """A PostgreSQL URL as an entry of ``DATABASES``. The query part becomes libpq options (host, sslmode, ...)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://; the portal runs on PostgreSQL only.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        # A server that does not answer at all is given up on after five seconds, so that visitors soon read why.
        "OPTIONS": {"connect_timeout": "5", **options},
        # A connection is kept for a minute and checked before it is used again, so a restart of the server is not seen
        # by visitors.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# --- Where and how it runs -------------------------------------------------------------------------------------------

DEBUG = env_bool("DEBUG")
DEVELOPMENT_SECRET = "insecure-for-development-only"
SECRET_KEY = env_text("SECRET_KEY", DEVELOPMENT_SECRET if DEBUG else None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

# The public address, used where no request is at hand (mail, the admin) and for canonical links.
SITE_URL = env_text("SITE_URL", "http://127.0.0.1:8000" if DEBUG else None).rstrip("/")

# How many proxies stand in front of us: only their X-Forwarded-For is believed when rates are limited.
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0)

ROOT_URLCONF = "mkbroute.urls"
WSGI_APPLICATION = "mkbroute.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "mkbroute",
    "research",
    "pilots",
    "network",
    "mkbroute.accounts",
    "mkbroute.core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "mkbroute.accounts.apps.UserAdminConfig",  # wagtail.users, with our screens
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "mkbroute.middleware.AreaPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below the headers, so that files carry them too
    "django.middleware.gzip.GZipMiddleware",
    "mkbroute.middleware.ErrorPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "mkbroute.accounts.middleware.AdminAccessMiddleware",
    "mkbroute.accounts.middleware.SecondFactorMiddleware",
    "mkbroute.core.middleware.ExportsMiddleware",
    "mkbroute.core.middleware.NotReadyMiddleware",
    "mkbroute.held.HeldFormMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["mkbroute.core.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/django/forms/field.html serves every form

# --- Data ------------------------------------------------------------------------------------------------------------

# Without DATABASE_URL the project's own PostgreSQL in .data/ is meant; see mkbroute/postgres.py. Production has no such
# fallback.
DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or (postgres.url() if DEBUG else env_text("DATABASE_URL")))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# In the database, so that rate limits and used sign-in codes count for all server processes together; large enough that
# nobody can push a counter out. A migration of mkbroute makes the table. Public pages read only the second cache, in
# which every process remembers the sizes of pictures.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

MEDIA_ROOT = Path(env_text("MEDIA_ROOT", str(BASE_DIR / ".data" / "media")))
MEDIA_URL = "/media/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(BASE_DIR / ".data" / "static")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "mkbroute.storage.InlinedImportsStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a pilot with all its child rows is one form in the admin

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

# --- People ----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "mkbroute.accounts.validators.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal_home"  # of the team, the adapter says otherwise
ACCOUNT_ADAPTER = "mkbroute.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "mkbroute.accounts.forms.LoginForm",
    "request_login_code": "mkbroute.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "mkbroute.accounts.forms.ConfirmLoginCodeForm",
    "change_password": "mkbroute.accounts.forms.ChangePasswordForm",
    "set_password": "mkbroute.accounts.forms.SetPasswordForm",
    "reset_password": "mkbroute.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "mkbroute.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "mkbroute.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
# Nobody signs up, but allauth asks a password at sign-in only if it was asked at sign-up.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by invitation, on an address the team knows
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever has their password or second factor changed, hears of it
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail can be slow
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {  # on top of those of allauth: signing in, codes, new passwords
    "invitation": "20/h/ip",  # codes of invitations typed in
    "invite": "40/d/user",  # invitations sent
    "mailed_code": "6/h/user",  # codes mailed to who is signed in
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # whichever way somebody signed in
MFA_ADAPTER = "mkbroute.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "mkbroute.accounts.forms.AuthenticateForm",
    "authenticate_webauthn": "mkbroute.accounts.forms.AuthenticateByPasskeyForm",
    "reauthenticate": "mkbroute.accounts.forms.ReauthenticateByCodeForm",
    "reauthenticate_webauthn": "mkbroute.accounts.forms.ReauthenticateByPasskeyForm",
    "login_webauthn": "mkbroute.accounts.forms.LoginByPasskeyForm",
    "activate_totp": "mkbroute.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "mkbroute.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "mkbroute.accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the team made the account, so nobody can claim the address of another
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Mkb-route in het hbo"
MFA_TOTP_TOLERANCE = 1  # half a minute: the clocks of telephones differ
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey asks a finger, face or PIN: it is two factors in one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
USERSESSIONS_TRACK_ACTIVITY = True

# The programme team must use a second factor. Development may switch it off to spare newcomers the set-up.
STAFF_NEEDS_SECOND_FACTOR = env_bool("STAFF_NEEDS_SECOND_FACTOR", default=not DEBUG)

# Signing in by one's own institution over OpenID Connect, such as SURFconext. Off until the first three are set; a check
# complains when only some are.
OIDC_SERVER_URL = env_text("OIDC_SERVER_URL", "").rstrip("/")
OIDC_CLIENT_ID = env_text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env_text("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env_text("OIDC_NAME", "SURFconext")
SOCIALACCOUNT_ADAPTER = "mkbroute.accounts.institution.InstitutionAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "mkbroute.accounts.institution.InstitutionProvider"},
}
SOCIALACCOUNT_STORE_TOKENS = False  # we ask an institution one thing once
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # a visitor waits for it

# --- Wagtail, the staff admin ----------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Mkb-route in het hbo"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no third-party requests from the admin
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # passwords are allauth's
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "core.Picture"
WAGTAILIMAGES_EXTENSIONS = [
    "avif",
    "gif",
    "jpg",
    "jpeg",
    "png",
    "webp",
]  # no SVG: it can carry scripts
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # a small file can unpack to gigabytes
WAGTAILIMAGES_IMAGE_FORM_BASE = "mkbroute.core.forms.PictureForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "csv", "txt"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024  # a report with pictures fits; a film does not
WAGTAILDOCS_DOCUMENT_FORM_BASE = "mkbroute.core.forms.DocumentForm"  # looks into the file: a name is easily changed
# A document is sent through Wagtail's own view, which knows the private collections, and always as a download: what
# somebody uploaded never opens as a page of this site.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}  # private is for who signs in
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "dutch"}}
WAGTAIL_DATE_FORMAT = "%d-%m-%Y"
WAGTAIL_DATETIME_FORMAT = "%d-%m-%Y %H:%M"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILEMBEDS_FINDERS = []  # nothing is embedded from elsewhere

# --- Links -----------------------------------------------------------------------------------------------------------

# Once a week the addresses of other sites that we link to are asked whether they still answer. Off where the server may
# not reach the internet, and in development, where every copy of the site would bother them.
CHECK_LINKS = env_bool("CHECK_LINKS", default=not DEBUG)

# --- Mail ------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", "Mkb-route in het hbo <noreply@localhost>" if DEBUG else None)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The functional address that receives what visitors ask; never a person's.
CONTACT_EMAIL = env_text("CONTACT_EMAIL", "programmateam@localhost" if DEBUG else None)
if DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = BASE_DIR / ".data" / "mail"
else:
    EMAIL_HOST = env_text("EMAIL_HOST")
    EMAIL_PORT = env_int("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env_text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
    EMAIL_TIMEOUT = 10

# --- Security headers and cookies ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's admin writes inline styles and scripts and shows the preview of a page in a frame.
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "worker-src": [SELF, "blob:"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Production is reached over TLS; a server on loopback (development, tests, the bench) is not.
HTTPS = env_bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # probes come over plain HTTP from inside
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mkbroute.held.csrf_failure"  # a form of the portal is given back with every word in it
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Logging: to standard output, where every host collects it -------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
    # Lines nobody reads: two for every change of an index, and what the history in the admin shows anyway.
    "loggers": {"django_tasks": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}
