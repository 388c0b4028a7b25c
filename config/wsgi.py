"""The WSGI entry point served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.start import look_at_the_ledger  # noqa: E402 - models can be imported only now

look_at_the_ledger()
