"""All settings, from the environment; docs/operations.md lists the variables.

`NEWSWATCH_ENV` is `production` (the default: nothing insecure is accepted), `demo` or `test`.
"""

import importlib.util
from pathlib import Path

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from newswatch import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.choice("NEWSWATCH_ENV", "production", ("production", "demo", "test"))
PRODUCTION = ENVIRONMENT == "production"
# The folder of everything that changes: data of the embedded servers, logs, collected static files.
VAR_DIR = Path(environment.text("NEWSWATCH_VAR", str(BASE_DIR / "var")))

DEBUG = False
SECRET_KEY = environment.text(
    "SECRET_KEY", None if PRODUCTION else "not a secret: for the demo and the tests only"
)
if PRODUCTION and len(SECRET_KEY) < 40:
    raise environment.SettingError(
        "SECRET_KEY is shorter than 40 characters. Make one with: openssl rand -base64 48"
    )
SITE_URL = environment.text("SITE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver"
)
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "newswatch.accounts",
    "articles",
    "alerts",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "newswatch.content_policy.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newswatch.accounts.middleware.ReaderMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "newswatch.urls"
WSGI_APPLICATION = "newswatch.wsgi.application"
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
                "newswatch.context.site",
            ]
        },
    }
]

# The embedded server's socket folder; `make demo` and `make test` set DATABASE_URL themselves.
DATABASES = {
    "default": {
        **environment.database(
            "DATABASE_URL", None if PRODUCTION else f"postgresql:///newswatch?host={VAR_DIR / 'run'}"
        ),
        # Connecting and a connection's first statements take 20 ms: the server reads its catalogues for each.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL", None if PRODUCTION else "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account:login"
LOGIN_REDIRECT_URL = "articles:today"
LOGOUT_REDIRECT_URL = "account:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "newswatch" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

STATIC_URL = "static/"
# The wheel holds no Python, only css/ and js/.
BOOTSTRAP_DIR = Path(next(iter(importlib.util.find_spec("bootstrap").submodule_search_locations)))  # type: ignore[union-attr,arg-type]
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "newswatch" / "static",
    ("bootstrap", BOOTSTRAP_DIR / "css"),
    ("bootstrap", BOOTSTRAP_DIR / "js"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Bootstrap's style sheets name source maps that are not collected.
WHITENOISE_MANIFEST_STRICT = False
WHITENOISE_USE_FINDERS = ENVIRONMENT == "test"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
globals().update(environment.email("EMAIL_URL", None if PRODUCTION else "smtp://127.0.0.1:8025"))
EMAIL_TIMEOUT = 20  # seconds; a mail server that stalls must not hold a worker
DEFAULT_FROM_EMAIL = environment.text(
    "DEFAULT_FROM_EMAIL", None if PRODUCTION else "Newswatch <newswatch@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails that can't be delivered come back to, and the Maildir folder in which they then stand; empty: nowhere.
BOUNCE_ADDRESS = environment.text("BOUNCE_ADDRESS", "")
BOUNCE_MAILDIR = environment.text("BOUNCE_MAILDIR", "")
# name:password with which the mail provider reports bounces to /mail-events/…; empty: it can't.
MAIL_EVENTS_SECRET = environment.text("MAIL_EVENTS_SECRET", "")
ANYMAIL = {"WEBHOOK_SECRET": [MAIL_EVENTS_SECRET]} if MAIL_EVENTS_SECRET else {}

# Networks that the fetcher may reach although they are private: the demo's and the tests' own servers.
FETCH_ALLOW_PRIVATE = environment.networks("FETCH_ALLOW_PRIVATE")
FETCH_USER_AGENT = environment.text("FETCH_USER_AGENT", f"Newswatch/0.1 (+{SITE_URL}/about-fetching)")
# Seconds that a worker keeps what it claimed; a dead worker's work is done by others after that.
CLAIM_SECONDS = environment.whole_number("CLAIM_SECONDS", 75, least=5, most=3600)
# Seconds between two polls of a feed, unless its source says otherwise: between the floor and the ceiling, as often
# as it publishes; the interval serves until that is known.
POLL_INTERVAL_SECONDS = environment.whole_number("POLL_INTERVAL_SECONDS", 300, least=5, most=86_400)
POLL_FLOOR_SECONDS = environment.whole_number("POLL_FLOOR_SECONDS", 120, least=5, most=86_400)
POLL_CEILING_SECONDS = environment.whole_number("POLL_CEILING_SECONDS", 1800, least=5, most=86_400)
# All workers together: requests at once to one host, and milliseconds from one to the next.
FETCH_HOST_CONCURRENCY = environment.whole_number("FETCH_HOST_CONCURRENCY", 4, least=1, most=100)
FETCH_HOST_GAP_MS = environment.whole_number("FETCH_HOST_GAP_MS", 250, least=0, most=60_000)
# Days after which is forgotten what nobody needs any more (articles/retention.py); 0 keeps it for ever.
KEEP_POLLS_DAYS = environment.whole_number("KEEP_POLLS_DAYS", 90, least=0, most=36_500)
KEEP_OUTBOX_DAYS = environment.whole_number("KEEP_OUTBOX_DAYS", 7, least=0, most=36_500)
KEEP_NOTICES_DAYS = environment.whole_number("KEEP_NOTICES_DAYS", 365, least=0, most=36_500)
KEEP_UNSTORED_DAYS = environment.whole_number("KEEP_UNSTORED_DAYS", 180, least=0, most=36_500)
KEEP_MARKUP_DAYS = environment.whole_number("KEEP_MARKUP_DAYS", 365, least=0, most=36_500)
# Whether hubs are asked to push; auto: where SITE_URL is an https address that a hub can reach.
WEBSUB = environment.choice("WEBSUB", "auto", ("auto", "on", "off"))

# The form of a theme has a row of fields for each of its terms, and a shipped theme has hundreds. What a form may weigh
# is bounded by DATA_UPLOAD_MAX_MEMORY_SIZE.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # The health check comes from inside, over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": environment.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}

UNFOLD = {
    "SITE_TITLE": "Newswatch",
    "SITE_HEADER": "Newswatch",
    "SITE_SUBHEADER": _("Newsroom desk"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "newsmode",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("img/favicon.svg"),
        }
    ],
    "SHOW_HISTORY": True,
    # The site's accent, from light to dark.
    "COLORS": {
        "primary": {
            "50": "236 248 249",
            "100": "208 236 239",
            "200": "163 217 223",
            "300": "110 191 200",
            "400": "58 157 169",
            "500": "26 128 141",
            "600": "11 101 115",
            "700": "11 83 95",
            "800": "13 67 76",
            "900": "14 56 64",
            "950": "5 36 42",
        }
    },
}
