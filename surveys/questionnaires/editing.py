"""Writing a version while it is in preparation. A published one does not change: another wording is another version."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, role_of
from complaints.ledger.recording import recording
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from surveys.questionnaires.checks import problems
from surveys.questionnaires.content import digest_of
from surveys.questionnaires.entries import SurveyEntry, count_from_now, said_of
from surveys.questionnaires.models import Question, Section, Survey, SurveyVersion
from surveys.rights import SurveyAct

UP, DOWN = "up", "down"
PUBLISHED = _("This version is published and does not change any more. Copy it to a new version.")
DRAFT_THERE = _("There is a version in preparation already. Publish it or discard it first.")
NAME_TAKEN = _("There is a survey with this name already.")
KEY_TAKEN = _("There is a question with this key already.")
SEEN_OTHERWISE = _(
    "Somebody else has changed this meanwhile. Look at it again, and enter your change once more."
)
NOT_READY = _("It cannot be published yet: see what is missing.")


@dataclass(frozen=True)
class Wording:
    """What a question says and offers; what it is (its type and its key) stays."""

    text_id: str
    text_en: str = ""
    help_id: str = ""
    help_en: str = ""
    element: str = ""
    options: Sequence[dict[str, str]] = ()
    minimum: int | None = None
    maximum: int | None = None
    is_required: bool = False

    def columns(self) -> dict[str, Any]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"options": [dict(option) for option in self.options]}


def fingerprint(row: Question | Section | SurveyVersion) -> str:
    """Of a row as somebody saw it: what was changed meanwhile is not written over."""
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "position"]
    return sha256(repr(values).encode()).hexdigest()[:16]


def may_build(actor: Actor) -> bool:
    return role_may(role_of(actor), SurveyAct.BUILD)


def check_right(actor: Actor) -> None:
    if not may_build(actor):
        raise NotAllowed


@contextmanager
def editing(version_id: int, actor: Actor) -> Iterator[SurveyVersion]:
    """A draft, held so that nobody publishes it meanwhile. NotPossible once it is published."""
    check_right(actor)
    with transaction.atomic():
        version = SurveyVersion.objects.select_for_update().get(pk=version_id)
        if version.published_at is not None:
            raise NotPossible(PUBLISHED)
        yield version


def make_survey(
    *, actor: Actor, now: datetime, name_id: str, name_en: str, purpose: str = Survey.Purpose.OTHER
) -> SurveyVersion:
    """A survey with its first version in preparation and a section to begin with."""
    check_right(actor)
    code = slugify(name_id)[:60]
    with _taken(NAME_TAKEN), recording(actor=actor, now=now) as record:
        survey = Survey.objects.create(code=code, name_id=name_id, name_en=name_en, purpose=purpose)
        version = SurveyVersion.objects.create(survey=survey, number=1)
        Section.objects.create(version=version, position=1, name_id="Pertanyaan", name_en="Questions")
        record.new(survey)
    return version


def rename(
    survey: Survey, *, actor: Actor, now: datetime, name_id: str, name_en: str, is_active: bool
) -> Survey:
    check_right(actor)
    with recording(actor=actor, now=now) as record:
        Survey.objects.filter(pk=survey.pk).update(name_id=name_id, name_en=name_en, is_active=is_active)
        record.changed(survey, "name_id", "name_en", "is_active")
    survey.refresh_from_db()
    return survey


@contextmanager
def _taken(reason: Any) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise NotPossible(reason) from None


def copy_version(version: SurveyVersion, *, actor: Actor, now: datetime) -> SurveyVersion:
    """A new version in preparation that asks what this one asks."""
    check_right(actor)
    with _taken(DRAFT_THERE), transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=version.survey_id)
        if survey.versions.filter(published_at=None).exists():
            raise NotPossible(DRAFT_THERE)
        last = survey.versions.aggregate(last=Max("number"))["last"]
        copy = SurveyVersion.objects.create(
            survey=survey, number=last + 1, intro_id=version.intro_id, intro_en=version.intro_en
        )
        for section in version.sections.prefetch_related("questions"):
            questions = list(section.questions.all())
            section.pk, section.version = None, copy
            section._state.adding = True
            section.save(force_insert=True)
            for question in questions:
                question.pk, question.section = None, section
            Question.objects.bulk_create(questions)
    return copy


def discard(version: SurveyVersion, *, actor: Actor, now: datetime) -> None:
    """Takes a draft away. The only version of a survey takes the survey with it."""
    with recording(actor=actor, now=now) as record, editing(version.pk, actor) as draft:
        survey = draft.survey
        draft.delete()
        if not survey.versions.exists():
            record.gone(survey)
            survey.delete()


def introduce(
    version: SurveyVersion, *, actor: Actor, now: datetime, intro_id: str, intro_en: str, seen: str
) -> SurveyVersion:
    with editing(version.pk, actor) as draft:
        _unchanged(draft, seen)
        draft.intro_id, draft.intro_en = intro_id, intro_en
        draft.save(update_fields=["intro_id", "intro_en"])
    return draft


def _unchanged(row: Question | Section | SurveyVersion, seen: str) -> None:
    if fingerprint(row) != seen:
        raise NotPossible(SEEN_OTHERWISE)


def add_section(
    version: SurveyVersion, *, actor: Actor, now: datetime, name_id: str, name_en: str, is_profile: bool
) -> Section:
    with editing(version.pk, actor) as draft:
        return Section.objects.create(
            version=draft,
            position=_after(draft.sections.all()),
            name_id=name_id,
            name_en=name_en,
            is_profile=is_profile,
        )


def change_section(
    section: Section, *, actor: Actor, now: datetime, name_id: str, name_en: str, is_profile: bool, seen: str
) -> Section:
    with editing(section.version_id, actor):
        row = Section.objects.get(pk=section.pk)
        _unchanged(row, seen)
        row.name_id, row.name_en, row.is_profile = name_id, name_en, is_profile
        row.save(update_fields=["name_id", "name_en", "is_profile"])
    return row


def remove_section(section: Section, *, actor: Actor, now: datetime) -> None:
    """With its questions."""
    with editing(section.version_id, actor):
        section.delete()


def add_question(
    section: Section,
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    wording: Wording,
    key: str = "",
) -> Question:
    """`key`: under which the answers stand, in files too; made from the words where none is given."""
    with editing(section.version_id, actor) as draft:
        taken = set(Question.objects.filter(section__version=draft).values_list("key", flat=True))
        if key in taken:
            raise NotPossible(KEY_TAKEN)
        return Question.objects.create(
            section=section,
            position=_after(section.questions.all()),
            type=kind,
            key=key or _free_key(wording, taken),
            **wording.columns(),
        )


def _free_key(wording: Wording, taken: set[str]) -> str:
    first = (
        wording.element or "-".join(slugify(wording.text_en or wording.text_id).split("-")[:4]) or "question"
    )
    first = first[:36].strip("-")
    candidates = (first if number == 1 else f"{first}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in candidates if key not in taken)


def change_question(
    question: Question, *, actor: Actor, now: datetime, wording: Wording, seen: str
) -> Question:
    with editing(question.section.version_id, actor):
        row = Question.objects.get(pk=question.pk)
        _unchanged(row, seen)
        for name, value in wording.columns().items():
            setattr(row, name, value)
        row.save()
    return row


def set_rule(question: Question, *, actor: Actor, now: datetime, key: str, values: Sequence[str]) -> Question:
    """Shows the question only after one of these answers to another; to everybody without a key."""
    with editing(question.section.version_id, actor):
        Question.objects.filter(pk=question.pk).update(
            show_if_key=key if values else "", show_if_values=list(values) if key else []
        )
    question.refresh_from_db()
    return question


def remove_question(question: Question, *, actor: Actor, now: datetime) -> None:
    with editing(question.section.version_id, actor):
        Question.objects.filter(pk=question.pk).delete()


def move_section(section: Section, *, actor: Actor, now: datetime, where: str) -> None:
    with editing(section.version_id, actor) as draft:
        rows = list(draft.sections.order_by("position", "pk"))
        _swap(rows, section.pk, where)
        _number(Section, rows)


def move_question(question: Question, *, actor: Actor, now: datetime, where: str) -> None:
    """By one place; past the first or the last of its section into the neighbouring one."""
    with editing(question.section.version_id, actor) as draft:
        sections = list(draft.sections.order_by("position", "pk"))
        here = next(section for section in sections if section.pk == question.section_id)
        rows = list(here.questions.order_by("position", "pk"))
        if _swap(rows, question.pk, where):
            _number(Question, rows)
            return
        place = sections.index(here) + (-1 if where == UP else 1)
        if 0 <= place < len(sections):
            there = sections[place]
            others = list(there.questions.order_by("position", "pk"))
            Question.objects.filter(pk=question.pk).update(section=there)
            _number(Question, [*others, question] if where == UP else [question, *others])


def _swap(rows: list[Any], pk: int, where: str) -> bool:
    """Whether there was somebody to change places with."""
    at = next(place for place, row in enumerate(rows) if row.pk == pk)
    other = at - 1 if where == UP else at + 1
    if not 0 <= other < len(rows):
        return False
    rows[at], rows[other] = rows[other], rows[at]
    return True


def _number(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    for position, row in enumerate(rows, start=1):
        model._default_manager.filter(pk=row.pk).update(position=position)


def _after(rows: Any) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


def publish(version: SurveyVersion, *, actor: Actor, now: datetime) -> SurveyVersion:
    """From here on it does not change; the ledger says which wording it was."""
    with editing(version.pk, actor) as draft:
        if any(problem.stops for problem in problems(draft)):
            raise NotPossible(NOT_READY)
        draft.digest, draft.published_at = digest_of(draft), now
        with recording(SurveyEntry.PUBLISHED, actor=actor, now=now, data=said_of(draft)) as record:
            draft.save(update_fields=["digest", "published_at"])
            count_from_now(record, draft)
    return draft
