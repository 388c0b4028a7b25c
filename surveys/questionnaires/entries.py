"""What questionnaires write into the ledger itself: which wording was published, for everybody to compare."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from complaints.history.rows import Table
from complaints.ledger.entries import EntryType
from complaints.ledger.recording import Recorder, recording
from complaints.models import LedgerEntry
from surveys.questionnaires.models import Question, Section, Survey, SurveyVersion

_PUBLISHED = "published_at__isnull"
SURVEY = Table.of_entries("survey", Survey, plain=["code", "name_id", "name_en"])
VERSION = Table.of_entries(
    "survey_version", SurveyVersion, plain=["intro_id", "intro_en", "digest"], only=Q(**{_PUBLISHED: False})
)
SECTION = Table.of_entries(
    "survey_section", Section, plain=["name_id", "name_en"], only=Q(**{f"version__{_PUBLISHED}": False})
)
QUESTION = Table.of_entries(
    "survey_question",
    Question,
    plain=[
        "key",
        "text_id",
        "text_en",
        "help_id",
        "help_en",
        "options",
        "show_if_key",
        "show_if_values",
    ],
    only=Q(**{f"section__version__{_PUBLISHED}": False}),
)
TABLES = (SURVEY, VERSION, SECTION, QUESTION)


class SurveyEntry(models.TextChoices):
    PUBLISHED = "survey_published", gettext_lazy("Questionnaire published")


def said_of(version: SurveyVersion) -> dict[str, object]:
    return {"survey": version.survey.code, "version": version.number, "sha256": version.digest}


def count_from_now(record: Recorder, version: SurveyVersion) -> None:
    """The version with all that it asks; drafts are on no record."""
    record.new(version, *version.sections.all(), *Question.objects.filter(section__version=version))


def record_published(*, actor: Actor, now: datetime, but: Collection[int] = ()) -> int:
    """Enters every published version that is not on record yet, such as those that came with the city; how many.

    `but`: keys of versions that were there before, and were either recorded or put there by whom nobody knows.
    """
    entries = LedgerEntry.objects.filter(kind=SurveyEntry.PUBLISHED)
    known = {(entry.data["survey"], entry.data["version"]) for entry in entries}
    rows = SurveyVersion.objects.exclude(published_at=None).exclude(pk__in=but)
    rows = rows.select_related("survey").order_by("pk")
    missing = [row for row in rows if (row.survey.code, row.number) not in known]
    for row in missing:
        with recording(SurveyEntry.PUBLISHED, actor=actor, now=now, data=said_of(row)) as record:
            if not any(code == row.survey.code for code, _number in known):
                record.new(row.survey)
            count_from_now(record, row)
        known.add((row.survey.code, row.number))
    return len(missing)


def _published(entry: LedgerEntry) -> str:
    words = _(
        "Version %(version)s of the questionnaire %(survey)s was published, with the SHA-256 %(sha256)s."
    )
    return str(words % entry.data)


ENTRIES = (EntryType(SurveyEntry.PUBLISHED, _published),)
