"""One answer a token, kept by the database; a round takes answers while it is open and no longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from complaints.services.change import NotAllowed, NotPossible
from surveys.rounds import services
from surveys.rounds.models import Channel, Response, ResponseWords, Round, RoundState, Token
from surveys.rounds.sealing import count_round
from surveys.rounds.storing import Given, Stored, store, store_many
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.shared import PATIENCE
from tests.surveys.rounds.people import TODAY, answer, head, made, opened, steps

pytestmark = pytest.mark.django_db


def test_the_sample_asked_for_is_worked_out_unless_it_is_set() -> None:
    row = made(population=500)
    assert (row.target, row.target_is_own) == (217, False)
    row = made(population=500, target=300)
    assert (row.target, row.target_is_own) == (300, True)
    assert made(population=None).target is None


def test_the_same_token_again_stores_nothing_more() -> None:
    row = opened()
    assert answer(row, digest="a" * 64) is Stored.NEW
    assert answer(row, digest="a" * 64, answers=steps(1)) is Stored.AGAIN
    assert Response.objects.get().answers == steps(3)
    assert Token.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_many_at_once_is_one_answer() -> None:
    row, barrier = opened(), Barrier(6)

    def send(_: int) -> Stored:
        try:
            barrier.wait(timeout=PATIENCE)
            return answer(row, digest="b" * 64)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(send, range(6)))
    assert sorted(each.value for each in found) == ["again"] * 5 + ["new"]
    assert Response.objects.count() == Token.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_comes_in_while_a_round_closes_is_counted_or_refused() -> None:
    row, barrier = opened(), Barrier(5)

    def send(n: int) -> Stored:
        try:
            barrier.wait(timeout=PATIENCE)
            if n == 0:
                services.close_round(row.pk, actor=None, now=FRIDAY)
                return Stored.OVER
            return answer(row, digest=f"{n}" * 64)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(send, range(5)))
    row.refresh_from_db()
    assert count_round(row) == (found.count(Stored.NEW), row.digest)


def test_a_personal_code_is_used_once_and_another_is_unknown() -> None:
    row = opened()
    Token.objects.create(round=row, digest="c" * 64, is_personal=True)
    given = Given(steps())

    def send(digest: str) -> Stored:
        return store(row, given, Channel.LINK, now=FRIDAY, digest=digest, is_personal=True)

    assert send("c" * 64) is Stored.NEW
    assert send("c" * 64) is Stored.AGAIN
    assert send("d" * 64) is Stored.UNKNOWN
    assert Response.objects.count() == 1


def test_nothing_is_taken_before_after_or_beside_the_days_of_a_round() -> None:
    row = made(opens_on=TODAY + timedelta(days=1), enter_until=TODAY + timedelta(days=25))
    assert answer(row) is Stored.OVER  # in preparation
    services.open_round(row.pk, actor=head(), now=FRIDAY)
    row.refresh_from_db()
    assert row.opens_on == TODAY  # opened by hand, so from today
    assert answer(row) is Stored.NEW
    late = FRIDAY + 23 * DAY
    assert answer(row, late) is Stored.OVER
    assert answer(row, late, channel=Channel.PAPER, slip="1") is Stored.NEW  # lay in a drawer
    assert answer(row, late + 5 * DAY, channel=Channel.PAPER, slip="2") is Stored.OVER


def test_a_slip_is_typed_once() -> None:
    row = opened()
    assert answer(row, channel=Channel.PAPER, slip="17") is Stored.NEW
    assert answer(row, channel=Channel.PAPER, slip="17") is Stored.SLIP_TAKEN
    assert answer(opened(agency=factories.make_agency("DINKES")), slip="17") is Stored.NEW


def test_many_are_stored_whole_or_not_at_all() -> None:
    row = opened()
    many = [Given(steps(n % 4 + 1), words={"why": "Ramah"} if n == 3 else {}) for n in range(120)]
    assert store_many(row, many, Channel.IMPORT, now=FRIDAY, digests=[f"{n:064}" for n in range(120)])
    assert Response.objects.count() == Token.objects.count() == 120
    assert ResponseWords.objects.get().words == {"why": "Ramah"}
    with pytest.raises(DatabaseError), transaction.atomic():
        store_many(row, many[:2], Channel.IMPORT, now=FRIDAY, digests=["x", f"{7:064}"])
    assert Response.objects.count() == 120


def test_an_answer_is_never_changed_and_never_deleted_and_a_round_never_goes() -> None:
    row = opened()
    answer(row, words={"why": "x"})
    for act in (
        lambda: Response.objects.update(answers=steps(4)),
        lambda: Response.objects.update(flags=["fast"]),
        lambda: Response.objects.all()._raw_delete("default"),
        lambda: Token.objects.all()._raw_delete("default"),
        lambda: Round.objects.filter(pk=made().pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Response.objects.get().answers == steps(3)


def test_a_round_goes_its_way_and_not_back() -> None:
    row = opened()
    with pytest.raises(NotPossible):
        services.open_round(row.pk, actor=head(), now=FRIDAY)
    longer = services.prolong_round(row.pk, actor=head(), now=FRIDAY, closes_on=TODAY + timedelta(days=40))
    assert longer.closes_on == TODAY + timedelta(days=40)
    services.close_round(row.pk, actor=head(), now=FRIDAY)
    for act in (services.close_round, services.open_round):
        with pytest.raises(NotPossible):
            act(row.pk, actor=head(), now=FRIDAY)
    with pytest.raises(NotPossible):
        services.annul_round(row.pk, actor=head(), now=FRIDAY, reason=" ")
    gone = services.annul_round(row.pk, actor=head(), now=FRIDAY, reason="Petugas mengisi sendiri.")
    assert gone.state == RoundState.ANNULLED and gone.annulled_because
    assert Round.objects.public().filter(pk=row.pk).exists()


def test_rounds_are_run_by_those_of_the_unit_and_those_above_it() -> None:
    row = made()
    with pytest.raises(Round.DoesNotExist):
        services.open_round(row.pk, actor=head("DINKES"), now=FRIDAY)
    with pytest.raises(NotAllowed):
        services.open_round(row.pk, actor=factories.make_user("supervisor"), now=FRIDAY)
    with pytest.raises(NotAllowed):
        services.make_round(
            services.NewRound(row.version, factories.make_agency("DINKES"), TODAY, TODAY),
            actor=head(),
            now=FRIDAY,
        )
    assert services.open_round(row.pk, actor=factories.make_user("officer"), now=FRIDAY).state == "open"


def test_rounds_open_and_close_by_their_days() -> None:
    row = made(opens_on=TODAY + timedelta(days=2), closes_on=TODAY + timedelta(days=5))
    waits = made(opens_on=TODAY, closes_on=TODAY + timedelta(days=5), opens_itself=False)
    assert services.go_by_day(FRIDAY) == 0
    assert services.go_by_day(FRIDAY + 2 * DAY) == 1
    assert services.go_by_day(FRIDAY + 5 * DAY) == 0
    assert services.go_by_day(FRIDAY + 6 * DAY) == 1
    row.refresh_from_db()
    waits.refresh_from_db()
    assert (row.state, waits.state) == ("closed", "draft")
