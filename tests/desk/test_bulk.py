"""Several cases at once: what can go goes, and the page says of the rest why not."""

import pytest

from accounts.roles import Role
from complaints.desk.queues import bulk_place
from complaints.models import Complaint, Draft, EventContent, RejectReason
from complaints.services import handling, verification
from complaints.services.parties import name_party
from tests.factories import FRIDAY, assigned, file_complaint, make_agency, make_reason, make_user, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
QUEUE = "/staff/cases/"


def tick(*cases):
    return [f"{case.number}@{case.version}" for case in cases]


def states(*cases):
    return [Complaint.objects.get(pk=case.pk).state for case in cases]


def test_one_that_cannot_go_does_not_hold_up_the_rest(client):
    good, oversight, taken = file_complaint(), file_complaint(kind="oversight"), file_complaint()
    stale = tick(taken)
    client.force_login(make_user(Role.VERIFIER))
    verification.assign(
        taken.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, routing=verification.Routing([make_agency("B")])
    )
    make_agency("PUPR")
    response = client.post(
        "/staff/cases/bulk/assign/", {"cases": [*tick(good, oversight), *stale, "KPG-1@1"], "agency": "PUPR"}
    )
    assert [each.number for each in response.context["went"]] == [good.number]
    problems = {each.number: each.problem for each in response.context["stayed"]}
    assert "inspectorate" in problems[oversight.number]
    assert "no longer with you" in problems[taken.number]
    assert "no such case" in problems["KPG-1"]
    assert states(good, oversight, taken) == ["assigned", "submitted", "assigned"]


def test_a_case_changed_since_it_was_ticked_stays(client):
    case = file_complaint()
    ticked, vera = tick(case), make_user(Role.VERIFIER)
    handling.add_note(case.pk, actor=vera, now=FRIDAY, text="Lihat dulu")
    client.force_login(vera)
    make_agency("PUPR")
    response = client.post("/staff/cases/bulk/assign/", {"cases": ticked, "agency": "PUPR"})
    assert "changed this case" in response.context["stayed"][0].problem
    assert states(case) == ["submitted"]


def test_an_officer_hands_back_several_but_none_of_another_agency(client):
    mine, also, theirs = assigned(), assigned(), assigned(agency=make_agency("DINKES"))
    client.force_login(officer_of(mine))
    response = client.post(
        "/staff/cases/bulk/hand-back/", {"cases": tick(mine, also, theirs), "why": "Bukan tugas kami"}
    )
    assert [each.number for each in response.context["went"]] == [mine.number, also.number]
    assert theirs.subject not in response.content.decode()
    assert states(mine, also, theirs) == ["submitted", "submitted", "assigned"]


@pytest.mark.parametrize(
    "data", [{}, {"agency": "PUPR"}, {"cases": ["x"] * 3 + [str(n) for n in range(101)], "agency": "PUPR"}]
)
def test_nothing_ticked_or_too_much_changes_nothing(client, data):
    make_agency("PUPR")
    client.force_login(make_user(Role.VERIFIER))
    assert client.post("/staff/cases/bulk/assign/", data).status_code == 400


def test_a_forgotten_agency_is_asked_for_and_the_ticks_stay(client):
    case = file_complaint()
    client.force_login(make_user(Role.VERIFIER))
    response = client.post("/staff/cases/bulk/assign/", {"cases": tick(case)})
    assert response.status_code == 400
    assert tick(case)[0] in response.content.decode()


def test_several_are_rejected_with_one_reason_and_words_for_each(client):
    first, second = file_complaint(), file_complaint()
    reason = RejectReason.objects.create(code="spam", name_id="Iklan", explanation_id="Ini iklan.")
    client.force_login(make_user(Role.VERIFIER))
    sent = {"cases": tick(first, second), "reason": reason.code, "words": "Laporan ini hanya berisi iklan."}
    response = client.post("/staff/cases/bulk/reject/", sent)
    assert [each.number for each in response.context["went"]] == [first.number, second.number]
    assert states(first, second) == ["rejected", "rejected"]
    said = EventContent.objects.filter(event__kind="rejected").values_list("words__text", flat=True)
    assert set(said) == {"Laporan ini hanya berisi iklan."} and len(said) == 2


def test_a_rejection_without_words_rejects_none(client):
    case = file_complaint()
    RejectReason.objects.create(code="spam", name_id="Iklan", explanation_id="Ini iklan.")
    client.force_login(make_user(Role.VERIFIER))
    sent = {"cases": tick(case), "reason": "spam", "words": " "}
    assert client.post("/staff/cases/bulk/reject/", sent).status_code == 400
    assert states(case) == ["submitted"]


def test_repetitions_are_merged_into_the_one_that_was_ticked_with_them(client):
    main, first, second, other_kind = *(file_complaint() for _ in range(3)), file_complaint(kind="aspiration")
    client.force_login(make_user(Role.VERIFIER))
    sent = {"cases": tick(main, first, second, other_kind), "into": main.number.lower()}
    response = client.post("/staff/cases/bulk/merge/", sent)
    assert [each.number for each in response.context["went"]] == [first.number, second.number]
    assert [each.number for each in response.context["stayed"]] == [main.number, other_kind.number]
    assert states(main, first, second, other_kind) == ["submitted", "merged", "merged", "submitted"]
    assert set(main.merged.values_list("pk", flat=True)) == {first.pk, second.pk}


def test_none_is_merged_into_a_case_that_does_not_exist_for_this_person(client):
    about_me, case = file_complaint(), file_complaint()
    vera = make_user(Role.VERIFIER)
    name_party(about_me.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY, user=vera, why="Ia yang dilaporkan")
    client.force_login(vera)
    for into in (about_me.number, "KPG-2026-000001-0"):
        answer = client.post("/staff/cases/bulk/merge/", {"cases": tick(case), "into": into})
        assert answer.status_code == 400
    assert states(case) == ["submitted"]


def test_one_note_goes_to_several_even_where_something_happened_meanwhile(client):
    mine, also, theirs = assigned(), assigned(), assigned(agency=make_agency("DINKES"))
    ticked = tick(mine, also, theirs)
    handling.add_note(also.pk, actor=officer_of(also), now=FRIDAY, text="Sudah dilihat")
    client.force_login(officer_of(mine))
    response = client.post("/staff/cases/bulk/note/", {"cases": ticked, "note": "Menunggu alat berat"})
    assert [each.number for each in response.context["went"]] == [mine.number, also.number]
    notes = EventContent.objects.filter(words__text="Menunggu alat berat").values_list(
        "event__complaint", flat=True
    )
    assert sorted(notes) == [mine.pk, also.pk]


def test_each_sees_what_their_role_may_do_to_several(client):
    case = assigned()
    file_complaint()
    for who, expected in (
        (make_user(Role.VERIFIER), ["assign", "note", "merge", "reject"]),
        (officer_of(case), ["hand-back", "note"]),
        (make_user(Role.SUPERVISOR), []),
    ):
        client.force_login(who)
        shown = client.get("/staff/cases/").context["bulk"]
        assert [action.slug for action in shown] == expected, who.role


def test_what_is_typed_for_several_is_kept_for_its_writer_until_it_is_sent(client):
    first, second, vera = file_complaint(), file_complaint(), make_user(Role.VERIFIER)
    reason = make_reason()
    client.force_login(vera)
    place = client.get(QUEUE).context["begun"].draft_of
    assert client.post("/staff/draft/", {"draft_of": place, "cases": tick(first)}).status_code == 200
    assert client.get(QUEUE).context["begun"].draft is None  # ticks are made again in a moment
    typed = {
        "draft_of": place,
        "cases": tick(first),
        "note": "Menunggu alat berat",
        "words": "Hanya iklan pulsa.",
    }
    client.post("/staff/draft/", typed)
    page = client.get(QUEUE)
    assert [action.slug for action in page.context["bulk"] if action.is_begun] == ["note", "reject"]
    assert typed["note"] in page.text and typed["words"] in page.text
    client.force_login(make_user(Role.VERIFIER))
    assert typed["note"] not in client.get(QUEUE).text

    client.force_login(vera)
    refused = client.post("/staff/cases/bulk/reject/", typed | {"words": "Hanya iklan pulsa dan mobil."})
    assert refused.status_code == 400
    assert f'name="draft_of" value="{place}"' in refused.text
    assert "Hanya iklan pulsa dan mobil." in client.get(QUEUE).text
    assert client.post("/staff/cases/bulk/note/", typed | {"cases": tick(second)}).status_code == 200
    page = client.get(QUEUE)
    assert typed["note"] not in page.text and typed["words"] in page.text
    client.post(
        "/staff/cases/bulk/reject/", typed | {"note": "", "reason": reason.code, "cases": tick(first)}
    )
    assert states(first) == ["rejected"]
    assert not Draft.objects.exists()


def test_what_some_cases_refused_stays_typed(client):
    case = file_complaint()
    client.force_login(make_user(Role.VERIFIER))
    sent = {"draft_of": bulk_place(), "cases": [*tick(case), "KPG-1@1"], "note": "Menunggu alat berat"}
    response = client.post("/staff/cases/bulk/note/", sent)
    assert len(response.context["went"]) == len(response.context["stayed"]) == 1
    assert sent["note"] in client.get(QUEUE).text


def test_who_moved_to_another_desk_is_not_told_of_what_is_not_theirs_to_do_any_more(client):
    case = assigned()
    person = make_user(Role.VERIFIER)
    client.force_login(person)
    kept = client.post("/staff/draft/", {"draft_of": bulk_place(), "words": "Hanya iklan pulsa."})
    assert kept.status_code == 200
    assert client.get(QUEUE).context["begun"].draft
    person.role, person.agency = Role.OFFICER, case.agency
    person.save()
    client.force_login(person)
    page = client.get(QUEUE)
    assert page.context["bulk"] and page.context["begun"].draft is None
    assert "Hanya iklan pulsa." not in page.text
