"""What site and worker look at before they begin: whether the database is the one that was signed."""

import logging
from socket import gethostname

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation

from complaints.ledger.outside import heads_file
from complaints.ledger.standing import HOW_TO_GO_ON
from complaints.models import Head
from escalation.holding import is_older_copy

logger = logging.getLogger(__name__)


FINE_FOR = 10  # seconds that a process believes what it found; signing and numbering look each time
FINE = "the-ledger-stands"


def is_held_as_older_copy() -> bool:
    """Whether nothing may be written; it is marked for /health/ and the administrators are told. For pages: that all
    is well is asked of the database once in ten seconds."""
    if cache.get(FINE):
        return False
    is_held = is_older_copy(timezone.now(), gethostname()[:40])
    if not is_held:
        cache.set(FINE, True, FINE_FOR)
    return is_held


def load_all() -> None:
    """What every process of the site needs sooner or later: addresses with their views, words of both languages."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("complaints:complaint-new")


def look_at_the_ledger() -> None:
    """Says in the log what stands against going on. Site and worker start all the same: people can read."""
    try:
        if is_held_as_older_copy():
            logger.error("read only: %s", HOW_TO_GO_ON)
        elif not heads_file().exists() and Head.objects.exists():
            logger.warning(
                "LEDGER_DIR holds no heads of this history, though some were signed: it is new, or was lost. An older "
                "copy of the database could not be told from the right one. The next head writes them all again"
            )
    except DatabaseError:
        logger.warning("the ledger could not be looked at: the database does not answer, or is not migrated")
