"""Every setting of the site, read from environment variables with safe defaults.

Nothing needs to be set to try the product: SQLite, the embedded search and a
local memory cache are the defaults. `DEBUG=0` is production mode, which refuses
to start while a setting is missing or unsafe, and says which.
"""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from localoffer.environment import LEVELS, LOG_FORMATS, Environment, openid_settings, refuse_unsafe
from localoffer.request_log import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# -- mode and identity ---------------------------------------------------------
DEBUG = env.bool("DEBUG", default=True)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR cannot be made or written ({type(error).__name__}).") from error

DEVELOPMENT_KEY = "development-only-key-never-used-when-DEBUG-is-0-" + "0123456789"
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", ".localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# -- the house: localoffer <- services <- search, feedback -----------------------
INSTALLED_APPS = [
    "localoffer",
    "services",
    "search",
    "feedback",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "localoffer.health.HealthMiddleware",
    "localoffer.host_ports.LeavesOutStrangePorts",
    "localoffer.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "localoffer.static_files.WholeFiles",
    "localoffer.middleware.ContentSecurityPolicyMiddleware",
    "localoffer.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "localoffer.sign_on.SignOnMiddleware",
    "localoffer.large_bodies.RefusesLargeBodies",
    "localoffer.guard.KeepsAuthoritiesApart",
    "localoffer.refused_forms.RefusesForgedForms",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "localoffer.urls"
WSGI_APPLICATION = "localoffer.wsgi.application"

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
                "wagtail.contrib.settings.context_processors.settings",
                "localoffer.context_processors.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "wagtail.templatetags.wagtailcore_tags",
                "localoffer.templatetags.components",
            ],
        },
    }
]

# -- data ----------------------------------------------------------------------
DATABASES = {
    "default": env.parsed("DATABASE_URL", "db", default=f"sqlite:///{VAR_DIR / 'localoffer.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
        ),
    }
else:
    # A database that was started again is met with a new connection, and one that is gone at once.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Opening a connection costs as much as ten queries.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_cache = env.parsed("CACHE_URL", "cache_url", default="locmemcache://")
CACHES = {"default": {key.upper(): value for key, value in _cache.items()}}
if CACHES["default"]["BACKEND"].endswith(".RedisCache"):
    CACHES["default"]["BACKEND"] = "localoffer.cache_backend.SteadyRedisCache"
elif CACHES["default"]["BACKEND"].endswith(".LocMemCache"):
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 2000)
# Whole pages that each worker keeps, in MB; 0 keeps none.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=32)

# -- search --------------------------------------------------------------------
SEARCH_URL = env.str("SEARCH_URL", default="embedded://")
# The admin's choosers use Wagtail's own database search; families use search/.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# -- mail ----------------------------------------------------------------------
vars().update(env.parsed("EMAIL_URL", "email_url", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs holds nobody up
GOVUK_NOTIFY_API_KEY = env.str("GOVUK_NOTIFY_API_KEY", default="")
GOVUK_NOTIFY_TEMPLATE_ID = env.str("GOVUK_NOTIFY_TEMPLATE_ID", default="")
GOVUK_NOTIFY_URL = env.str("GOVUK_NOTIFY_URL", default="https://api.notifications.service.gov.uk")
if GOVUK_NOTIFY_API_KEY:
    EMAIL_BACKEND = "localoffer.notify_mail.NotifyEmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="local-offer@example.org")

# -- comments ------------------------------------------------------------------
# A library or an event has one address for many families.
COMMENTS_AN_HOUR_FROM_ONE_PLACE = env.int("COMMENTS_AN_HOUR_FROM_ONE_PLACE", default=60)
COMMENTS_AN_HOUR = env.int("COMMENTS_AN_HOUR", default=1000)

# -- people --------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS: list[dict] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
)
AUTHENTICATION_BACKENDS = ["localoffer.login.LockingBackend"]
WAGTAILADMIN_USER_LOGIN_FORM = "localoffer.login.LockingLoginForm"
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "/"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "localoffer.login.SparingResetForm"  # noqa: S105 a form's name

# -- words and time ------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = USE_TZ = True

# -- files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
# Files that staff chose to import, for a day at most. Nothing serves them.
IMPORTS_ROOT = Path(env.str("IMPORTS_ROOT", default=str(VAR_DIR / "imports")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "localoffer.static_files.StaticFiles"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor sends many

# -- Wagtail -------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Local Offer"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "odt",
    "pdf",
    "pptx",
    "rtf",
    "txt",
    "xlsx",
    "ods",
    "mp4",
    "webm",
    "vtt",
]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "localoffer.uploads.CheckedDocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024  # a short film
WAGTAILIMAGES_IMAGE_FORM_BASE = "localoffer.uploads.CheckedImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # small files can hold pictures that fill the memory
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILEMBEDS_FINDERS: list[dict] = []  # no third-party requests

# -- security ------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"  # Wagtail lets its own previews through
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "localoffer.sessions"
SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE = True, "Lax"
DEFAULT_EXCEPTION_REPORTER_FILTER = "localoffer.error_reports.HidesWhatWasTyped"
CSRF_FAILURE_VIEW = "localoffer.views.csrf_failure"
# Feeds and links are fetched from public addresses only; a developer may allow this machine too.
FETCH_LOOPBACK = env.bool("FETCH_LOOPBACK", default=False)
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
# Who may say it: the same that gunicorn takes for the proxy.
PROXY_ADDRESSES = env.list("FORWARDED_ALLOW_IPS", default=["127.0.0.1", "::1"])
# The header in which the council's own proxy says who signed in; anybody could send it without a proxy.
SIGN_ON_HEADER = env.str("SIGN_ON_HEADER", default="")
if SIGN_ON_HEADER:
    if not BEHIND_PROXY:
        raise ImproperlyConfigured("SIGN_ON_HEADER must not be set without BEHIND_PROXY=1.")
    AUTHENTICATION_BACKENDS.append("localoffer.sign_on.KnownPeopleBackend")
# Sign-on by an OpenID Connect provider, such as the council's own: its address, and what it calls this site.
OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = openid_settings(env, may_be_plain=DEBUG)
if OIDC_ISSUER:
    AUTHENTICATION_BACKENDS.append("localoffer.openid.OpenIdBackend")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# The admin is Wagtail's own interface, which needs inline script and style.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# -- operations ------------------------------------------------------------------
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
# Megabytes that must be free for /readyz to call the site ready.
DISK_FREE_LEAST = env.int("DISK_FREE_LEAST", default=200)
LOGGING = logging_settings(
    env.one_of("LOG_FORMAT", LOG_FORMATS, default="plain" if DEBUG else "json"),
    env.one_of("LOG_LEVEL", LEVELS, default="WARNING" if DEBUG else "INFO"),
)
ENVIRONMENT_READ = sorted(env.names)

if not DEBUG:
    refuse_unsafe(vars())
