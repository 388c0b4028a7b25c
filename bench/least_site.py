"""The honest least: a bare page that shows as many words as ours, behind all that stands before any page of ours.

Our settings, so our middleware (sessions, the signed-in person, messages, forgery, headers, packing) and context; the
view asks for whoever is signed in, reads one row and renders each word by one variable. No rights, no rows of cases, no
links, no translations.
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bench.bare_pages import TEMPLATES

settings.ROOT_URLCONF = "bench.least_urls"
engine: dict[str, Any] = settings.TEMPLATES[0]
engine["APP_DIRS"] = False
engine["OPTIONS"]["loaders"] = [
    ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", TEMPLATES)])
]
application = get_wsgi_application()
