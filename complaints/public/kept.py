"""What a visitor typed, kept so that every page they see is one that was asked for, not the answer to a form.

Back, forward and reload then work as people expect, and the language can be switched on every page. It is kept with the
visitor's session, sealed with a key that is not in the database, CITIZEN_SESSION_MINUTES from its last use.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, transaction
from django.http import HttpRequest

from complaints.identity import seal_text, unseal_text

KEPT = "kept"
MOST = 4  # things at a time; the one not used for longest goes first


def keep(request: HttpRequest, name: str, what: dict[str, Any], now: datetime) -> bool:
    """Keeps `what` (made of what JSON knows) under `name`. False where the database cannot take it: the answer then
    has to be the page itself."""
    until = (now + timedelta(minutes=settings.CITIZEN_SESSION_MINUTES)).timestamp()
    try:
        held = _alive(request, now)
        held.pop(name, None)
        held[name] = [until, seal_text(json.dumps(what))]
        request.session[KEPT] = dict(list(held.items())[-MOST:])
        with transaction.atomic():
            request.session.save()
    except DatabaseError:
        request.session.modified = (
            False  # or the middleware tries once more, and fails where nobody catches it
        )
        return False
    return True


def kept(request: HttpRequest, name: str, now: datetime) -> dict[str, Any] | None:
    """What was kept under `name`, or None."""
    entry = _alive(request, now).get(name)
    if entry is None:
        return None
    try:
        found: dict[str, Any] = json.loads(unseal_text(entry[1]))
    except (InvalidToken, ValueError):  # the key is another by now
        return None
    return found


def kept_names(request: HttpRequest, now: datetime) -> list[str]:
    """Under which names something is kept, the latest first."""
    return list(reversed(_alive(request, now)))


def drop(request: HttpRequest, name: str, now: datetime) -> None:
    held = _alive(request, now)
    if held.pop(name, None) is not None:
        request.session[KEPT] = held


def forget_soon(request: HttpRequest) -> None:
    """Of a visitor who is to leave no trace: the row of the session goes with what it keeps."""
    if SESSION_KEY not in request.session:
        request.session.set_expiry(settings.CITIZEN_SESSION_MINUTES * 60)


def _alive(request: HttpRequest, now: datetime) -> dict[str, list[Any]]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and request.session.is_empty():
        return {}  # no visitor without a session costs a question to the database
    held: dict[str, list[Any]] = request.session.get(KEPT, {})
    return {name: entry for name, entry in held.items() if entry[0] >= now.timestamp()}
