"""A question is asked once, computed slice by slice by whichever worker finds it, and given up in the end."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from complaints.services.change import NotAllowed, NotPossible
from config.worker import JOBS
from escalation.whatif import services as service
from escalation.whatif.collect import known_codes
from escalation.whatif.models import WhatIf, WhatIfState
from escalation.whatif.proposal import ProposalError, parse
from escalation.whatif.running import Question, answer
from escalation.whatif.services import MAX_ATTEMPTS, MOST_WAITING, Asked, ask, work_what_ifs
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR

pytestmark = pytest.mark.django_db

NOW = FRIDAY + 40 * DAY
PROPOSAL = {"targets": {"complaint": {"resolution": "2 working_days"}}}
# Two working days are over by then, fourteen are not.
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 5)


@pytest.fixture
def supervisor() -> User:
    factories.make_city()
    return factories.make_user(Role.SUPERVISOR)


def asked(**fields: object) -> Asked:
    values: dict[str, Any] = {"first": FIRST, "last": LAST, "agency": None, "proposal": PROPOSAL}
    return Asked(**(values | fields))


def work(now: datetime = NOW) -> None:
    while work_what_ifs(now):
        pass


def test_the_worker_computes_what_the_command_would(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SLICE", 2)
    for day in range(5):
        factories.in_progress(FRIDAY + day * DAY)
    row = ask(asked(), actor=supervisor, now=NOW)
    work_what_ifs(NOW)
    row.refresh_from_db()
    assert (row.seen, row.state, row.result) == (2, WhatIfState.WAITING, {})
    work()
    row.refresh_from_db()
    proposal = parse(PROPOSAL, known_codes())
    assert row.state == WhatIfState.READY
    assert row.result == answer(Question(FIRST, LAST, None, proposal, NOW))
    assert (row.result["cases"], row.result["newly_late"]["resolution"], row.sums) == (5, 5, {})


def test_the_worker_goes_round_it() -> None:
    assert work_what_ifs in [job.run for job in JOBS]


def test_a_worker_that_dies_loses_one_slice_and_doubles_none(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SLICE", 1)
    for day in range(3):
        factories.in_progress(FRIDAY + day * DAY)
    row = ask(asked(), actor=supervisor, now=NOW)
    work_what_ifs(NOW)
    # A second worker took the row and died: its lease stands, nothing was put away.
    WhatIf.objects.update(leased_until=NOW + HOUR, attempts=1)
    assert work_what_ifs(NOW) == 0
    work(NOW + HOUR)
    row.refresh_from_db()
    assert (row.state, row.result["cases"]) == (WhatIfState.READY, 3)


def test_what_cannot_be_computed_is_put_off_and_given_up_in_the_end(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*args: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(service, "_slice", fall)
    row, moment = ask(asked(), actor=supervisor, now=NOW), NOW
    for _ in range(MAX_ATTEMPTS):
        assert work_what_ifs(moment) == 0
        assert work_what_ifs(moment) == 0  # not again at once
        moment += DAY
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == (WhatIfState.FAILED, MAX_ATTEMPTS, "RuntimeError")


def test_one_that_kills_its_worker_is_given_up_too(supervisor: User) -> None:
    row = ask(asked(), actor=supervisor, now=NOW)
    WhatIf.objects.update(attempts=MAX_ATTEMPTS)
    work()
    row.refresh_from_db()
    assert row.state == WhatIfState.FAILED


def test_the_same_question_while_it_waits_is_the_same_row(supervisor: User) -> None:
    row = ask(asked(), actor=supervisor, now=NOW)
    assert ask(asked(), actor=supervisor, now=NOW + HOUR) == row
    assert ask(asked(last=LAST - DAY), actor=supervisor, now=NOW) != row


def test_nobody_keeps_the_worker_for_themselves(supervisor: User) -> None:
    for days in range(MOST_WAITING):
        ask(asked(last=LAST - days * DAY), actor=supervisor, now=NOW)
    with pytest.raises(NotPossible):
        ask(asked(first=FIRST + DAY), actor=supervisor, now=NOW)
    ask(asked(first=FIRST + DAY), actor=factories.make_user(Role.SUPERVISOR), now=NOW)


@pytest.mark.parametrize("role", [Role.CLERK, Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD])
def test_others_may_not_ask(supervisor: User, role: Role) -> None:
    with pytest.raises(NotAllowed):
        ask(asked(), actor=factories.make_user(role), now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"first": LAST, "last": FIRST},
        {"first": NOW.date() + timedelta(2), "last": NOW.date() + timedelta(9)},
        {"first": FIRST - timedelta(2000)},
    ],
)
def test_a_period_that_does_not_fit_is_refused(supervisor: User, fields: dict) -> None:
    with pytest.raises(NotPossible):
        ask(asked(**fields), actor=supervisor, now=NOW)


@pytest.mark.parametrize("proposal", [{}, {"title": "x"}, {"targets": {"moon": {}}}])
def test_a_proposal_that_says_nothing_or_is_not_understood_is_refused(
    supervisor: User, proposal: dict
) -> None:
    with pytest.raises(ProposalError):
        ask(asked(proposal=proposal), actor=supervisor, now=NOW)
    assert not WhatIf.objects.exists()


def test_a_period_that_is_not_over_ends_today(supervisor: User) -> None:
    row = ask(asked(last=NOW.date() + timedelta(30)), actor=supervisor, now=NOW)
    assert row.period_to == NOW.date()
