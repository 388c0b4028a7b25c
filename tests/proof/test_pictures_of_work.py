"""Pictures of before and after: what is kept of where and when, which are alike, and what is said of it to whom."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from PIL import Image
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.desk.picture_remarks import Remarks, remarks_on
from complaints.files import drafts
from complaints.files.capture import Capture, capture_of
from complaints.files.likeness import NEAR, bits_between, hash_of, hash_waiting, near
from complaints.files.sides import taken_on_the_spot
from complaints.files.storage import read, receive
from complaints.history.timeline import timeline_for
from complaints.ledger.verify import verify_ledger
from complaints.models import Area, Attachment, Complaint, Event, EventKind
from complaints.services import citizen, erasure, handling, verification
from complaints.services.change import NotPossible
from complaints.services.colleagues import DAY_IS_PAST, tell_progress
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.proof.pictures import HERE, THERE, again, kept, photo, scene
from tests.shared import path_of
from tests.tracking.mine import MINE, citizen_of

pytestmark = pytest.mark.django_db
AT = "2026:11:20 13:00:00"  # FRIDAY + 2 h, in the city


def at_work(**fields: Any) -> Complaint:
    return factories.in_progress(category=factories.make_category(needs_evidence=True), **fields)


def sent_by_citizen(case: Complaint, picture: Image.Image) -> None:
    handling.add_files(case.pk, actor=Citizen(case.pk), now=FRIDAY, files=[kept(picture)])


def answered(case: Complaint, *files: Attachment, now: datetime = FRIDAY + 3 * HOUR) -> Complaint:
    case.refresh_from_db()
    officer = factories.officer_of(case)
    found = handling.resolve(case.pk, actor=officer, now=now, answer="Sudah ditambal kemarin.", files=files)
    while hash_waiting(now):
        pass
    return found


def remarks(case: Complaint, reader: User | None = None) -> list[Remarks]:
    found = Complaint.objects.visible_to(None).with_everything().get(pk=case.pk)
    with override("en"):
        return remarks_on(found, reader or factories.officer_of(case))


def said(case: Complaint, reader: User | None = None, side: str = "after") -> list[str]:
    """Of the last picture of this side."""
    found = [each for each in remarks(case, reader) if each.file.shows == side]
    return [line.words for line in found[-1].lines]


# What is kept of a file


def test_when_and_where_are_read_before_they_are_taken_out_of_what_shows_work() -> None:
    upload = photo(scene(1), at=AT, offset="+07:00", position=HERE)
    kept = receive(upload, digest="d" * 64, now=FRIDAY, shows="after")
    assert kept.taken_at == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert (kept.taken_latitude, kept.taken_longitude) == pytest.approx(HERE, abs=1e-6)
    assert b"Exif" not in read(kept)


def test_of_what_a_citizen_sends_nothing_is_kept() -> None:
    case = factories.file_complaint()
    client = citizen_of(case)
    client.post(f"{MINE}files/", {"attachments": photo(scene(1), at=AT, position=HERE), "shows": "after"})
    kept = Attachment.objects.get(complaint=case)
    assert (kept.shows, kept.taken_at, kept.taken_latitude) == ("", None, None)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (None, Capture()),
        ({"at": "2026:11:20 13:00:00"}, Capture(FRIDAY + 2 * HOUR)),  # the city's time
        ({"at": "2026:11:20 13:00:00", "offset": "x"}, Capture(FRIDAY + 2 * HOUR)),
        ({"at": "0000:00:00 00:00:00"}, Capture()),
        ({"at": "    :  :     :  :  "}, Capture()),
        ({"position": [0.0, 0.0]}, Capture()),
        ({"position": [-91.0, 123.0]}, Capture()),
        ({"position": [float("nan"), 1.0]}, Capture()),
        ({"position": [-10.16, 123.6]}, Capture(None, -10.16, 123.6)),
    ],
)
def test_what_a_camera_writes_may_be_nonsense(told: Any, found: Capture) -> None:
    assert capture_of(told) == found


# What is alike


def test_a_picture_that_was_made_smaller_and_brighter_is_near_and_another_is_not() -> None:
    hashes = [hash_of(photo(scene(seed)).read()) for seed in range(12)]
    for seed, found in enumerate(hashes):
        assert found is not None
        assert bits_between(found, hash_of(photo(again(scene(seed)), quality=60).read())) <= NEAR
        others = [other for place, other in enumerate(hashes) if place != seed]
        assert all(bits_between(found, other) > NEAR for other in others)


def test_all_that_differ_in_seven_bits_are_found_by_their_bands() -> None:
    case = factories.file_complaint()
    rows = []
    for places in [(0, 1, 16, 17, 32, 33, 48), (5,), (0, 1, 2, 3, 4, 5, 6), (15, 31, 47, 63, 14, 30, 46), ()]:
        whole = 0x0F0F_3333_5555_00FF
        for place in places:
            whole ^= 1 << place
        bands = {f"phash_{band + 1}": whole >> (48 - 16 * band) & 0xFFFF for band in range(4)}
        rows.append(
            Attachment(
                complaint=case,
                key=f"{places}"[:32],
                name="f",
                content_type="image/jpeg",
                size=1,
                sha256="0" * 64,
                added_at=FRIDAY,
                is_hashed=True,
                **bands,
            )
        )
    Attachment.objects.bulk_create(rows)
    assert near([(0x0F0F, 0x3333, 0x5555, 0x00FF)]).count() == len(rows)
    assert near([(0xF0F0, 0xCCCC, 0xAAAA, 0xFF00)]).count() == 0


def test_what_shows_nothing_or_is_damaged_is_looked_at_once_and_like_nothing() -> None:
    white = scene(1)
    white.paste("white", (0, 0, *white.size))
    case = answered(at_work(), kept(white, "after"))
    other = receive(photo(scene(2)), digest="e" * 64, now=FRIDAY)
    path_of(other.key).write_bytes(b"broken")
    assert hash_waiting(FRIDAY) == 1
    assert hash_waiting(FRIDAY) == 0
    assert Attachment.objects.filter(is_hashed=True, phash_1=None).count() == 2
    assert "It could not be compared" in said(case)[0]


# What is remarked


def test_the_citizens_own_picture_sent_back_as_the_work_is_remarked() -> None:
    case = at_work()
    sent_by_citizen(case, scene(3))
    case = answered(case, kept(again(scene(3)), "after"))
    assert said(case) == [
        "It is nearly the same as a picture that the citizen sent.",
        "There is no picture of how it was before the work.",
    ]


def test_the_same_picture_for_both_sides_and_for_a_second_round_is_remarked() -> None:
    case = answered(at_work(), kept(scene(4), "before"), kept(scene(4), "after"))
    assert said(case) == ["It is nearly the same as the other picture of this answer."]
    assert said(case, side="before") == []
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Masih berlubang.")
    case = answered(case, kept(again(scene(4)), "after", at=FRIDAY + 3 * HOUR), now=FRIDAY + 2 * DAY)
    assert "It is nearly the same as an earlier picture of the city on this report." in said(case)
    assert "It was taken before the citizen objected to the answer before this one." in said(case)


def test_a_picture_that_answered_another_report_is_named_to_who_may_see_that() -> None:
    first = answered(at_work(), kept(scene(5), "after"))
    second = answered(at_work(), kept(again(scene(5)), "after"))
    agency = factories.make_agency("LLAJ", name="Dinas LLAJ")
    third = answered(at_work(agency=agency), kept(again(scene(5)), "after", quality=60))
    assert said(second)[0] == f"It is nearly the same as a picture of report {first.number}."
    assert said(first)[0] == "There is no picture of how it was before the work."  # it came first
    hidden = "It is nearly the same as a picture of another report, which you do not see."
    assert said(third)[:1] == [hidden]
    supervisor = factories.make_user(Role.SUPERVISOR)
    assert [line for line in said(third, supervisor) if "of report" in line] == [
        f"It is nearly the same as a picture of report {case.number}." for case in (first, second)
    ]


def test_of_a_report_that_does_not_exist_for_its_reader_nothing_is_said() -> None:
    secret = factories.file_complaint(kind="oversight", secret="oversight secret of them")
    sent_by_citizen(secret, scene(6))
    case = answered(at_work(), kept(again(scene(6)), "after"))
    assert said(case) == ["There is no picture of how it was before the work."]
    supervisor = factories.make_user(Role.SUPERVISOR)
    assert f"of report {secret.number}" in said(case, supervisor)[0]


def test_reports_that_were_joined_and_parts_are_one_matter() -> None:
    main, joined = factories.file_complaint(), factories.file_complaint()
    sent_by_citizen(joined, scene(7))
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    agency = factories.make_agency()
    routing = verification.Routing([agency], category=factories.make_category(needs_evidence=True))
    verification.assign(main.pk, actor=verifier, now=FRIDAY, routing=routing)
    officer = factories.make_user(Role.OFFICER, agency)
    handling.accept(main.pk, actor=officer, now=FRIDAY, handler=officer)
    case = answered(main, kept(again(scene(7)), "after"))
    assert said(case)[0] == "It is nearly the same as a picture that the citizen sent."


def test_place_and_time_that_do_not_fit_are_remarked_and_those_that_do_are_told() -> None:
    case = at_work()
    Complaint.objects.filter(pk=case.pk).update(latitude=HERE[0], longitude=HERE[1])
    before = kept(scene(8), "before", at=FRIDAY + HOUR, position=HERE)
    after = kept(scene(9), "after", at=FRIDAY - DAY, position=THERE)
    case = answered(case, before, after)
    assert said(case, side="before") == []
    assert said(case) == [
        "It was taken before the report was filed.",
        "It was taken 4.4 km from the place of the report.",
        "The two pictures were taken 4.4 km from each other.",
        "It was taken before the picture that is to show how it was.",
    ]
    first, _second = remarks(case)
    assert "12:00" in first.taken
    assert "0 m from the place of the report" in first.taken


def test_where_only_the_ward_is_known_its_middle_counts_for_less() -> None:
    ward = Area.objects.create(
        code="53.71.04.1001", name="Oesapa", level="ward", latitude=HERE[0], longitude=HERE[1]
    )
    case = answered(at_work(area=ward), kept(scene(10), "before"), kept(scene(11), "after", position=THERE))
    assert said(case) == []


# Who sees what


def test_the_officer_sends_both_the_citizen_sees_them_and_no_remark(client: Client) -> None:
    case = at_work()
    officer = factories.officer_of(case)
    client.force_login(officer)
    page = client.get(f"/staff/cases/{case.number}/?do=resolve").content.decode()
    assert 'name="before"' in page
    sent = {"version": case.version, "answer": "Sudah ditambal kemarin."}
    sent |= {"before": photo(scene(12), position=THERE), "attachments": photo(scene(13), position=THERE)}
    client.post(f"/staff/cases/{case.number}/resolve/", sent)
    Complaint.objects.filter(pk=case.pk).update(latitude=HERE[0], longitude=HERE[1])
    data = Event.objects.get(kind="resolved").data
    assert len(data["before"]) == len(data["after"]) == 1
    assert data["files"] == data["before"] + data["after"]
    hash_waiting(FRIDAY)
    client.cookies["django_language"] = "en"
    User.objects.update(language="en")
    page = client.get(f"/staff/cases/{case.number}/").content.decode()
    assert "It was taken 4.4 km from the place of the report." in page
    mine = citizen_of(case)
    mine.cookies["django_language"] = "en"
    seen = mine.get(MINE).content.decode()
    assert seen.count('class="sides__side"') == 4  # in the answer and in what has happened
    assert "Before the work" in seen
    assert "4.4 km" not in seen
    assert "123.6" not in seen


def test_a_photo_taken_on_the_spot_is_that_of_before_beside_the_next_answer(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = at_work()
    client.force_login(factories.officer_of(case))
    spot = f"/staff/cases/{case.number}/field/"
    assert 'name="before"' in client.get(spot).content.decode()
    url = f"/staff/cases/{case.number}/files/"
    sent: dict[str, Any] = {"version": case.version, "back": "spot", "is_public": "on"}
    assert client.post(url, sent).status_code == 400
    taken = photo(scene(18), at="2026:11:20 12:00:00", position=HERE)
    assert client.post(url, sent | {"before": taken})["Location"] == spot
    row = Attachment.objects.get()
    assert (row.shows, row.taken_at) == ("before", FRIDAY + HOUR)
    after = answered(case, kept(scene(19), "after", at=FRIDAY + 2 * HOUR, position=THERE))
    assert said(after) == ["The two pictures were taken 4.4 km from each other."]
    citizen.dispute(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY, why="Masih berlubang.")
    again_answered = answered(case, kept(scene(20), "after"), now=FRIDAY + 2 * DAY)
    assert said(again_answered) == ["There is no picture of how it was before the work."]
    found = Complaint.objects.visible_to(None).with_everything().get(pk=case.pk)
    first, second = (
        item.sides for item in timeline_for(found, Citizen(case.pk)) if item.kind == EventKind.RESOLVED
    )
    before, _after = first
    assert [file.key for file in before[1]] == [row.key] and len(second) == 1
    pictures = list(Attachment.objects.all())
    with django_assert_num_queries(1):  # of three events
        assert len(taken_on_the_spot(pictures)) == 2
    assert verify_ledger().ok


def test_files_that_were_refused_once_stay_on_their_side(client: Client) -> None:
    case = at_work()
    client.force_login(factories.officer_of(case))
    url = f"/staff/cases/{case.number}/resolve/"
    client.post(url, {"version": case.version, "answer": "x", "before": photo(scene(14))})
    draft = drafts.draft_of(factories.officer_of(case), case, "resolve")
    assert [file.shows for file in drafts.files_of(draft)] == ["before"]
    sent = {"version": case.version, "answer": "Sudah ditambal."}
    assert client.post(url, sent).status_code == 400  # how it was is no proof that it is done
    client.post(url, sent | {"attachments": photo(scene(15))})
    assert Complaint.objects.get().state == "resolved"
    assert {file.shows for file in Attachment.objects.all()} == {"before", "after"}


def test_who_moves_a_picture_to_the_other_side_is_found_out_and_erasing_takes_it_all() -> None:
    case = answered(at_work(), kept(scene(16), "before"), kept(scene(17), "after", at=FRIDAY, position=HERE))
    assert verify_ledger().ok
    for side in ("after", ""):
        Attachment.objects.filter(shows="before").update(shows=side)
        assert not verify_ledger().ok
        Attachment.objects.order_by("pk")[:1].get()
        Attachment.objects.filter(pk=Attachment.objects.earliest("pk").pk).update(shows="before")
    citizen.confirm(case.pk, actor=Citizen(case.pk), now=FRIDAY + DAY)
    erasure.erase_person(case.pk, by=None, now=FRIDAY + 2 * DAY, reason="Diminta.", everything=True)
    assert not Attachment.objects.exists()
    assert verify_ledger().ok


def test_not_done_yet_because_has_a_day_of_its_own_and_moves_no_promise() -> None:
    case = at_work(email="ani@tuntas.test")
    officer = factories.officer_of(case)
    with pytest.raises(NotPossible, match=str(DAY_IS_PAST)):
        tell_progress(
            case.pk, actor=officer, now=FRIDAY, words="Aspal habis.", expected_on=(FRIDAY - DAY).date()
        )
    told = tell_progress(
        case.pk, actor=officer, now=FRIDAY, words="Aspal habis.", expected_on=(FRIDAY + 9 * DAY).date()
    )
    assert told.target_at == case.target_at
    mine = citizen_of(case)
    mine.cookies["django_language"] = "en"
    assert "the agency says it will be by Sunday, 29 November 2026" in mine.get(MINE).content.decode()


def test_of_an_erased_main_case_who_follows_it_still_sees_both_sides_until_all_is_erased() -> None:
    main, joined = factories.file_complaint(), factories.file_complaint()
    sent_by_citizen(main, scene(21))
    verifier = factories.make_user(Role.VERIFIER)
    verification.merge(joined.pk, actor=verifier, now=FRIDAY, into=main.pk)
    agency = factories.make_agency()
    verification.assign(main.pk, actor=verifier, now=FRIDAY, routing=verification.Routing([agency]))
    officer = factories.make_user(Role.OFFICER, agency)
    handling.accept(main.pk, actor=officer, now=FRIDAY, handler=officer)
    case = answered(main, kept(scene(22), "before"), kept(again(scene(21)), "after"))
    assert "It is nearly the same as a picture that the citizen sent." in said(case)
    citizen.confirm(main.pk, actor=Citizen(main.pk), now=FRIDAY + DAY)
    erasure.erase_person(main.pk, by=None, now=FRIDAY + 2 * DAY, reason="Diminta.")
    assert said(case) == []  # what it was like is gone
    follower = citizen_of(joined)
    page = follower.get(MINE).content.decode()
    assert page.count('class="sides__side"') == 4
    key = Attachment.objects.get(shows="after").key
    assert follower.get(f"/files/{key}/").status_code == 200
    erasure.erase_person(main.pk, by=None, now=FRIDAY + 2 * DAY, reason="Diminta.", everything=True)
    page = follower.get(MINE).content.decode()
    assert "sides__side" not in page and follower.get(f"/files/{key}/").status_code == 404
    assert verify_ledger().ok
