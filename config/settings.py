"""The one settings file. Every value that differs between installations comes from the environment;
without any of it, Tuntas runs locally on SQLite."""

import os
from pathlib import Path
from typing import Any

import environ

from config.city import load_city
from config.secrets import kept_in, make_seed, read_or_make

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
CITY = load_city(BASE_DIR / "fixtures" / "cities", env.str("CITY", default="kupang"))

# Secrets. Made at first use beside the data; a server of several hosts sets them in the environment.
_keys = DATA_DIR / "keys"
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_make(_keys / "secret_key")
RECEIPT_PEPPER = env.str("RECEIPT_PEPPER", default="") or read_or_make(_keys / "receipt_pepper")
IDENTITY_KEY = env.str("IDENTITY_KEY", default="") or read_or_make(_keys / "identity_key")
# After a change: opened, not sealed, with these, until all is sealed anew (docs/operating.md).
SECRET_KEY_FALLBACKS = env.list("SECRET_FORMER_KEYS", default=[])
IDENTITY_FORMER_KEYS = env.list("IDENTITY_FORMER_KEYS", default=[])
# Of rows in snapshots; empty: SECRET_KEY.
PSEUDONYM_KEY = env.str("PSEUDONYM_KEY", default="") or kept_in(_keys / "pseudonym_key")
# Codes are known by them, and nothing is derived of them.
_former_peppers = env.str("RECEIPT_FORMER_PEPPERS", default="") or kept_in(_keys / "receipt_former_peppers")
RECEIPT_FORMER_PEPPERS = [each for each in _former_peppers.split(",") if each]
# What heads of the history are signed with, and in whose name (docs/ledger.md).
LEDGER_KEY = env.str("LEDGER_KEY", default="") or read_or_make(_keys / "ledger_key", make_seed)
# Public ones, after a change of key.
_former_signers = env.str("LEDGER_FORMER_KEYS", default="") or kept_in(_keys / "ledger_former_keys")
LEDGER_FORMER_KEYS = [each for each in _former_signers.split(",") if each]
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", default="") or f"tuntas/{CITY.slug}"
# Heads are kept outside the database: in a file here, and with whoever gets them by mail.
LEDGER_DIR = Path(env.str("LEDGER_DIR", default=str(DATA_DIR / "ledger")))
LEDGER_MAIL_TO = env.list("LEDGER_MAIL_TO", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PORT = env.int("PORT", default=8000)
# Links in mails are built from this, never from a request's Host header.
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "config",
    "reports",
    "escalation",
    "surveys",
    "complaints",
    "accounts",
    "config.apps.SettingsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "csp",
    "django_filters",
]

MIDDLEWARE = [
    "config.middleware.Incident",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.packing.PackedPages",
    "config.middleware.OnePolicy",
    "config.middleware.SecurityHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.RefuseNul",
    "config.middleware.DatabaseAway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguage",
    "config.middleware.OlderCopyServesReaders",
    "config.middleware.FileStoreAway",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.StaffSession",
    "accounts.middleware.TwoStepRequired",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.city",
                "complaints.desk.navigation.desk_nav",
            ],
        },
    },
]

FORM_RENDERER = "config.form_renderer.DrawnControls"

# Database. IMMEDIATE: SQLite has one writer, so a transaction that will write says so at once
# instead of failing at its first write; FULL: what was acknowledged survives a power cut.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'tuntas.sqlite3'}")
}
_database = DATABASES["default"]
_database.setdefault("OPTIONS", {})
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;"
        "PRAGMA secure_delete=ON;",
    }
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement takes longer than a page may; what counts a million rows hardly gains by it. The cost
    # is that of a disk without a head: with PostgreSQL's own, a count to 100 goes through all that is long over.
    # A pooler in transaction mode (PgBouncer) hands each transaction another session.
    DATABASE_POOLER = env.bool("DATABASE_POOLER", default=False)
    if DATABASE_POOLER:
        _database |= {"DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    _options = ["-c jit=off -c random_page_cost=1.1", *filter(None, [_database["OPTIONS"].get("options")])]
    # Pages give up early (config/gunicorn.py); reports, imports and migrations may take their time.
    if _seconds := env.int("STATEMENT_TIMEOUT_SECONDS", default=0):
        _limits = {
            "statement_timeout": _seconds,
            "lock_timeout": _seconds,
            "idle_in_transaction_session_timeout": 60,
        }
        _options += [f"-c {name}={limit}s" for name, limit in _limits.items()]
    if not DATABASE_POOLER:  # it takes no options; the role has them then (docs/scaling.md)
        _database["OPTIONS"]["options"] = " ".join(_options)
    if _replica := env.str("REPLICA_URL", default=""):
        DATABASES["replica"] = {**_database, **env.db_url_config(_replica), "TEST": {"MIRROR": "default"}}
        DATABASES["replica"]["OPTIONS"] = dict(_database["OPTIONS"]) | {"connect_timeout": 2}
        DATABASE_ROUTERS = ["config.replica.ReplicaRouter"]
        MIDDLEWARE.insert(
            MIDDLEWARE.index("config.middleware.DatabaseAway") + 1, "config.replica.ReadsTheReplica"
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out name is refused everywhere
    "accounts.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_ADAPTER = "accounts.adapters.StaffAccountAdapter"
MFA_ADAPTER = "accounts.adapters.StaffMfaAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "complaints.mail.password_reset.PasswordResetForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.tokens.ResetTokens"  # noqa: S105 - a class
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds; the mails say three days
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: the clocks of phones are not exact
MFA_PASSKEY_LOGIN_ENABLED = True
# An address is an administrator's entry. A password link leaves allauth an unverified row for it, which
# would otherwise keep everyone who was invited from a second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# The city's own sign-in (OpenID Connect), where it has one: who somebody is, it says; what they may, we do.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_ADAPTER = "accounts.oidc.CitySignIn"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another host (form-action)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    # Elsewhere it is not there: it brings an HTTP client, which each process would hold.
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "city",
                "name": env.str("OIDC_NAME", default=CITY.government),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL, "fetch_userinfo": True},
            }
        ],
    }
STAFF_TWO_STEP_REQUIRED = env.bool("STAFF_TWO_STEP_REQUIRED", default=False)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "accounts.forms.login_name"
AXES_CLIENT_IP_CALLABLE = "accounts.devices.counted_address"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "csrfmiddlewaretoken", "next"]
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "errors/429.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

STAFF_SESSION_HOURS = 12
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
# A browser tells hosts apart, not ports: two cities on one host would sign each other's people out.
_host = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_host}sessionid-{CITY.slug}", f"{_host}csrftoken-{CITY.slug}"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/(worker/)?$"]
# Whether HTTPS holds for all other names below the city's domain, and for ever, is the city's to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
CITIZEN_SESSION_MINUTES = 30

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# Language and time. Moments are stored in UTC and shown in the city's time.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
USE_TZ = True
TIME_ZONE = CITY.time_zone

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
MEDIA_URL = "/no-direct-media/"  # files are served by a view, through the scope
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG and not env.bool("PLAIN_STATIC", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Where set, files are kept there and not in MEDIA_ROOT (docs/decisions/0106). Cities may share a bucket.
FILES_S3 = {
    "bucket_name": env.str("FILES_S3_BUCKET", default=""),
    "endpoint_url": env.str("FILES_S3_ENDPOINT", default="") or None,
    "region_name": env.str("FILES_S3_REGION", default="") or None,
    "access_key": env.str("FILES_S3_KEY", default=""),
    "secret_key": env.str("FILES_S3_SECRET", default=""),
    "location": env.str("FILES_S3_FOLDER", default="") or CITY.slug,
}
FILES_S3_BUCKET = FILES_S3["bucket_name"]
if FILES_S3_BUCKET:
    STORAGES["files"] = {"BACKEND": "config.object_store.S3", "OPTIONS": FILES_S3}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ATTACHMENT_MAX_FILES = 5
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024

# Copies (docs/backups.md). What lies apart and elsewhere belongs on other disks.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
BACKUP_APART_DIR = Path(
    env.str("BACKUP_APART_DIR", default=str(BACKUP_DIR / "apart"))
)  # heads and sealed keys
_elsewhere = env.str("BACKUP_COPY_DIR", default="")
BACKUP_COPY_DIR = Path(_elsewhere) if _elsewhere else None
BACKUP_S3 = {
    "bucket_name": env.str("BACKUP_S3_BUCKET", default=""),
    "endpoint_url": env.str("BACKUP_S3_ENDPOINT", default="") or None,
    "region_name": env.str("BACKUP_S3_REGION", default="") or None,
    "access_key": env.str("BACKUP_S3_KEY", default=""),
    "secret_key": env.str("BACKUP_S3_SECRET", default=""),
    "location": env.str("BACKUP_S3_FOLDER", default=""),
}
BACKUP_S3_BUCKET = BACKUP_S3["bucket_name"]
if BACKUP_S3_BUCKET:
    STORAGES["copies"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": BACKUP_S3}
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=30)
BACKUP_KEEP_MONTHS = env.int("BACKUP_KEEP_MONTHS", default=12)
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")  # without one, keys are in no copy

# Mail: to the console until EMAIL_URL names a server.
_email = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
for _key in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL"):
    globals()[f"EMAIL_{_key}"] = _email.get(f"EMAIL_{_key}") or globals().get(f"EMAIL_{_key}") or ""
EMAIL_PORT = int(_email.get("EMAIL_PORT") or 25)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tuntas <tuntas@localhost>")
NOTIFICATION_MAX_ATTEMPTS = 12
EMAILS_PER_MINUTE = env.int("EMAILS_PER_MINUTE", default=300)  # what the mail server may be given
STAFF_DIGEST_MINUTES = env.int("STAFF_DIGEST_MINUTES", default=60)  # between two digests to the same person

# The clock. After a longer gap the sweep asks a person before it catches up (docs/operating.md).
SWEEP_GAP_DAYS = env.int("SWEEP_GAP_DAYS", default=14)

# Abuse. Per address and minute, per process; loose enough for a neighbourhood behind one address.
SUBMISSIONS_PER_MINUTE = env.int("SUBMISSIONS_PER_MINUTE", default=300)
FILES_PER_HOUR = env.int("FILES_PER_HOUR", default=600)
RECEIPT_MISSES_PER_MINUTE = env.int("RECEIPT_MISSES_PER_MINUTE", default=10)
RECEIPT_MISSES_PER_MINUTE_ALL = env.int("RECEIPT_MISSES_PER_MINUTE_ALL", default=100)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"version": 1}  # Django leaves LOGGING_CONFIG alone while this is empty
# Figures for a monitoring, by the worker; 0 is off. Never on an address that strangers reach.
METRICS_PORT = env.int("METRICS_PORT", default=0)
METRICS_ADDRESS = env.str("METRICS_ADDRESS", default="127.0.0.1")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
