"""The limits: what the least that a Django view can do costs, served by the same gunicorn from the same database.

A site of its own in one file: no sessions, no rights, no translations, no styles. Its templates are compiled once, as
those of any site in production are; the queue is one statement, the case two, the journey keeps an address. What other
pages show it renders from one row (`bare_page`), in which `bench.pages` puts the words of ours.
"""

import os

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bench.bare_pages import TEMPLATES

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="bare",
    ROOT_URLCONF="bench.bare_pages",
    DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": 60}},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", TEMPLATES)],
                    )
                ]
            },
        }
    ],
    USE_TZ=True,
)
application = get_wsgi_application()
