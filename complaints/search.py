"""Text search over cases: number, subject, description and place."""

import re

from django.db import connection
from django.db.models.expressions import RawSQL

from complaints.database.triggers import SEARCH
from complaints.models.complaint import Complaints
from complaints.numbers import is_number

MAX_WORDS = 8


def search(cases: Complaints, text: str) -> Complaints:
    """The cases of `cases` that contain every word of `text` (beginnings of words count).

    A whole case number finds that case only. Text without any letter or digit finds nothing.
    """
    text = text.strip()
    if is_number(text):
        return cases.filter(number=text.upper())
    words = re.findall(r"\w+", text.lower())[:MAX_WORDS]
    if not words:
        return cases.none()
    if connection.vendor == "postgresql":
        query = " & ".join(f"{word}:*" for word in words)
        found = RawSQL(  # noqa: S611 - constant SQL, the words are a parameter
            f"SELECT rowid FROM {SEARCH} WHERE document @@ to_tsquery('simple', %s)", [query]
        )
    else:
        query = " ".join(f'"{word}"*' for word in words)
        found = RawSQL(f"SELECT rowid FROM {SEARCH} WHERE {SEARCH} MATCH %s", [query])  # noqa: S611
    return cases.filter(pk__in=found)
