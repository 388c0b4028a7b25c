"""The WSGI entry point served by gunicorn, which loads it once and forks its workers (config/gunicorn.py)."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.start import load_all, look_at_the_ledger  # noqa: E402 - models can be imported only now

load_all()
look_at_the_ledger()
connections.close_all()  # no two processes may speak over one
