"""Django's settings, all from the environment; see docs/explanation/site.md for the variables."""

from __future__ import annotations

import os
from pathlib import Path

from dancu.site import addresses, discovery, home

SECRET_KEY = home.secret_key()
SECRET_KEY_FALLBACKS = home.old_secret_keys()
DEBUG = os.environ.get("DANCU_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("DANCU_HOSTS", "127.0.0.1,localhost").split(",")
BEHIND_TLS = os.environ.get("DANCU_BEHIND_TLS") == "1"

INSTALLED_APPS = ["django.contrib.staticfiles", "procrastinate.contrib.django", *discovery.apps()]
MIDDLEWARE = [
    "dancu.site.middleware.SecurityHeaders",
    "dancu.site.watching.Watched",
    "dancu.site.watching.NotTooLarge",
    "django.middleware.security.SecurityMiddleware",
    "dancu.site.middleware.Straight",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dancu.site.middleware.OneTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dancu.platform.citizen.sessions.CitizenSessions",
    "dancu.platform.accounts.middleware.WhoIsAsking",
    "dancu.site.middleware.Language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dancu.site.middleware.NothingUndeclared",
    "dancu.platform.accounts.middleware.FirstThings",
    "dancu.platform.gateway.mode.NoCopy",
]
ROOT_URLCONF = "dancu.site.urls"
WSGI_APPLICATION = "dancu.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "dancu.platform.ui.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "dancu.platform.ui.templatetags.dancu"],
        },
    }
]

DATABASES = addresses.databases()
DATABASE_ROUTERS = ["dancu.platform.accounts.router.Gate"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = None

SESSION_ENGINE = "dancu.platform.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-dancu" if BEHIND_TLS else "dancu"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-dancu-csrf" if BEHIND_TLS else "dancu-csrf"
CSRF_FAILURE_VIEW = "dancu.site.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("DANCU_ORIGINS", "").split(",") if o]

SECURE_SSL_REDIRECT = False  # the proxy in front does it; health checks come without TLS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_SHORTEST = 12
PROXIES = int(os.environ.get("DANCU_PROXIES", "1" if BEHIND_TLS else "0"))
OIDC = {
    "issuer": os.environ.get("DANCU_OIDC_ISSUER", ""),
    "client_id": os.environ.get("DANCU_OIDC_CLIENT_ID", ""),
    "client_secret": os.environ.get("DANCU_OIDC_CLIENT_SECRET", ""),
    "name": os.environ.get("DANCU_OIDC_NAME", "Tài khoản chung của tỉnh"),
}

CITIZEN_OIDC = {
    "issuer": os.environ.get("DANCU_CITIZEN_OIDC_ISSUER", ""),
    "client_id": os.environ.get("DANCU_CITIZEN_OIDC_CLIENT_ID", ""),
    "client_secret": home.secret("DANCU_CITIZEN_OIDC_CLIENT_SECRET"),
    "name": os.environ.get("DANCU_CITIZEN_OIDC_NAME", "VNeID"),
    "scope": os.environ.get("DANCU_CITIZEN_OIDC_SCOPE", "openid"),
    "claim": os.environ.get("DANCU_CITIZEN_OIDC_CLAIM", "personal_number"),
    "acr": tuple(os.environ.get("DANCU_CITIZEN_OIDC_ACR", "").split()),
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "dancu-language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]

STATIC_URL = "/static/"
STATIC_ROOT = home.folder() / "var" / "site" / "static"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = os.environ.get("DANCU_DATABASE") == "none"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN if WHITENOISE_USE_FINDERS else _HASHED},
}
MEDIA_ROOT = home.folder() / "var" / "site" / "files"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
UPLOAD_MOST = int(os.environ.get("DANCU_UPLOAD_MOST", "250000000"))
FILE_UPLOAD_PERMISSIONS = 0o600

# Messages may quote a request; what is logged is the kind of the error and its place (site.logs).
_LEVEL = "WARNING" if os.environ.get("DANCU_DATABASE") == "none" else "INFO"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "dancu.site.logs.WithoutPersonalData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Said by site.watching, once, with the view's name.
        "django.request": {"level": "ERROR"},
        "dancu": {"handlers": ["console"], "level": _LEVEL, "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
