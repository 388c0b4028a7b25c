"""The same export a month later: what changed over there is brought up to date, what was worked on here is not."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from accounts.models import Agency
from accounts.roles import Role
from complaints.history.rows import ERASED
from complaints.importing.running import import_file
from complaints.integrity import check_integrity
from complaints.ledger.verify import verify_ledger
from complaints.models import Area, Category, Complaint, Event, EventContent
from complaints.search import search
from complaints.services import handling
from complaints.services.erasure import erase_person
from complaints.states import State
from tests.factories import DAY, FRIDAY, HOUR, make_agency, make_category, make_city, make_user
from tests.importing.files import GOOD, HEADINGS, OPEN, mapping, write

pytestmark = pytest.mark.django_db
ENDED = OPEN.replace("2026-01-21 08:00,,", "2026-01-21 08:00,2026-01-12 08:00,").replace("open", "done")
LATER = FRIDAY + 30 * DAY
ANSWER = mapping().columns | {"remark": ("via",)}


def take(path, **options):
    with translation.override("en"):
        return import_file(path, options.pop("mapping", None) or mapping(), **({"now": LATER} | options))


def test_a_case_that_ended_over_there_ends_here_and_its_history_says_so(tmp_path):
    take(write(tmp_path, GOOD, OPEN), now=FRIDAY)
    result = take(write(tmp_path, GOOD, ENDED))
    assert (result.created, result.duplicates, result.updated) == (0, 2, 1)
    case = Complaint.objects.get(source_id="2")
    assert (case.state, case.ended_at.isoformat()) == ("closed", "2026-01-12T00:00:00+00:00")
    last = Event.objects.filter(complaint=case).order_by("seq").last()
    assert (last.kind, last.at, last.data["state"]) == ("import_updated", LATER, "closed")
    assert verify_ledger().ok
    assert not any(check_integrity().values())


def test_a_third_time_nothing_is_left_to_change(tmp_path):
    take(write(tmp_path, OPEN), now=FRIDAY)
    take(write(tmp_path, ENDED))
    assert take(write(tmp_path, ENDED)).updated == 0
    assert Event.objects.count() == 2


def test_it_may_be_opened_anew_over_there(tmp_path):
    take(write(tmp_path, ENDED), now=FRIDAY)
    assert take(write(tmp_path, OPEN)).updated == 1
    case = Complaint.objects.get()
    assert (case.state, case.ended_at) == ("in_progress", None)
    assert verify_ledger().ok


def test_an_answer_is_added_once(tmp_path):
    columns = {name: list(headings) for name, headings in ANSWER.items() if name != "channel"}
    with_answer = mapping(columns=columns, constants={"channel": "phone"})
    take(write(tmp_path, GOOD.replace("call", "")), now=FRIDAY, mapping=with_answer)
    path = write(tmp_path, GOOD.replace("call", "The hole was filled"))
    assert take(path, mapping=with_answer).updated == 1
    assert Event.objects.get(kind="import_updated").content.words == {"text": "The hole was filled"}
    assert take(path, mapping=with_answer).updated == 0


def test_a_dry_run_counts_and_changes_nothing(tmp_path):
    take(write(tmp_path, OPEN), now=FRIDAY)
    assert take(write(tmp_path, ENDED), dry_run=True).updated == 1
    assert Complaint.objects.get().state == State.IN_PROGRESS
    assert Event.objects.count() == 1


def test_what_was_worked_on_here_is_left_as_it_is_and_said(tmp_path):
    make_city()
    take(write(tmp_path, OPEN.replace("open", "asked").replace("Works", "")), now=FRIDAY)
    case = Complaint.objects.get()
    handling.add_note(case.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, text="Known here")
    result = take(write(tmp_path, ENDED))
    assert (result.updated, Complaint.objects.get().state) == (0, State.AWAITING_CITIZEN)
    assert "worked on here" in dict(result.remarks)[2]


def test_a_live_case_goes_its_way_here(tmp_path):
    make_city()
    take(write(tmp_path, OPEN), now=FRIDAY, escalate=True)
    result = take(write(tmp_path, ENDED))
    assert (result.updated, Complaint.objects.get().state) == (0, State.SUBMITTED)
    assert result.remarks


def test_two_offices_whose_names_differ_in_signs_only_stay_two_and_are_found_again(tmp_path):
    rows = [
        GOOD.replace("1,", f"{n},", 1).replace("Works", name)
        for n, name in enumerate(("Puskesmas 1/2", "Puskesmas 12", "puskesmas 12"), 1)
    ]
    take(write(tmp_path, *rows), now=FRIDAY)
    names = dict(Complaint.objects.values_list("source_id", "agency__name"))
    assert names == {"1": "Puskesmas 1/2", "2": "Puskesmas 12", "3": "Puskesmas 12"}
    more = [row.replace(f"{n},", f"{n + 10},", 1) for n, row in enumerate(rows, 1)]
    take(write(tmp_path, *reversed(more)))
    assert set(Complaint.objects.values_list("agency__name", flat=True)) == {"Puskesmas 1/2", "Puskesmas 12"}
    assert Complaint.objects.get(source_id="11").agency == Complaint.objects.get(source_id="1").agency


def test_a_note_on_a_case_that_is_history_leaves_the_ledger_right(tmp_path):
    make_city()
    take(write(tmp_path, OPEN.replace("open", "asked").replace("Works", "")), now=FRIDAY)
    handling.add_note(Complaint.objects.get().pk, actor=make_user(Role.VERIFIER), now=FRIDAY, text="Known")
    assert verify_ledger(files=False).first_bad is None


def test_what_was_erased_here_is_not_brought_back(tmp_path):
    columns = {name: list(headings) for name, headings in ANSWER.items() if name != "channel"}
    with_answer = mapping(columns=columns, constants={"channel": "phone"})
    path = write(tmp_path, GOOD.replace("call", "Pak Ani was told"))
    take(path, now=FRIDAY, mapping=with_answer)
    erase_person(Complaint.objects.get().pk, by=None, now=FRIDAY + DAY, reason="Asked for")
    result = take(path, mapping=with_answer)
    assert (result.created, result.updated) == (0, 0)
    case = Complaint.objects.get()
    assert (case.subject, case.location) == (ERASED, "")
    words = str(list(EventContent.objects.values_list("words", flat=True)))
    assert "Deep hole" not in words and "Ani" not in words
    assert verify_ledger().ok and not any(check_integrity().values())


def test_another_office_and_a_day_that_was_not_known_are_taken_and_a_first_promise_stays(tmp_path):
    """By them alone, without a new state: the figures are counted by agency and target."""
    early = [GOOD.replace("2026-01-20 08:00", "").replace("Works", ""), OPEN]
    take(write(tmp_path, *early), now=FRIDAY)
    late = [GOOD, OPEN.replace("Works", "Lamps").replace("2026-01-21", "2026-02-21")]
    assert take(write(tmp_path, *late), dry_run=True).updated == 2
    assert not Agency.objects.filter(name="Lamps").exists()
    assert take(write(tmp_path, *late)).updated == 2
    found = Complaint.objects.order_by("source_id").values_list("agency__name", "target_at__day", "state")
    assert list(found) == [("Works", 20, "closed"), ("Lamps", 21, "in_progress")]
    assert Complaint.objects.get(source_id="2").target_at.month == 1
    again = take(write(tmp_path, *late))
    assert (again.updated, [line for line, _reason in again.remarks]) == (0, [3])
    assert "judged by the first" in again.remarks[0][1]
    assert verify_ledger(files=False).first_bad is None


def test_a_day_that_is_not_over_is_brought_up_to_date_once_it_is(tmp_path):
    row = GOOD.replace("2026-01-10 08:00", "2026-01-12")
    noon = datetime(2026, 1, 12, 4, tzinfo=UTC)
    take(write(tmp_path, row), now=noon)
    assert take(write(tmp_path, row), now=noon + HOUR).updated == 0
    assert take(write(tmp_path, row), now=noon + DAY).updated == 1
    assert Complaint.objects.get().ended_at == datetime(2026, 1, 12, 15, 59, 59, tzinfo=UTC)


def test_a_mapping_that_names_the_citys_agencies_from_now_on_brings_cases_there(tmp_path):
    path = write(tmp_path, GOOD, GOOD.replace("1,", "3,", 1).replace("Works", "Works!"))
    take(path, now=FRIDAY)
    ours = make_agency("PUPR", name="Works")
    result = take(path, mapping=mapping(lookup={"agency": "city"}))
    assert result.updated == 1
    assert Complaint.objects.get(source_id="1").agency == ours
    more = write(tmp_path, GOOD.replace("1,", "4,", 1).replace("Works", "works?"))
    take(more, mapping=mapping(lookup={"agency": "city"}))
    assert [*Complaint.objects.order_by("source_id").values_list("agency__name", flat=True)] == [
        "Works",
        "Works!",
        "works?",
    ]
    assert verify_ledger(files=False).first_bad is None


def test_category_place_and_words_are_those_of_the_later_export_and_on_record(tmp_path):
    ward = Area.objects.create(code="53.71.01.1", level="ward", name="Oesapa")
    columns = {name: list(headings) for name, headings in mapping().columns.items()}
    columns |= {"latitude": ["lat"], "longitude": ["lon"]}
    known = mapping(columns=columns, lookup={"area": "city"})
    headings = f"{HEADINGS},lat,lon"
    first, second = f"{GOOD},-10.16,123.6", f"{OPEN},,"
    take(write(tmp_path, first, second, headings=headings), now=FRIDAY, mapping=known)
    assert Complaint.objects.get(source_id="1").area == ward
    changed = first.replace("Road,Deep hole", "Road sank,Deeper hole").replace(
        "Roads,Oesapa", "Drains,Sikumana"
    )
    path = write(
        tmp_path, changed.replace("-10.16", "0.0"), f"{second}".replace("Lamps", ""), headings=headings
    )
    assert take(path, mapping=known, dry_run=True).updated == 1
    assert not Category.objects.filter(name_id="Drains").exists()
    assert take(path, mapping=known).updated == 1
    case = Complaint.objects.get(source_id="1")
    assert (case.subject, case.description, case.location) == ("Road sank", "Deeper hole", "Sikumana")
    assert (case.category.name_id, case.area, case.latitude, case.longitude) == ("Drains", None, 0.0, 123.6)
    assert (
        Complaint.objects.get(source_id="2").category.name_id == "Lamps"
    )  # an empty cell takes nothing away
    last = Event.objects.get(complaint=case, kind="import_updated")
    assert last.content.words["subject_before"] == "Road" and "Road sank" not in str(last.data)
    assert take(path, mapping=known).updated == 0
    assert [*search(Complaint.objects.all(), "sank")] == [case]
    assert verify_ledger().ok and not any(check_integrity().values())
    Complaint.objects.filter(pk=case.pk).update(description="Deep hole")
    assert verify_ledger(files=False).first_bad is not None


def test_what_the_city_has_closed_meanwhile_keeps_the_cases_that_it_has(tmp_path):
    works, roads = (
        make_agency("DPU", name="Works"),
        make_category("jalan", name_id="Roads", name_en="Streets"),
    )
    ward = Area.objects.create(code="53.71.01.1", level="ward", name="Oesapa")
    known = mapping(lookup={"agency": "city", "category": "city", "area": "city"})
    take(write(tmp_path, GOOD), now=FRIDAY, mapping=known)
    for row in (works, roads, ward):
        type(row).objects.filter(pk=row.pk).update(is_active=False)
    assert take(write(tmp_path, GOOD), mapping=known).updated == 0
    result = take(
        write(tmp_path, ENDED.replace("2,", "3,", 1), GOOD.replace("Deep", "Deeper")), mapping=known
    )
    assert (result.created, result.updated) == (1, 1)
    case = Complaint.objects.get(source_id="1")
    assert (case.agency, case.category, case.area, case.location) == (works, roads, ward, "Oesapa")


def test_words_that_came_later_are_erased_with_their_person_and_do_not_come_back(tmp_path):
    take(write(tmp_path, GOOD), now=FRIDAY)
    path = write(tmp_path, GOOD.replace("Deep hole", "Pak Ani fell"))
    assert take(path).updated == 1
    erase_person(Complaint.objects.get().pk, by=None, now=LATER + DAY, reason="Asked for", everything=True)
    result = take(path, now=LATER + 2 * DAY)
    assert (result.updated, Complaint.objects.get().description) == (0, ERASED)
    assert "worked on here" in dict(result.remarks)[2]
    assert "Ani" not in str(list(EventContent.objects.values_list("words", flat=True)))
    assert verify_ledger(files=False).first_bad is None
