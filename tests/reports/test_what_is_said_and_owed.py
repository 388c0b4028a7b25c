"""Surveys, forums, promises and people in a report: from the services that made them, in the scope of its reader."""

import gzip
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.services.verification import merge, reject
from config.fixtures import load_surveys
from escalation.promises.services.commitments import make
from escalation.promises.services.recommendations import issue
from escalation.signals.models import Signal, SignalLook
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot, freeze, unpack
from surveys.aftercase import services as aftercase
from surveys.aftercase.models import AfterCaseRound
from surveys.forums.inputs.choices import DeclineReason
from surveys.forums.inputs.services import answering
from surveys.forums.inputs.services.answering import NewCase, about_input
from surveys.forums.models import ForumInput
from surveys.index.services import refresh_results
from surveys.rounds.models import Channel
from surveys.rounds.services import close_round
from surveys.rounds.storing import Given, store_many
from tests import factories
from tests.factories import DAY, FRIDAY, make_agency, make_reason, make_user
from tests.module_rows import ModuleRows
from tests.promises.people import advice, head, kept, promise, promised, supervisor
from tests.reports.packing import pack
from tests.surveys.index.rounds import make_round, some_answers
from tests.voices.people import make_forum, said

pytestmark = pytest.mark.django_db
AUTUMN = Period(date(2026, 7, 1), date(2026, 11, 30))
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31))
SUMMER, LATER = date(2026, 7, 1), FRIDAY + 2 * DAY


def summer(agency: Agency, good: int, bad: int) -> None:
    version = aftercase.newest_version()
    assert version is not None
    early = FRIDAY - 60 * DAY
    row = aftercase.round_of(agency, SUMMER, version, early)
    for step, solved, count in ((4, "yes", good), (1, "no", bad)):
        answer = {"satisfaction": step, "solved": solved, "ended": "auto_closed"}
        assert store_many(row, [Given(answer)] * count, Channel.LINK, now=early)


def make_scene() -> dict[str, Any]:
    """Of PUPR: inputs, a kept promise, a recommendation, rounds, answers; of DLH a promise and a round of few."""
    factories.make_city()
    load_surveys()
    pupr, dlh = make_agency("PUPR"), make_agency("DLH")
    officer = make_user(Role.OFFICER, pupr)
    forum = make_forum(pupr)
    for n in range(4):
        row = said(forum, f"Loket tutup {n}.", key=f"k{n}", agency=pupr)
        about = about_input(row.pk, actor=officer)
        if n == 0:
            answering.become_case(about, NewCase("Loket tutup awal"), actor=officer, now=FRIDAY)
        elif n == 1:
            answering.decline(
                about, actor=officer, now=FRIDAY, reason=DeclineReason.MONEY, words="Tahun depan"
            )
    kept(promised(days=30))
    make(promise(5, agency=dlh, owner=head("DLH")), actor=head("DLH"), now=FRIDAY)
    issue(advice(), actor=supervisor(), now=FRIDAY)
    rounds = {"opens_on": date(2026, 11, 1), "closes_on": date(2026, 11, 10)}
    make_round(some_answers(40), agency=pupr, population=100, **rounds)
    make_round(some_answers(9), agency=dlh, **rounds)
    make_round(some_answers(40), agency=dlh, opens_on=date(2026, 11, 1), closes_on=date(2026, 12, 1))
    refresh_results(LATER)
    summer(pupr, good=4, bad=16)
    for each in AfterCaseRound.objects.filter(quarter=SUMMER):
        close_round(each.round_id, actor=None, now=FRIDAY)
    case = factories.in_progress(agency=pupr)
    found: dict[str, Any] = {"complaint": case, "quarter": date(2026, 10, 1), "at": FRIDAY, "agency": pupr}
    for is_sign in (True, False, False):
        SignalLook.objects.create(signal=Signal.PASSED_AROUND, is_sign=is_sign, **found)
    return {"pupr": pupr, "handler": case.handler, "whole": freeze(AUTUMN, None, actor=None, now=LATER)}


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> dict[str, Any]:
    return module_rows.make(make_scene)


@pytest.fixture
def scene(made: dict[str, Any], db: None) -> dict[str, Any]:
    return deepcopy(made)


@pytest.fixture
def figures(scene: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = scene["whole"].figures
    return found


def test_what_became_of_each_input(figures: dict[str, Any]) -> None:
    (inputs,) = figures["forum_inputs"]
    assert (inputs["count"], inputs["case"], inputs["declined"], inputs["waiting"]) == (4, 1, 1, 2)
    assert figures["forum_inputs_declined"] == [{"reason": "money", "count": 1}]
    assert figures["forum_inputs_became"] == [{"state": "case", "became": "open", "count": 1}]


def test_what_was_merged_is_as_far_as_what_it_follows(scene: dict[str, Any]) -> None:
    case, main = ForumInput.objects.get(state="case").complaint, factories.file_complaint(LATER)
    assert case is not None
    merge(case.pk, actor=make_user(Role.VERIFIER), now=LATER, into=main.pk)
    for state in ("open", "ended"):
        figures = freeze(AUTUMN, None, actor=None, now=LATER).figures
        assert figures["forum_inputs_became"] == [{"state": "case", "became": state, "count": 1}]
        if state == "open":
            reject(main.pk, actor=make_user(Role.VERIFIER), now=LATER, reason=make_reason(), words="Kosong.")


@pytest.mark.parametrize("until", [date(2026, 12, 1), date(2026, 12, 31)])
def test_a_round_belongs_to_the_days_in_which_its_last_slip_is_typed(
    scene: dict[str, Any], until: date
) -> None:
    """It was in no report where that was the first of them."""
    days = {"opens_on": date(2026, 11, 1), "closes_on": date(2026, 11, 30), "enter_until": until}
    row = make_round(some_answers(12), agency=scene["pupr"], **days)
    refresh_results(LATER)
    for period, is_in in ((AUTUMN, False), (DECEMBER, True)):
        figures = freeze(period, None, actor=None, now=LATER).figures
        assert (row.code in {each["round"] for each in figures["satisfaction"]}) is is_in


def test_promises_and_recommendations(figures: dict[str, Any]) -> None:
    made, _due = figures["promises"]
    assert (made["count"], made["kept_in_time"], made["not_due"]) == (2, 1, 1)
    (effect,) = figures["promises_kept"]
    assert (effect["agency"], effect["reports_before"], effect["effect"]) == ("PUPR", None, "")  # too early
    issued, _due = figures["recommendations"]
    assert (issued["count"], issued["not_due"]) == (1, 1)
    assert figures["recommendations_by_type"] == [{"maladministration": "no_service", "count": 1}]


def test_signs_and_of_how_many(figures: dict[str, Any]) -> None:
    (row,) = figures["signals"]
    assert (row["signal"], row["signs"], row["of"], row["cases"]) == ("passed_around", 1, 3, 1)


def test_satisfaction_of_the_rounds_that_ended_and_nothing_of_nine(figures: dict[str, Any]) -> None:
    rounds = {row["agency"]: row for row in figures["satisfaction"]}
    assert set(rounds) == {"PUPR", "DLH"}
    assert rounds["PUPR"]["respondents"] == 40 and rounds["PUPR"]["asked_for"] == 80
    assert rounds["DLH"]["index"] is None
    assert figures["satisfaction_index"] == rounds["PUPR"]["index"]
    assert {row["round"] for row in figures["satisfaction_by_element"]} == {rounds["PUPR"]["round"], ""}


def test_the_citys_word_and_the_citizens(figures: dict[str, Any]) -> None:
    rows = {row["by"]: row for row in figures["after_case"]}
    assert (rows["ending"]["code"], rows["ending"]["solved_share"]) == ("auto_closed", 20)
    assert (rows["unit"]["code"], rows["unit"]["answers"]) == ("PUPR", 20)
    assert rows["whole"]["solved_no"] == 16


def test_answers_are_in_the_report_of_the_days_on_which_the_last_of_them_could_come(scene: Any) -> None:
    """The report of the quarter itself is counted while its citizens still answer; no report would have them."""
    quarters = Period(SUMMER, date(2026, 9, 30)), Period(date(2026, 10, 1), date(2026, 12, 31))
    found = [freeze(each, None, actor=None, now=LATER).figures["after_case"] for each in quarters]
    assert [{row["quarter"] for row in rows} for rows in found] == [set(), {"2026-07-01"}]


def test_who_handles_what_is_in_no_public_data(scene: dict[str, Any]) -> None:
    whole: Snapshot = scene["whole"]
    (row,) = whole.figures["by_handler"]
    name = scene["handler"].name
    assert whole.data["labels"]["handler"][row["handler"]]["id"] == name
    public = Snapshot(whole.public_data())
    assert row["handler"] in whole.content.decode() and row["handler"] not in public.content.decode()
    assert name not in public.content.decode() and "by_handler" not in public.content.decode()


def test_an_agency_has_its_own_and_a_verifier_is_told_what_is_left_out(scene: dict[str, Any]) -> None:
    own = freeze(AUTUMN, scene["pupr"], actor=make_user(Role.AGENCY_HEAD, scene["pupr"]), now=LATER).figures
    assert (own["forum_inputs"][0]["count"], own["promises"][0]["count"]) == (4, 1)
    assert [row["agency"] for row in own["satisfaction"]] == ["PUPR"]
    assert {row["by"] for row in own["after_case"]} == {"unit"}
    assert own["recommendations"][0]["count"] == 1
    theirs = freeze(AUTUMN, None, actor=make_user(Role.VERIFIER), now=LATER)
    assert theirs.data["scope"]["without"] == ["recommendations", "inputs"]
    assert theirs.figures["forum_inputs"][0]["count"] == 0 and theirs.figures["promises"][0]["count"] == 2


def test_it_is_kept_compressed_and_read_back_to_the_same_bytes(scene: dict[str, Any]) -> None:
    whole: Snapshot = scene["whole"]
    packed = pack(whole)
    assert packed == pack(unpack([packed])) and unpack([packed]).digest == whole.digest
    assert len(packed) < len(whole.content) / 3
    earlier = gzip.compress(whole.content)
    assert unpack([earlier]).digest == unpack([earlier[:99], earlier[99:]]).digest == whole.digest
    for good in (packed, earlier):
        for broken in ([good[:-9]], [good + b"x"], [good, b"x"], [good, b""], [], [good[:50], good[60:]]):
            with pytest.raises(ValueError, match="packed"):
                unpack(broken)
    with pytest.raises(ValueError, match="packed"):
        unpack([whole.content])


def test_the_policy_of_the_period_is_kept(scene: dict[str, Any]) -> None:
    policies = scene["whole"].data["policies"]
    levels = {row["kind"]: row["targets"]["resolution"] for row in policies["service_levels"]}
    assert levels["complaint"][1] == "working_days"
    assert policies["calendars"][0]["agency"] == "" and policies["calendars"][0]["revision"] >= 1


def test_a_person_who_left_keeps_their_name_in_what_was_frozen(scene: dict[str, Any]) -> None:
    before = scene["whole"].digest
    User.objects.filter(pk=scene["handler"].pk).update(name="Orang lain")
    assert unpack([pack(scene["whole"])]).digest == before
