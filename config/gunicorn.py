"""How gunicorn serves the site: `gunicorn -c config/gunicorn.py config.wsgi`."""

import ctypes
import gc
import os

M_ARENA_MAX = -8  # malloc.h of glibc
# Threads share one heap: with one for each, all keep what their largest page needed.
getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)(M_ARENA_MAX, 1)

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# The site is loaded once, before there are workers: they share what was loaded, and one that is replaced loads nothing.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# Workers are replaced now and then, not all at once, so that no leak grows for weeks.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
forwarder_headers = ""  # the site stands at the root of its name, whatever a header says
errorlog = "-"
loglevel = "warning"
accesslog = None  # a reverse proxy writes one, where it is wanted
# On PostgreSQL no page may keep the database busy for longer.
os.environ.setdefault("STATEMENT_TIMEOUT_SECONDS", "10")
# Limits kept in a process's memory are shared out among the processes.
os.environ.setdefault("WEB_CONCURRENCY", str(workers))


def when_ready(server: object) -> None:
    """What was loaded stays for good: the search for garbage need not go through it, and so writes nothing to memory
    that workers share."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: object) -> None:
    """Not after each few hundred objects: a page makes some ten thousand; what refers to itself among them is found a
    few pages later."""
    gc.set_threshold(20_000, 10, 10)
