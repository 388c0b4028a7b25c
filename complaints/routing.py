"""Which agency a case probably belongs to, from its category and the words in it. A suggestion, never a decision."""

import re
from collections.abc import Sequence

from complaints.choices import AgencyRow, CategoryRow, agencies, categories
from complaints.models import Complaint
from complaints.models.catalogue import Kind

MOST = 3


def suggest(case: Complaint) -> list[AgencyRow]:
    """Up to three agencies that may take the case, the likeliest first."""
    able = [row for row in agencies() if can_take(row, case.kind)]
    category = next((row for row in categories() if row.id == case.category_id), None)
    words = f" {' '.join(re.findall(r'[^\W_]+', f'{case.subject} {case.description}'.lower()))} "
    scored = [(_score(row, category, words, case.kind), row) for row in able]
    likely = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [row for _, row in likely[:MOST]]


def can_take(row: AgencyRow, kind: str) -> bool:
    return not row.is_external and (kind != Kind.OVERSIGHT or row.is_oversight)


def _score(row: AgencyRow, category: CategoryRow | None, words: str, kind: str) -> int:
    """The category weighs most; then each routing word of the agency that occurs in the text."""
    score = 10 if category is not None and category.agency_id == row.id else 0
    return score + _hits(row.keywords, words) + (10 if kind == Kind.OVERSIGHT else 0)


def _hits(keywords: Sequence[str], words: str) -> int:
    return sum(f" {keyword.lower()} " in words for keyword in keywords)
