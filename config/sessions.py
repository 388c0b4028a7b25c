"""Sessions in the database, as Django keeps them. What each page asks for them is put together once."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as StoredSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from complaints.database.kept_statements import rows_of


class SessionStore(StoredSessions):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        """The one under this key, None and no key any more where it has run out or never was."""
        key = self.session_key
        found: list[AbstractBaseSession] = rows_of("session", key, f"{key}?", self._under) if key else []
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None

    @classmethod
    def _under(cls, key: str) -> QuerySet[Any]:
        return cls.get_model_class().objects.filter(session_key=key)
