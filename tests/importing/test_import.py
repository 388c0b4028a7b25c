"""Taking a file over: what becomes a case, what is reported, what a second run does."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import translation

from accounts.models import Agency, User
from accounts.roles import Role
from complaints.history.timeline import timeline_for
from complaints.importing import running, storing
from complaints.importing.lines import BrokenFile
from complaints.importing.running import import_file
from complaints.integrity import check_integrity
from complaints.ledger.settings import record_settings
from complaints.ledger.verify import verify_ledger
from complaints.models import Area, Category, Clock, Complaint, Event, EventKind, Message, Stopped
from complaints.permissions import Act
from complaints.services import system
from complaints.services.change import Change, changing
from complaints.states import OPEN, State
from tests.factories import DAY, FRIDAY, make_agency, make_city, make_user
from tests.importing.files import GOOD, HEADINGS, MAPPING, mapping, write
from tests.importing.files import OPEN as STILL_OPEN

pytestmark = pytest.mark.django_db


def take(path, **options):
    with translation.override("en"):
        return import_file(path, options.pop("mapping", None) or mapping(), **({"now": FRIDAY} | options))


def promised(result):
    """The members that others' scripts rely on."""
    return {name: result.as_json()[name] for name in ("read", "created", "duplicates", "rejected")}


def reasons(result):
    return dict(result.rejected)


def test_a_row_becomes_a_case_with_the_times_of_its_history(tmp_path):
    result = take(write(tmp_path, GOOD, STILL_OPEN))
    assert promised(result) == {"read": 2, "created": 2, "duplicates": 0, "rejected": []}
    case = Complaint.objects.get(source="old_desk", source_id="1")
    assert (case.state, case.channel, case.subject, case.location) == ("closed", "phone", "Road", "Oesapa")
    assert case.received_at.isoformat() == "2026-01-05T00:00:00+00:00"  # 08:00 in Kupang
    assert (case.ended_at - case.received_at).days == 5
    assert (case.target_at - case.received_at).days == 15
    assert case.number.startswith("KPG-2026-")
    assert not case.is_live
    assert case.next_action_at is None


def test_its_one_event_is_chained_and_holds_the_words(tmp_path):
    take(write(tmp_path, GOOD))
    event = Event.objects.get()
    assert event.kind == EventKind.IMPORTED
    assert event.data["source"] == "old_desk"
    assert event.data["id"] == "1"
    assert event.data["state_there"] == "done"
    assert event.at == event.complaint.received_at
    assert event.content.words == {"subject": "Road", "description": "Deep hole", "location": "Oesapa"}
    assert event.complaint.last_event_hash == event.hash == event.compute_hash(event.complaint.number)
    assert event.complaint.version == 1


def test_nothing_is_mailed(tmp_path):
    take(write(tmp_path, GOOD, STILL_OPEN))
    assert not Message.objects.exists()


def test_agencies_and_categories_are_made_but_not_offered(tmp_path):
    take(write(tmp_path, GOOD, STILL_OPEN))
    agency = Agency.objects.get()
    assert (agency.code, agency.name, agency.is_active) == ("old_desk-works", "Works", False)
    assert set(Category.objects.values_list("code", "is_active")) == {
        ("old_desk-roads", False),
        ("old_desk-lamps", False),
    }


def test_names_that_do_not_fit_a_code_stay_apart(tmp_path):
    long = "Directorate of everything that concerns the roads and bridges, "
    take(write(tmp_path, *(GOOD.replace("1,", f"{n},", 1).replace("Works", f'"{long}{n}"') for n in (7, 8))))
    take(write(tmp_path, GOOD.replace("1,", "9,", 1).replace("Works", "道路局")))
    assert Agency.objects.count() == 3
    assert all(len(agency.code) <= 40 for agency in Agency.objects.all())


def test_an_area_of_ours_is_recognised_and_another_stays_words(tmp_path):
    ward = Area.objects.create(code="53.71.01.1001", level=Area.Level.WARD, name="Oesapa")
    take(write(tmp_path, GOOD, GOOD.replace("1,", "3,", 1).replace("Oesapa", "Dorchester")))
    assert Complaint.objects.get(source_id="1").area == ward
    assert Complaint.objects.get(source_id="3").area is None
    assert Complaint.objects.get(source_id="3").location == "Dorchester"


def test_the_citys_own_agency_is_used_when_the_mapping_says_so(tmp_path):
    own = Agency.objects.create(code="PUPR", name="Works", short_name="PUPR")
    take(write(tmp_path, GOOD), mapping=mapping(lookup={"agency": "city"}))
    assert Complaint.objects.get().agency == own
    assert Agency.objects.count() == 1


def test_the_same_file_again_creates_nothing(tmp_path):
    path = write(tmp_path, GOOD, STILL_OPEN)
    take(path)
    again = take(path)
    assert (again.read, again.created, again.duplicates) == (2, 0, 2)
    assert Event.objects.count() == 2


def test_a_row_repeated_within_the_file_makes_one_case(tmp_path):
    result = take(write(tmp_path, GOOD, GOOD))
    assert (result.created, result.duplicates) == (1, 1)


def test_the_same_number_from_another_source_is_another_case(tmp_path):
    path = write(tmp_path, GOOD)
    take(path)
    assert take(path, mapping=mapping(source="older_desk")).created == 1


def test_a_dry_run_gives_the_same_counts_and_writes_nothing(tmp_path):
    path = write(tmp_path, GOOD, GOOD, STILL_OPEN, "bad")
    counted = take(path, dry_run=True).as_json()
    assert not Complaint.objects.exists()
    assert not Agency.objects.exists()
    assert counted == take(path).as_json()


BAD_ROWS = {
    ",2026-01-05,,,t,d,,,,call,done": "no number",
    "x" * 81 + ",2026-01-05,,,t,d,,,,call,done": "longer",
    "5,,,,t,d,,,,call,done": "no date",
    "5,5th of May,,,t,d,,,,call,done": "5th of May",
    "5,2027-01-05,,,t,d,,,,call,done": "future",
    "5,2026-01-05,,,t,d,,,,call,lost": "lost",
    "5,2026-01-05,,,,,,,,call,done": "neither",
    "5,2026-01-05,,,t,d,,,,call": "10 columns instead of 11",
    '5,2026-01-05,,,"t"x,d,,,,call,done': "CSV",
    "5,2026-01-05,,,t," + "d" * 100_001 + ",,,,call,done": "description",
    "5,2026-01-05,,,t,d," + "W" * 201 + ",,,call,done": "agency",
}


@pytest.mark.parametrize(("row", "why"), BAD_ROWS.items(), ids=BAD_ROWS.values())
def test_a_bad_row_is_reported_by_line_and_reason_and_the_rest_goes_on(tmp_path, row, why):
    result = take(write(tmp_path, GOOD, row, STILL_OPEN))
    assert result.created == 2
    assert [line for line, _reason in result.rejected] == [3]
    assert why in reasons(result)[3]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    several = GOOD.replace("Deep hole", '"Deep\nhole\nhere"')
    result = take(write(tmp_path, several, "bad", ",".join("x" * 11)))
    assert [line for line, _reason in result.rejected] == [5, 6]


def test_bytes_that_are_not_of_the_encoding_spoil_only_their_row(tmp_path):
    path = write(tmp_path, GOOD)
    path.write_bytes(
        path.read_bytes() + GOOD.replace("1,", "2,", 1).replace("Road", "Stra\xdfe").encode("latin-1")
    )
    result = take(path, mapping=mapping(encoding="utf-8"))
    assert result.created == 1
    assert "utf-8" in reasons(result)[3]


def test_a_few_foreign_bytes_among_utf8_spoil_only_their_row_without_being_told_either(tmp_path):
    path = write(tmp_path, GOOD.replace("Road", "Jalan “Éltari”"))
    path.write_bytes(
        path.read_bytes() + GOOD.replace("1,", "2,", 1).replace("Road", "Stra\xdfe").encode("latin-1")
    )
    assert reasons(take(path)).keys() == {3}


def test_a_target_before_the_opening_is_kept(tmp_path):
    take(write(tmp_path, GOOD.replace("2026-01-20", "2026-01-04")))
    case = Complaint.objects.get()
    assert case.target_at < case.received_at


def test_a_long_subject_is_cut_and_the_description_kept(tmp_path):
    take(write(tmp_path, GOOD.replace("Road,", "r" * 200 + ",").replace("Deep hole", "d" * 5000)))
    case = Complaint.objects.get()
    assert len(case.subject) == 150
    assert case.subject.endswith("…")
    assert len(case.description) == 5000


def test_a_missing_subject_is_borrowed_from_the_description(tmp_path):
    take(write(tmp_path, GOOD.replace("Road,", ",")))
    assert Complaint.objects.get().subject == "Deep hole"


def test_an_open_case_without_agency_waits_for_verification(tmp_path):
    take(write(tmp_path, STILL_OPEN.replace("Works", "")))
    assert Complaint.objects.get().state == State.SUBMITTED


def test_rows_the_mapping_refuses_are_told_with_its_reason(tmp_path):
    rules = [{"column": "topic", "words": ["lamps"], "reason": "belongs to the power company"}]
    result = take(write(tmp_path, GOOD, STILL_OPEN), mapping=mapping(reject=rules))
    assert reasons(result) == {3: "belongs to the power company"}


def test_a_byte_order_mark_and_gzip_without_its_ending_are_understood(tmp_path):
    path = tmp_path / "export"
    path.write_bytes(gzip.compress(f"\ufeff{HEADINGS}\r\n{GOOD}\r\n".encode()))
    assert take(path).created == 1


@pytest.mark.parametrize("spoil", ["half", "columns", "quote", "empty", "missing", "folder"])
def test_a_broken_file_writes_nothing(tmp_path, spoil):
    path = write(tmp_path, GOOD, STILL_OPEN)
    if spoil == "half":
        rows = "\n".join(GOOD.replace("1,", f"{n},", 1).replace("Deep", f"{n * 7919}") for n in range(5000))
        packed = gzip.compress(f"{HEADINGS}\n{rows}".encode())
        path.write_bytes(packed[: len(packed) * 3 // 4])
    elif spoil == "columns":
        write(tmp_path, GOOD, headings=HEADINGS.replace("opened", "begun"))
    elif spoil == "quote":
        write(tmp_path, GOOD, STILL_OPEN.replace("Dark", '"Dark'))
    elif spoil == "empty":
        path.write_bytes(b"")
    elif spoil == "missing":
        path.unlink()
    else:
        path = tmp_path
    with pytest.raises(BrokenFile):
        take(path)
    assert not Complaint.objects.exists()


def test_a_run_that_died_half_way_is_completed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    path = write(tmp_path, *(GOOD.replace("1,", f"{n},", 1) for n in range(5)))
    with monkeypatch.context() as dying:
        write_batch, calls = storing.Store._write, []

        def die(self, rows):
            write_batch(self, rows)
            calls.append(rows)
            if len(calls) == 2:
                raise KeyboardInterrupt  # inside the transaction of the second batch

        dying.setattr(storing.Store, "_write", die)
        with pytest.raises(KeyboardInterrupt):
            take(path)
    assert Complaint.objects.count() == 2
    result = take(path)
    assert (result.created, result.duplicates) == (3, 2)
    assert Event.objects.count() == 5


def test_a_row_the_database_refuses_does_not_take_its_batch_along(tmp_path, monkeypatch):
    write_batch = storing.Store._write

    def refuse(self, rows):
        write_batch(self, rows)
        if any(row.source_id == "3" for row in rows):
            raise IntegrityError  # after the agency of the whole batch was found or made

    monkeypatch.setattr(storing.Store, "_write", refuse)
    result = take(write(tmp_path, *(GOOD.replace("1,", f"{n},", 1) for n in range(1, 6))))
    assert result.created == 4
    assert list(reasons(result)) == [4]
    assert set(Complaint.objects.values_list("agency__name", flat=True)) == {"Works"}


def test_asked_to_escalate_open_cases_get_clocks_and_an_owner(tmp_path):
    make_city()
    make_agency("Works")
    rows = (GOOD, STILL_OPEN, STILL_OPEN.replace("2,", "4,", 1).replace("open", "asked"))
    take(write(tmp_path, *rows), escalate=True, mapping=mapping(lookup={"agency": "city"}))
    live = Complaint.objects.filter(is_live=True)
    assert set(live.values_list("source_id", flat=True)) == {"2", "4"}
    for case in live:
        assert case.next_action_at is not None
        assert case.next_level == 1
        assert case.agency is not None
    assert not check_integrity()["open_case_without_owner_or_due"]
    case = live.get(source_id="2")
    resolution = Clock.objects.get(complaint=case, stage="resolution")
    assert resolution.due_at == case.target_at
    assert case.target_at.isoformat() == "2026-01-21T00:00:00+00:00"
    assert Clock.objects.filter(complaint=live.get(source_id="4"), stage="citizen_answer").exists()


def test_asked_to_escalate_what_no_agency_of_ours_may_have_lies_with_the_verifiers(tmp_path):
    """Nobody signs in at an office that an import made; what waits there would be seen by nobody."""
    make_city()
    make_agency("Works")
    for role, agency in (
        (Role.OFFICER, make_agency("Works")),
        (Role.VERIFIER, None),
        (Role.SUPERVISOR, None),
    ):
        make_user(role, agency)
    values = MAPPING["values"] | {"kind": {"otherwise": "complaint", "graft": "oversight"}}
    values["state"] = values["state"] | {"answered": "resolved"}
    columns = MAPPING["columns"] | {"kind": "text"}
    ours = mapping(lookup={"agency": "city"}, columns=columns, values=values)
    elsewhere = STILL_OPEN.replace("Works", "Kantor X")
    rows = (
        STILL_OPEN,
        elsewhere.replace("2,", "3,", 1),
        elsewhere.replace("2,", "4,", 1).replace("open", "asked"),
        STILL_OPEN.replace("2,", "5,", 1).replace("Dark", "graft"),
        elsewhere.replace("2,", "6,", 1).replace("open", "answered"),
        STILL_OPEN.replace("2,", "7,", 1).replace("Works", "").replace("open", "answered"),
    )
    path = write(tmp_path, *rows)
    for dry_run in (True, False):
        told = take(path, escalate=True, mapping=ours, dry_run=dry_run).remarks
        assert [line for line, reason in told if "none of ours" in reason] == [3, 4, 5]
    found = Complaint.objects.order_by("source_id").values_list("state", "agency__code", "is_live")
    assert list(found) == [
        ("in_progress", "Works", True),
        ("submitted", None, True),
        ("awaiting_citizen", None, True),
        ("submitted", None, True),
        ("resolved", Complaint.objects.get(source_id="6").agency.code, False),
        ("resolved", None, False),
    ]
    assert not any(check_integrity().values())
    first = timeline_for(Complaint.objects.get(source_id="3"), User.objects.get(role=Role.VERIFIER))[0]
    assert "Kantor X" in str(first.title)


PROMISED = datetime(2026, 1, 21, tzinfo=UTC)


def taken_over(tmp_path) -> Complaint:
    """One of which the other system promised an answer by PROMISED, taken over two weeks before."""
    make_city()
    take(write(tmp_path, GOOD, STILL_OPEN), escalate=True, now=PROMISED - 14 * DAY)
    return Complaint.objects.get(source_id="2")


def promise_of(case: Complaint) -> Clock:
    return Clock.objects.get(complaint=case, stage="resolution", stopped_at=None)


def resolution(change: Change) -> Clock:
    return next(clock for clock in change.clockwork.clocks if clock.stage == "resolution")


def test_the_day_that_was_taken_over_survives_a_recomputation(tmp_path):
    case = taken_over(tmp_path)
    system.move_deadlines(case.pk, by=None, now=PROMISED - 10 * DAY, reason="Libur")
    clock = promise_of(case)
    assert (clock.due_at, clock.promised_at) == (PROMISED, PROMISED)
    assert verify_ledger().ok


def test_it_survives_a_correction_and_counts_what_is_granted_from_there(tmp_path):
    case = taken_over(tmp_path)
    now = PROMISED - 10 * DAY
    with changing(case.pk, None, Act.MOVE_DEADLINES, now=now) as change:
        change.clockwork.correct(change.case.policy | {"resolution": [2, "working_days"]}, now)
        assert resolution(change).due_at == PROMISED
        change.clockwork.extend(resolution(change), 2, now)
        change.event(EventKind.DEADLINES_MOVED)
    clock = promise_of(case)
    assert clock.promised_at == PROMISED
    assert clock.due_at is not None and clock.due_at.isoformat() == "2026-01-23T08:00:00+00:00"
    system.move_deadlines(case.pk, by=None, now=now, reason="Libur")
    assert promise_of(case).due_at == clock.due_at


def test_a_question_moves_it_by_the_office_time_that_stood_still(tmp_path):
    case = taken_over(tmp_path)
    asked = datetime(2026, 1, 12, 0, 0, tzinfo=UTC)  # Monday, 8:00 in Kupang
    with changing(case.pk, None, Act.MOVE_DEADLINES, now=asked) as change:
        change.clockwork.pause(asked)
        assert resolution(change).due_at is None
        change.clockwork.resume(asked + 2 * DAY, Stopped.DONE)
        change.event(EventKind.DEADLINES_MOVED)
    due = promise_of(case).due_at
    assert due is not None and due == PROMISED + 2 * DAY


def test_asked_to_escalate_without_policy_writes_nothing(tmp_path):
    with pytest.raises(LookupError):
        take(write(tmp_path, GOOD, STILL_OPEN), escalate=True)
    assert not Complaint.objects.exists()


def test_the_ledger_holds_after_an_import(tmp_path):
    take(write(tmp_path, GOOD, STILL_OPEN))
    assert verify_ledger().ok


class TestCommand:
    def map_file(self, tmp_path):
        path = tmp_path / "map.toml"
        path.write_text(
            'source = "s"\n[columns]\nid = "no"\nreceived_at = "opened"\nsubject = "title"\n'
            '[constants]\nstate = "closed"\n',
            encoding="utf-8",
        )
        return path

    def test_it_prints_exactly_the_promised_result(self, tmp_path, capsys):
        call_command(
            "import_complaints", write(tmp_path, GOOD, "bad"), mapping=self.map_file(tmp_path), json=True
        )
        out, err = capsys.readouterr()
        result = json.loads(out)
        assert {"read", "created", "duplicates", "rejected"} <= set(result)
        assert (result["read"], result["created"], result["duplicates"]) == (2, 1, 0)
        assert result["rejected"][0]["line"] == 3
        assert "2" in err

    def test_a_broken_file_ends_with_two(self, tmp_path):
        with pytest.raises(CommandError) as stopped:
            call_command("import_complaints", tmp_path / "no.csv", mapping=self.map_file(tmp_path))
        assert stopped.value.returncode == 2

    def test_where_not_one_row_can_be_taken_over_it_ends_with_one(self, tmp_path, capsys):
        with pytest.raises(CommandError) as stopped:
            call_command(
                "import_complaints", write(tmp_path, "bad"), mapping=self.map_file(tmp_path), json=True
            )
        assert stopped.value.returncode == 1
        assert json.loads(capsys.readouterr().out)["created"] == 0

    def test_a_broken_mapping_ends_with_two(self, tmp_path):
        with pytest.raises(CommandError) as stopped:
            call_command("import_complaints", write(tmp_path, GOOD), mapping=tmp_path / "no.toml")
        assert stopped.value.returncode == 2


def test_no_open_state_is_left_with_an_end(tmp_path):
    take(write(tmp_path, GOOD, STILL_OPEN))
    assert not Complaint.objects.filter(
        state__in=sorted(OPEN - {State.RESOLVED}), ended_at__isnull=False
    ).exists()


def test_what_somebody_else_put_in_is_not_put_on_record_by_an_import(tmp_path):
    make_city()
    record_settings(actor=None, now=FRIDAY)
    take(write(tmp_path, GOOD))
    assert verify_ledger().ok
    make_user(Role.SUPERVISOR)
    take(write(tmp_path, STILL_OPEN))
    assert verify_ledger().first_bad.why == "user_added"
