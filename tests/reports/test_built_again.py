"""The same period built again later: each difference is explained by the rows behind it, and nothing else changes."""

import gzip
import hashlib
import json
import random
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Citizen
from accounts.models import Agency
from accounts.roles import Role
from complaints.models import Area
from complaints.services import citizen, erasure, handling, verification
from complaints.services.verification import Routing
from reports.figures.compute import compute
from reports.figures.definitions import FIGURES, frozen_definitions
from reports.figures.differences import NotComparable, Why, differences
from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot, freeze, unpack
from reports.figures.tables import Tables, iso, make_frame
from reports.pages.differences import in_words, reason_in_words
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR, make_agency, make_user
from tests.reports import oracle
from tests.reports.packing import pack
from tests.reports.test_figures import BUILT, PERIOD, as_rows, made_up, made_up_clocks
from tests.reports.test_what_adds_up import often

pytestmark = pytest.mark.long

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DEFINITIONS = frozen_definitions()


def snapshot(cases, clocks, built_at):
    tables = Tables.of(as_rows(cases=cases, clocks=clocks))
    figures = compute(tables, PERIOD, built_at, settings.CITY.tz)
    return Snapshot(
        {
            "period": {"from": str(PERIOD.first), "to": str(PERIOD.last)},
            "scope": {"agency": "", "oversight": True, "without": []},
            "built_at": iso(built_at),
            "definitions": DEFINITIONS,
            "figures": figures,
            "labels": {},
            "tables": tables.as_json(),
        }
    )


def later(seed, cases, clocks):
    """Weeks on: some came late, some are gone, some went on, were corrected or handed over."""
    dice = random.Random(seed)
    new = [deepcopy(case) for case in cases if dice.random() > 0.1]
    for case in new:
        if dice.random() < 0.2:
            case["state"] = dice.choice(["closed", "merged", "rejected", "in_progress"])
            case["ended_at"] = None if case["state"] in oracle.ACTIVE else BUILT + timedelta(days=1)
        if dice.random() < 0.1:
            case["agency"], case["kind"] = (
                dice.choice(["PUPR", "DISHUB"]),
                dice.choice(["complaint", "aspiration"]),
            )
    known = {case["case"] for case in new}
    extra = [case | {"case": f"x{case['case']}"} for case in made_up(seed + 1, 9)]
    return new + extra, [clock for clock in clocks if clock["case"] in known]


def members(code, cases, clocks, built_at):
    """The cases behind a main figure, slowly."""
    stands = {"met_target": "on_time", "late": "late", "not_yet_due": "not_yet_due"}
    if code in stands:
        return {c["case"] for c in cases if oracle.stands(c, clocks, "promised_at", built_at) == stands[code]}
    over = {c["case"] for c in cases if c["state"] not in oracle.ACTIVE}
    everybody = {c["case"] for c in cases}
    return {"received": everybody, "ended": over, "open": everybody - over}[code]


@often(5)
@given(st.integers(0, 10**6), st.integers(0, 40))
def test_what_joined_and_what_left_is_the_difference_and_is_who_it_says(seed, count):
    cases = made_up(seed, count)
    clocks = made_up_clocks(seed, cases)
    new_cases, new_clocks = later(seed, cases, clocks)
    then = BUILT + timedelta(days=30)
    found = differences(snapshot(cases, clocks, BUILT), snapshot(new_cases, new_clocks, then))
    by_code = {each.code: each for each in found if not each.column}
    for each in found:
        if each.column or FIGURES[each.code].where is not None:
            joined = [case for reason in each.reasons for case in reason.joined]
            left = [case for reason in each.reasons for case in reason.left]
            assert each.new - each.old == len(set(joined)) - len(set(left))
            assert len(joined) == len(set(joined)) and not set(joined) & set(left)
        assert each.reasons
    for code in ("received", "ended", "open", "met_target", "late", "not_yet_due"):
        before, after = members(code, cases, clocks, BUILT), members(code, new_cases, new_clocks, then)
        if len(before) == len(after):
            continue
        said = by_code[code].reasons
        assert {case for reason in said for case in reason.joined} == after - before
        assert {case for reason in said for case in reason.left} == before - after
    with translation.override("en"):
        assert len(in_words(found, {"labels": {}})) == len(found)


def test_of_the_same_rows_on_the_same_day_nothing_differs():
    cases = made_up(3, 40)
    clocks = made_up_clocks(3, cases)
    assert differences(snapshot(cases, clocks, BUILT), snapshot(cases, clocks, BUILT)) == []


def test_where_nothing_happened_but_that_a_day_came_it_says_so():
    cases = made_up(3, 80)
    clocks = made_up_clocks(3, cases)
    found = differences(snapshot(cases, clocks, BUILT), snapshot(cases, clocks, BUILT + timedelta(days=40)))
    assert {each.code for each in found} >= {"late", "not_yet_due", "on_time_share"}
    assert {reason.why for each in found for reason in each.reasons} == {Why.TIME_PASSED}


def test_a_figure_of_another_definition_is_not_explained_by_rows():
    cases = made_up(3, 20)
    old, new = snapshot(cases, (), BUILT), snapshot(cases[1:], (), BUILT)
    old.data["definitions"] = DEFINITIONS | {"late": DEFINITIONS["late"] | {"version": 0}}
    whys = {each.code: {reason.why for reason in each.reasons} for each in differences(old, new)}
    assert whys["received"] == {Why.REMOVED}
    assert whys.get("late", {Why.RULE}) == {Why.RULE}


def test_a_case_that_is_late_no_more_since_it_was_corrected_says_so():
    (case,) = made_up(3, 1)
    open_late = {"state": "in_progress", "ended_at": None, "how": "", "kind": "complaint"}
    old = case | open_late | {"target_at": BUILT - timedelta(days=1)}
    new = old | {"kind": "aspiration", "target_at": BUILT + timedelta(days=9)}
    found = differences(snapshot([old], (), BUILT), snapshot([new], (), BUILT))
    assert whys(found, "late") == {(Why.CORRECTED, 0, 1)}
    assert whys(found, "not_yet_due") == {(Why.CORRECTED, 1, 0)}


def test_only_the_same_report_is_compared():
    cases = made_up(3, 20)
    one = snapshot(cases, (), BUILT)
    others = {
        "period": {"from": "2026-01-01", "to": "2026-01-31"},
        "scope": one.data["scope"] | {"agency": "PUPR"},
    }
    for part, value in others.items():
        with pytest.raises(NotComparable):
            differences(one, Snapshot(one.data | {part: value}))
    renamed = [case | {"case": f"other {case['case']}"} for case in cases]
    with pytest.raises(NotComparable, match="key of this server"):
        differences(one, snapshot(renamed, (), BUILT))


def test_every_reason_has_words_in_both_languages():
    for language in ("en", "id"):
        with translation.override(language):
            assert len({reason_in_words(why) for why in Why}) == len(Why)


# From the services


def whys(found, code, group="", column=""):
    (each,) = [each for each in found if (each.code, each.group, each.column) == (code, group, column)]
    return {(reason.why, len(reason.joined), len(reason.left)) for reason in each.reasons}


@pytest.mark.django_db
def test_late_merged_answered_corrected_and_handed_over_are_told_apart():
    pupr, dlh = make_agency("PUPR"), make_agency("DLH")
    verifier = make_user(Role.VERIFIER)
    main, again, wrong = (factories.file_complaint() for _ in range(3))
    done, moved = factories.in_progress(agency=pupr), factories.assigned(agency=pupr)
    old = freeze(NOVEMBER, None, actor=None, now=FRIDAY + HOUR)
    packed = pack(old)
    factories.file_complaint(FRIDAY - DAY)
    now = FRIDAY + 2 * HOUR
    verification.merge(again.pk, actor=verifier, now=now, into=main.pk)
    verification.assign(wrong.pk, actor=verifier, now=now, routing=Routing([dlh], kind="aspiration"))
    handling.resolve(done.pk, actor=done.handler, now=now, answer="Sudah diperbaiki.")
    handling.hand_back(moved.pk, actor=factories.officer_of(moved), now=now, why="Bukan kami")
    verification.assign(moved.pk, actor=verifier, now=now, routing=Routing([dlh]))
    new = freeze(NOVEMBER, None, actor=None, now=now)
    found = differences(old, new)
    assert whys(found, "received") == {(Why.REGISTERED_LATE, 1, 0)}
    assert whys(found, "ended") == {(Why.MERGED, 1, 0), (Why.ANSWERED, 1, 0)}
    assert whys(found, "by_agency", "DLH", "received") == {(Why.HANDED_OVER, 2, 0)}
    assert whys(found, "by_kind", "aspiration", "received") == {(Why.CORRECTED, 1, 0)}
    assert pack(old) == packed
    with translation.override("en"):
        said = in_words(found, new.data)
    assert "Received: 5, now 6. 1 joined: registered late (1)." in said
    assert "By agency, Dinas PUPR, Received: 2, now 1. 1 left: with another agency now (1)." in said


@pytest.mark.django_db
def test_erasing_a_person_changes_no_figure():
    case = factories.closed()
    now = FRIDAY + 3 * DAY
    old = freeze(NOVEMBER, None, actor=None, now=now)
    erasure.erase_person(case.pk, by=None, now=now, reason="Permintaan pelapor", everything=True)
    assert differences(old, freeze(NOVEMBER, None, actor=None, now=now)) == []


@pytest.mark.django_db
def test_in_an_agencys_report_a_case_went_away_or_came_here():
    pupr, dlh, verifier = make_agency("PUPR"), make_agency("DLH"), make_user(Role.VERIFIER)
    case = factories.assigned(agency=pupr)
    before = [freeze(NOVEMBER, agency, actor=None, now=FRIDAY) for agency in (pupr, dlh)]
    handling.hand_back(case.pk, actor=factories.officer_of(case), now=FRIDAY, why="Bukan kami")
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=Routing([dlh]))
    after = [freeze(NOVEMBER, agency, actor=None, now=FRIDAY + HOUR) for agency in (pupr, dlh)]
    assert whys(differences(before[0], after[0]), "received") == {(Why.WENT_AWAY, 0, 1)}
    assert whys(differences(before[1], after[1]), "received") == {(Why.CAME_HERE, 1, 0)}


@pytest.mark.django_db
def test_what_belongs_elsewhere_since_is_neither_corrected_nor_handed_over():
    """A unit is put under another agency, a ward under another district: nothing happened to their cases."""
    pupr, dlh = make_agency("PUPR"), make_agency("DLH")
    unit = make_agency("PUPR-1", parent=pupr)
    one, two = (Area.objects.create(code=code, level="district", name=code) for code in ("A", "B"))
    ward = Area.objects.create(code="A.1", level="ward", name="A.1", parent=one)
    factories.assigned(agency=unit, area=ward)
    factories.assigned(agency=pupr, area=ward)
    whole, own = None, dlh
    old = {each: freeze(NOVEMBER, each, actor=None, now=FRIDAY) for each in (whole, own)}
    Agency.objects.filter(pk=unit.pk).update(parent=dlh)
    Area.objects.filter(pk=ward.pk).update(parent=two)
    found = {each: differences(old[each], freeze(NOVEMBER, each, actor=None, now=FRIDAY)) for each in old}
    assert whys(found[whole], "by_district", "B", "received") == {(Why.REARRANGED, 2, 0)}
    assert whys(found[whole], "by_office", "PUPR", "received") == {(Why.REARRANGED, 0, 1)}
    assert whys(found[own], "received") == {(Why.REARRANGED, 1, 0)}


@pytest.mark.django_db
def test_a_withdrawn_case_and_the_command_says_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("reports.documents.by_hand.report_pdf", lambda *_args, **_options: b"%PDF-")
    case, _other = factories.file_complaint(), factories.file_complaint()
    kept = tmp_path / "first"
    kept.write_bytes(pack(freeze(NOVEMBER, None, actor=None, now=FRIDAY)))
    citizen.withdraw(case.pk, actor=Citizen(case.pk), now=FRIDAY + HOUR)
    options = {"first": NOVEMBER.first, "last": NOVEMBER.last, "out": tmp_path, "language": "en"}
    call_command("build_report", compare=kept, json=True, **options)
    said = json.loads(capsys.readouterr().out)["differences"]
    assert "Ended: 0, now 1. 1 joined: withdrawn since (1)." in said
    kept.write_bytes(gzip.compress(unpack([kept.read_bytes()]).content))  # as an earlier version packed it
    call_command("build_report", compare=kept, json=True, **options)
    assert json.loads(capsys.readouterr().out)["differences"] == said
    with pytest.raises(CommandError, match="cannot be compared"):
        call_command("build_report", compare=kept, agency=make_agency("PUPR").code, **options)
    kept.write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(CommandError, match="not a packed snapshot"):
        call_command("build_report", compare=kept, **options)


def test_what_is_spelled_in_parts_is_one_json(monkeypatch):
    monkeypatch.setattr("reports.figures.snapshot.PIECE", 2)
    tables = {
        name: {"columns": ["case", "at"], "rows": [["ü", None]] * count}
        for name, count in zip("bac", (0, 2, 5), strict=True)
    }
    data = {"tables": tables, "before": {}, "city": {"name": "Kupang"}, "figures": {"late": 1.5}}
    told = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    assert Snapshot(data).content == told
    assert Snapshot(data).digest == hashlib.sha256(told).hexdigest()


def test_moments_are_spelled_at_once_as_one_by_one():
    moments = [
        FRIDAY,
        None,
        FRIDAY + timedelta(microseconds=50),
        FRIDAY + timedelta(seconds=1, milliseconds=5),
    ]
    frame = make_frame([(moment,) for moment in moments], ["ended_at"])
    spelled = [row[0] for row in Tables({"cases": frame}).as_json()["cases"]["rows"]]
    assert spelled == [moment and iso(moment) for moment in moments]
