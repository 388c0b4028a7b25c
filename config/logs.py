"""Logs that can be handed to anyone: no stack trace, no request path, no value of a variable.

An error is logged by its incident id, its type and the place in our own code where it arose;
the same id stands on the page that the person saw.
"""

import logging
import logging.config
import os
import traceback
from typing import Any

from django.conf import settings

JOURNAL = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))


class QuietFormatter(logging.Formatter):
    """Formats a record on one line and an exception as its type and place only."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_priority(record)}{self.formatTime(record)} {record.levelname} {record.name}: {self._message(record)}"
        if record.exc_info and record.exc_info[0] is not None:
            line += f" [{describe_error(record.exc_info[1])}]"
        return line.replace("\n", " ").replace("\r", " ")

    def _message(self, record: logging.LogRecord) -> str:
        # Django's request loggers put the path into the arguments; the status says enough.
        status = getattr(record, "status_code", None)
        if record.name.startswith("django.") and status:
            incident = getattr(getattr(record, "request", None), "incident", "")
            return f"answered {status} {incident}".strip()
        return record.getMessage()


def _priority(record: logging.LogRecord) -> str:
    """What systemd's journal takes off the line again, so that `journalctl -p warning` finds it (sd-daemon(3))."""
    if "JOURNAL_STREAM" not in os.environ:
        return ""
    return next(f"<{number}>" for level, number in JOURNAL if record.levelno >= level)


def describe_error(error: BaseException | None) -> str:
    """`ValueError at complaints/public/forms/filing.py:31`: where an error arose, without its message."""
    if error is None:
        return "unknown error"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    place = f"{'/'.join(ours[-1].filename.split('/')[-3:])}:{ours[-1].lineno}" if ours else "unknown place"
    return f"{type(error).__name__} at {place}"


def configure(_: dict[str, Any]) -> None:
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"quiet": {"()": QuietFormatter}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
            "root": {"handlers": ["console"], "level": settings.LOG_LEVEL},
            "loggers": {
                "django": {"handlers": ["console"], "level": settings.LOG_LEVEL, "propagate": False},
                "django.request": {"level": "ERROR"},
                "django.security": {"level": "ERROR"},
                "django.db.backends": {"level": "INFO"},
                "weasyprint": {"level": "ERROR"},
                "fontTools": {"level": "ERROR"},
                "axes": {"level": "ERROR"},
            },
        }
    )
