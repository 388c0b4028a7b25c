"""Statistics: kept-up counts equal the full scan, and what is public of them stands still."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.clock.kept_in_sql import kept
from complaints.models import Area, Clock, Complaint, ReportedParty
from complaints.models.complaint import Channel
from complaints.states import ACTIVE
from escalation.stays.counting import COLUMNS as STAYS_COUNTED
from escalation.stays.models import KeptStay
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.opendata.models import PublicEdition
from reports.statistics.blocks import Block, finished
from reports.statistics.counting import Trees, count
from reports.statistics.keeping import differs, keep_up
from reports.statistics.models import COUNTED, REASONS, RollUp, RollUpMonth, RollUpStay
from reports.statistics.publishing import publish_blocks
from reports.statistics.reading import figures_of, hours_with, seen_by
from tests import factories
from tests.clock.test_kept import made_up
from tests.module_rows import ModuleRows

NOVEMBER = Block(date(2026, 11, 1), "month")
LATER = factories.FRIDAY + timedelta(days=40)
SAME = (
    "received",
    "ended",
    "open",
    "met_target",
    "late",
    "not_yet_due",
    "met_target_extended",
    "late_extended",
)


@pytest.fixture(scope="module", autouse=True)
def _city(module_rows: ModuleRows) -> None:
    module_rows.make(cases)


def cases() -> None:
    factories.make_city()
    other = factories.make_agency("DLHK")
    for _n in range(3):
        factories.closed()
        factories.assigned(agency=other, channel=Channel.COUNTER)
    factories.resolved(factories.FRIDAY - timedelta(days=31))
    factories.awaiting()
    factories.file_complaint(kind="oversight")


def same(ours, theirs):
    assert {name: ours[name] for name in SAME} == {name: theirs[name] for name in SAME}
    assert {name: ours["excluded"][name] for name in REASONS} == theirs["excluded"]


def scopes_of(case: Complaint) -> set[tuple[str, str]]:
    """Where a case counts, said case by case."""
    above = set(line(case.parent.agency)) if case.parent else set()
    scopes = {("agency", code) for code in line(case.agency) if code not in above}
    if case.parent is None:
        scopes |= {("", ""), *(("area", code) for code in line(case.area))}
    return scopes


def line(row: Any) -> list[str]:
    return [row.code, *line(row.parent)] if row else []


def district_of(area: Area | None) -> str:
    return next((code for code in line(area) if code.startswith("D")), "")


def one_by_one(now: datetime) -> dict[tuple[str, ...], Counter[str]]:
    rows: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    cases = Complaint.objects.annotate(first=kept(now), extended=kept(now, extended=True))
    for case in cases.select_related("agency__parent", "area__parent", "parent__agency__parent", "category"):
        columns = {"received", "met_target" if case.first == "on_time" else case.first}
        columns |= {"ended"} if case.state not in ACTIVE else set()
        later = {"on_time": "met_target_extended", "late": "late_extended"}
        columns |= {later[case.extended]} if case.extended in later else set()
        is_of = {
            "": "",
            "agency": case.agency.code if case.agency else "",
            "category": case.category.code if case.category else "",
            "area": case.area.code if case.area else "",
            "district": district_of(case.area),
            "channel": case.channel,
            "kind": case.kind,
        }
        for scope in scopes_of(case):
            days = [("day", day_of(case.received_at).isoformat())] if scope == ("", "") else []
            for dimension, code in [*is_of.items(), *days]:
                rows[(*scope, dimension, code)].update(columns)
    return rows


@pytest.mark.django_db
def test_what_the_database_adds_up_is_what_is_counted_case_by_case():
    """Agencies below others, wards, shared cases whose parts are with the same office or another, all standings."""
    dice = Random(3)
    above, other = factories.make_agency("ATAS"), factories.make_agency("DLHK")
    below = factories.make_agency("BAWAH", parent=above)
    agencies = [None, above, below, other]
    district = Area.objects.create(code="D1", name="Distrik", level=Area.Level.DISTRICT)
    wards = [
        Area.objects.create(code=f"W{n}", name="Desa", level=Area.Level.WARD, parent=district)
        for n in range(2)
    ]
    keys = range(1_000_001, 1_000_301)  # past what the database gives the cases of the module
    rows = [made_up(dice, pk) for pk in keys]
    cases = [case for case, _clocks in rows]
    for n, case in enumerate(cases):
        case.agency = dice.choice(agencies[case.state not in ("submitted", "rejected") :])
        case.area = dice.choice([None, district, *wards])
        case.category = dice.choice([None, factories.make_category("jalan"), factories.make_category("air")])
        case.channel, case.kind = dice.choice(["web", "phone"]), dice.choice(["complaint", "aspiration"])
        case.received_at = factories.FRIDAY - timedelta(hours=dice.randrange(90))
        case.parent = dice.choice(cases[:40]) if n >= 40 and dice.random() < 0.2 else None
    Complaint.objects.bulk_create(cases)
    Clock.objects.bulk_create([clock for _case, clocks in rows for clock in clocks])
    counted = count(Complaint.objects.visible_to(None), factories.FRIDAY, Trees.read())
    ours = {
        key: {name: value for name, value in zip(COUNTED, row, strict=True) if value}
        for key, row in counted.items()
    }
    assert ours == {key: dict(row) for key, row in one_by_one(factories.FRIDAY).items()}


@pytest.mark.django_db
def test_the_kept_up_counts_are_those_of_the_report():
    now, user = LATER, factories.make_user(Role.VERIFIER)
    keep_up(now)
    for block in (NOVEMBER, Block(date(2026, 10, 1), "quarter")):
        (ours,) = figures_of([block])
        theirs = freeze(block.period, None, actor=None, now=now).figures
        same(ours, theirs)
        for table, key in (
            ("by_agency", "code"),
            ("by_channel", "channel"),
            ("by_kind", "kind"),
            ("by_area", "area"),
        ):
            name = table.removeprefix("by_")
            rows = {row[name]: row for row in ours[table]}
            assert rows.keys() == {row[key] for row in theirs[table]}
            for row in theirs[table]:
                same(rows[row[key]], row)
        names = ("agency", *STAYS_COUNTED)
        assert [{name: row[name] for name in names} for row in theirs["by_time_with"]] == [
            {name: row[name] for name in names} for row in ours["by_time_with"]
        ]
        known = {row["agency"]: row["hours_median"] for row in theirs["by_time_with"]}
        assert {code for code, hours in known.items() if hours is not None} == {"PUPR"}
        for scope, code in (("", ""), ("agency", "PUPR")):
            assert hours_with(ours, user, block, scope, code) == {"PUPR": pytest.approx(known["PUPR"])}
        assert hours_with(ours, user, block, "agency", "DLHK") == {}


@pytest.mark.django_db
def test_only_months_in_which_something_changed_are_counted_anew():
    now = LATER
    assert keep_up(now) == 3
    assert keep_up(now) == 0
    factories.assigned(now)
    assert keep_up(now) > 0
    assert figures_of([Block.of(now.date(), "month")])[0]["received"] == 1


@pytest.mark.django_db
def test_a_promise_that_passes_is_late_at_the_next_look():
    keep_up(factories.FRIDAY + timedelta(hours=1))
    before = figures_of([NOVEMBER])[0]
    while keep_up(LATER):
        pass
    assert figures_of([NOVEMBER])[0]["late"] > before["late"] == 0


@pytest.mark.django_db
def test_integrity_finds_a_count_that_is_not_that_of_the_full_scan():
    keep_up(LATER)
    assert not list(differs(LATER))
    kept = RollUp.objects.filter(month=NOVEMBER.first, scope="", dimension="")
    late = kept.get().late
    kept.update(late=99)
    assert list(differs(LATER)) == ["2026-11"]
    kept.update(late=late)
    RollUpStay.objects.filter(month=NOVEMBER.first, scope="").update(late=99)
    assert list(differs(LATER)) == ["2026-11"]


@pytest.mark.django_db
def test_each_month_is_counted_once_a_day_whatever_the_history_tells():
    keep_up(LATER)
    Complaint.objects.filter(received_at__gte=factories.FRIDAY).update(channel=Channel.LETTER)  # no event
    later = LATER + timedelta(days=1)
    while keep_up(later):
        pass
    assert set(RollUpMonth.objects.values_list("counted_at", flat=True)) == {later}
    assert [row["channel"] for row in figures_of([NOVEMBER])[0]["by_channel"]] == ["letter"]


@pytest.mark.django_db
def test_nobody_learns_from_a_sum_of_a_report_about_them():
    keep_up(LATER)
    user = factories.make_user(Role.VERIFIER)
    assert seen_by(user, [NOVEMBER], LATER) == []
    case = Complaint.objects.filter(state="closed")[0]
    ReportedParty.objects.create(complaint=case, user=user, named_by=user, named_at=LATER)
    counted = seen_by(user, [NOVEMBER], LATER)
    full, less = figures_of([NOVEMBER])[0], figures_of([NOVEMBER], counted=counted)[0]
    assert (full["received"] - less["received"], full["ended"] - less["ended"]) == (1, 1)
    assert times(full) - times(less) == 1
    KeptStay.objects.exclude(complaint=case).update(until_at=None)
    assert hours_with(full, factories.make_user(Role.VERIFIER), NOVEMBER, "", "")
    assert hours_with(less, user, NOVEMBER, "", "") == {}


def times(figures):
    return sum(row["stays"] for row in figures["by_time_with"])


@pytest.mark.django_db
def test_the_times_of_an_agency_that_moves_go_with_it_to_its_new_line():
    keep_up(LATER)
    above, below = Agency.objects.get(code="PUPR"), Agency.objects.get(code="DLHK")
    own = [times(figures_of([NOVEMBER], "agency", each.code)[0]) for each in (above, below)]
    Agency.objects.filter(pk=below.pk).update(parent=above)
    while keep_up(LATER + timedelta(days=1)):
        pass
    assert times(figures_of([NOVEMBER], "agency", "PUPR")[0]) == sum(own) > own[0] > 0
    assert not list(differs(LATER + timedelta(days=1)))


@pytest.mark.django_db
def test_what_is_over_is_published_once_and_stands_still():
    keep_up(LATER)
    assert (
        publish_blocks(factories.FRIDAY + timedelta(days=16), most=9) == 1
    )  # October; November is over for six days
    assert publish_blocks(LATER, most=9) == 1
    edition = PublicEdition.objects.get(code="statistics-2026-11")
    for case in Complaint.objects.filter(state="assigned"):
        factories.officer_of(case)
    factories.closed()
    keep_up(LATER)
    assert publish_blocks(LATER, most=9) == 0
    assert PublicEdition.objects.get(code="statistics-2026-11").tables == edition.tables
    shown = {value for _code, value in edition.tables["figures"]["rows"]}
    assert not shown & {1, 2, 3, 4}


def test_blocks_end_in_the_order_in_which_they_are_published():
    codes = [each.code for each in finished(date(2026, 2, 10), date(2026, 7, 1))]
    assert codes == ["2026-02", "2026-03", "2026-q1", "2026-04", "2026-05", "2026-06", "2026-q2"]
    assert [Block.read(code).code for code in codes] == codes
    assert Block.read("2026-q1").period == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert Block.read("2026").before.code == "2025"
