"""Which agency a case probably belongs to, from its category and the words in it. A suggestion, never a decision."""

import re
from collections.abc import Sequence

from complaints.choices import AgencyRow, agencies
from complaints.models import Complaint
from complaints.recusal import recusal_of

MOST = 3
WORD = re.compile(r"[^\W_]+")


def suggest(case: Complaint) -> list[AgencyRow]:
    """Up to three agencies that may take the case, the likeliest first."""
    able = eligible_agencies(case)
    words = f" {' '.join(WORD.findall(f'{case.subject} {case.description}'.lower()))} "
    scored = [(_score(row, case, words), row) for row in able]
    likely = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [row for _, row in likely[:MOST]]


def eligible_agencies(case: Complaint) -> list[AgencyRow]:
    """The agencies that may be given the case: of the city, not complained about, right for its kind."""
    recusal = recusal_of(case)
    return [row for row in agencies() if not recusal.refusal(row, case)]


def _score(row: AgencyRow, case: Complaint, words: str) -> int:
    """The category weighs most; then each routing word of the agency that occurs in the text."""
    score = 10 if case.category is not None and case.category.agency_id == row.id else 0
    return score + _hits(row.keywords, words) + (10 if case.is_oversight else 0)


def _hits(keywords: Sequence[str], words: str) -> int:
    return sum(f" {keyword.lower()} " in words for keyword in keywords)
