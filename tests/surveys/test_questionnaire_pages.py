"""The pages on which questionnaires are written: who reaches them, and what they do without scripts."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from surveys.questionnaires import editing, urls
from surveys.questionnaires.models import Question, Survey, SurveyVersion
from surveys.rounds.models import Response, ResponseWords
from tests.factories import FRIDAY, make_user
from tests.module_rows import ModuleRows
from tests.surveys.questions import COLOURS, STEPS, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made", "in_english"), pytest.mark.long]

A, S = Role.ADMINISTRATOR, Role.SUPERVISOR
EVERYBODY = (Role.CLERK, Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, S, A)
PAGES: dict[str, list[Any]] = {
    "survey-list": [],
    "survey-new": [],
    "survey-rename": ["market"],
    "survey-version": ["market", 2],
    "survey-intro": ["market", 2],
    "survey-preview": ["market", 2],
    "survey-section-new": ["market", 2],
    "survey-section": ["market", 2, "section"],
    "survey-question-new": ["market", 2, "section"],
    "survey-question": ["market", 2, "question"],
    "survey-question-rule": ["market", 2, "question"],
}
POSTS: dict[str, list[Any]] = {
    "survey-copy": ["market", 1],
    "survey-discard": ["market", 2],
    "survey-publish": ["market", 2],
    "survey-section-move": ["market", 2, "section"],
    "survey-section-remove": ["market", 2, "section"],
    "survey-question-move": ["market", 2, "question"],
    "survey-question-remove": ["market", 2, "question"],
}


@dataclass
class Made:
    people: dict[Role, User]
    published: SurveyVersion
    draft: SurveyVersion


def make_rows() -> Made:
    people = {role: make_user(role) for role in EVERYBODY}
    first = make_version(
        {"key": "waited", "type": "yes_no"},
        {"key": "clean", "type": "scale", "options": STEPS},
        {"key": "colour", "type": "choice", "options": COLOURS},
        code="market",
        name_id="Suara Pasar",
        name_en="Voice of the market",
    )
    published = editing.publish(first, actor=people[A], now=FRIDAY)
    draft = editing.copy_version(published, actor=people[A], now=FRIDAY)
    return Made(people, published, draft)


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Made:
    return module_rows.make(make_rows)


@pytest.fixture
def rows(made: Made, db: None) -> Made:
    return deepcopy(made)


@pytest.fixture
def desk(client: Client, rows: Made) -> Client:
    client.force_login(rows.people[A])
    return client


def question(version: SurveyVersion, key: str = "clean") -> Question:
    return Question.objects.get(section__version=version, key=key)


def address(name: str, rows: Made, key: str = "clean") -> str:
    keys: dict[Any, Any] = {"section": rows.draft.sections.get().pk, "question": question(rows.draft, key).pk}
    where = [keys.get(part, part) for part in (PAGES | POSTS)[name]]
    return reverse(f"surveys:{name}", args=where) + ("?type=scale" if name == "survey-question-new" else "")


def test_every_path_is_in_these_tables() -> None:
    assert {path.name for path in urls.urlpatterns} == {*PAGES, *POSTS}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_administrators_and_supervisors(
    client: Client, rows: Made, name: str, role: Role
) -> None:
    client.force_login(rows.people[role])
    assert client.get(address(name, rows)).status_code == (200 if role in (A, S) else 403)


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role not in (A, S)])
@pytest.mark.parametrize("name", [*POSTS, *PAGES])
def test_nobody_else_changes_anything(client: Client, rows: Made, name: str, role: Role) -> None:
    client.force_login(rows.people[role])
    assert client.post(address(name, rows)).status_code in (403, 405)
    assert question(rows.draft).text_id


@pytest.mark.parametrize("name", POSTS)
def test_only_a_post_does_anything(desk: Client, rows: Made, name: str) -> None:
    assert desk.get(address(name, rows)).status_code == 405


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, rows: Made) -> None:
    for name in PAGES:
        assert client.get(address(name, rows)).status_code == 302


def test_what_is_not_there_is_404(desk: Client, rows: Made) -> None:
    here = "/staff/surveys/questionnaires/"
    own = question(rows.published)
    for path in (
        "none/1/",
        "market/9/",
        f"market/2/questions/{own.pk}/",
        "market/2/sections/0/",
        "none/name/",
    ):
        assert desk.get(here + path).status_code == 404
    section = rows.draft.sections.get().pk
    assert desk.get(f"{here}market/2/sections/{section}/questions/new/?type=poem").status_code == 404
    assert desk.post(f"{here}market/2/sections/{section}/move/", {"where": "sideways"}).status_code == 404


def test_a_questionnaire_is_written_from_the_first_word_to_publishing(desk: Client) -> None:
    new = {"name_id": "Suara Terminal", "name_en": "Voice of the terminal", "purpose": "other"}
    page = desk.post(reverse("surveys:survey-new"), new, follow=True)
    version = SurveyVersion.objects.get(survey__code="suara-terminal")
    assert "It asks nothing yet." in page.content.decode()
    section = version.sections.get().pk
    where = reverse("surveys:survey-question-new", args=["suara-terminal", 1, section])
    words = {"text_id": "Bagaimana?", "text_en": "How was it?", "key": "how"}
    for place, step in enumerate(STEPS, start=1):
        words |= {f"option_{place}_id": step["id"], f"option_{place}_en": step["en"]}
    page = desk.post(f"{where}?type=scale", words, follow=True)
    assert "Ready to publish" in page.content.decode()
    desk.post(reverse("surveys:survey-publish", args=["suara-terminal", 1]))
    version.refresh_from_db()
    assert version.published_at is not None
    assert question(version, "how").options == STEPS


def test_answers_to_choose_from_keep_their_values_in_a_later_version(desk: Client, rows: Made) -> None:
    row = question(rows.draft, "colour")
    form = {"text_id": "Warna?", "text_en": "Colour?", "seen": editing.fingerprint(row)}
    for place, (value, name) in enumerate([("blue", "Biru tua"), ("", "Putih"), ("red", "Merah")], start=1):
        form |= {f"option_{place}_value": value, f"option_{place}_id": name, f"option_{place}_en": name}
    assert desk.post(address("survey-question", rows, "colour"), form).status_code == 302
    row.refresh_from_db()
    assert [option["value"] for option in row.options] == ["blue", "putih", "red"]


def test_a_rule_is_set_and_taken_away_without_scripts(desk: Client, rows: Made) -> None:
    where = address("survey-question-rule", rows)
    assert "yes" in desk.get(f"{where}?after=waited").content.decode()
    assert desk.post(f"{where}?after=waited", {"key": "waited"}).status_code == 422
    desk.post(f"{where}?after=waited", {"key": "waited", "values": ["yes"]})
    row = question(rows.draft)
    assert (row.show_if_key, row.show_if_values) == ("waited", ["yes"])
    desk.post(where, {"always": "1"})
    row.refresh_from_db()
    assert (row.show_if_key, row.show_if_values) == ("", [])


def test_the_preview_speaks_both_languages_and_keeps_nothing(desk: Client, rows: Made) -> None:
    where = address("survey-preview", rows)
    indonesian, english = desk.get(where).content.decode(), desk.get(f"{where}?lang=en").content.decode()
    assert "Sangat baik" in indonesian and "Very good" not in indonesian
    assert "Very good" in english and "Sangat baik" not in english
    assert "Preview: nothing is stored" in indonesian
    sent = desk.post(f"{where}?lang=en", {"clean": "4", "waited": "yes"}).content.decode()
    assert "What would be kept" in sent
    assert not Response.objects.exists() and not ResponseWords.objects.exists()
    assert desk.post(f"{where}?lang=en", {"clean": "9"}).status_code == 422


def test_a_published_version_offers_a_copy_and_no_change(desk: Client, rows: Made) -> None:
    page = desk.get(reverse("surveys:survey-version", args=["market", 1])).content.decode()
    assert rows.published.digest in page
    assert "Copy to a new version" in page and "Move up" not in page and "Discard" not in page
    refused = desk.post(reverse("surveys:survey-copy", args=["market", 1]))
    assert refused.status_code == 409 and str(editing.DRAFT_THERE) in refused.content.decode()
    own = question(rows.published)
    there = reverse("surveys:survey-question-remove", args=["market", 1, own.pk])
    assert desk.post(there).status_code == 409
    assert Question.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("text", ["\x00'\";--<script>alert(1)</script>", "x" * 5000, "ٱلْعَرَبِيَّة", " "])
def test_whatever_is_typed_is_shown_or_refused_and_breaks_nothing(
    desk: Client, rows: Made, text: str
) -> None:
    row = question(rows.draft)
    form = {"text_id": text, "text_en": text, "option_1_id": text, "seen": editing.fingerprint(row)}
    page = desk.post(address("survey-question", rows), form, follow=True)
    assert page.status_code in (200, 422)
    assert "<script>alert" not in desk.get(address("survey-version", rows)).content.decode()
    assert desk.post(reverse("surveys:survey-new"), {"name_id": text, "name_en": text}).status_code == 422
    assert Survey.objects.count() == 1
