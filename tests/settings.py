"""The project's settings as the tests need them: quick, and apart from the data of a running installation."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "a key for tests only, known to everybody")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ["DEBUG"] = "0"
os.environ["CITY"] = "kupang"

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, STATIC_ROOT, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")  # a few tests have a provider
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing

_options = DATABASES["default"].get("OPTIONS", {})
if "init_command" in _options:  # a test's data need not outlive a power cut
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
