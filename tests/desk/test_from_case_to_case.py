"""All day long: on to the next case, what is new since one looked, and the order one likes."""

import pytest
import time_machine

from accounts.roles import Role
from complaints.desk.actions import ACTIONS
from complaints.desk.additions import CASE_LINKS
from complaints.desk.looks import sweep_looks
from complaints.models import Look
from complaints.services import handling
from tests.factories import DAY, FRIDAY, HOUR, file_complaint, in_progress, make_agency, make_user, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]
MENDED = "Lubang ditambal hari Selasa."


@pytest.fixture
def at_desk(client):
    """`at_desk(user)` gives `get` and `post` for that person, on Friday a little later."""

    def sign_in(user, now=FRIDAY + 2 * HOUR):
        class Desk:
            def get(self, path, **query):
                with time_machine.travel(now, tick=False):
                    client.force_login(user)
                    return client.get(path, query)

            def post(self, path, **fields):
                with time_machine.travel(now, tick=False):
                    client.force_login(user)
                    return client.post(path, fields)

        return Desk()

    return sign_in


def page(case):
    return f"/staff/cases/{case.number}/"


def three_cases():
    agency = make_agency("PUPR")
    return [in_progress(agency=agency, now=FRIDAY + n * HOUR / 4) for n in range(3)]


def test_on_to_the_next_of_the_queue_and_back_to_it_at_the_end(at_desk):
    first, second, third = three_cases()
    desk = at_desk(officer_of(first))
    assert desk.get(page(first) + "next/").url == page(second)
    assert desk.get(page(second) + "next/").url == page(third)
    assert desk.get(page(third) + "next/").url == page(first)  # what was skipped comes again
    alone = at_desk(make_user(Role.VERIFIER))
    new = file_complaint()
    assert alone.get(page(new) + "next/").url == "/staff/cases/"


def test_after_an_act_one_stays_or_goes_on_as_one_chose(at_desk):
    first, second, third = three_cases()
    user = officer_of(first)
    desk = at_desk(user)
    done = desk.post(page(first) + "resolve/", version=first.version, answer=MENDED)
    assert done.url == page(first)
    desk.post("/staff/choice/", goes_on="1", to=page(first))
    user.refresh_from_db()
    desk = at_desk(user)
    done = desk.post(page(second) + "resolve/", version=second.version, answer=MENDED)
    assert done.url == page(third)
    assert f"{second.number}: The answer was given." in desk.get(done.url).content.decode()
    user.refresh_from_db()
    assert user.goes_on


def test_the_list_one_came_from_is_the_one_that_goes_on(at_desk):
    first, _second, third = three_cases()
    other = make_user(Role.OFFICER, agency=first.agency)
    first.handler = third.handler = other
    first.save(), third.save()
    desk = at_desk(other)
    rows = desk.get("/staff/cases/", handler="me").context["listed"]
    assert [row.url for row in rows] == [f"{page(each)}?list=handler%3Dme" for each in (first, third)]
    assert desk.get(page(first) + "next/", list="handler=me").url == f"{page(third)}?list=handler%3Dme"
    shown = desk.get(page(first), list="handler=me", do="note").content.decode()
    assert '<input type="hidden" name="list" value="handler=me">' in shown
    assert 'href="/staff/cases/?handler=me"' in shown
    assert desk.get(page(first) + "next/", list="queue=nonsense&received_from=never").status_code == 302


def test_what_came_since_one_looked_is_marked_and_ones_own_acts_are_not(at_desk):
    first, second, _third = three_cases()
    user, colleague = officer_of(first), make_user(Role.OFFICER, agency=first.agency)
    desk = at_desk(user)
    assert not any(item.is_new for item in desk.get(page(first)).context["timeline"])
    handling.add_note(first.pk, actor=colleague, now=FRIDAY + HOUR, text="Aspal datang Senin")
    desk.post(page(second) + "note/", version=second.version, note="Catatan sendiri")
    rows = {row.case.pk: row for row in desk.get("/staff/cases/").context["listed"]}
    assert rows[first.pk].is_new
    assert not rows[second.pk].is_new
    assert [i.body for i in desk.get(page(first)).context["timeline"] if i.is_new] == ["Aspal datang Senin"]
    assert not any(item.is_new for item in desk.get(page(first)).context["timeline"])
    assert not any(row.is_new for row in at_desk(colleague).get("/staff/cases/").context["listed"])


def test_that_somebody_else_reports_the_same_is_new_to_who_works_on_it_and_nothing_of_the_other_is(at_desk):
    main, joined = in_progress(), file_complaint()
    desk, vera = at_desk(officer_of(main)), make_user(Role.VERIFIER)
    desk.get(page(main))
    at_desk(vera).get(page(joined))
    handling.add_note(joined.pk, actor=make_user(Role.VERIFIER), now=FRIDAY, text="Sama dengan yang lain?")
    at_desk(vera).post(page(joined) + "merge/", version=joined.version + 1, into=main.number)
    joined.refresh_from_db()
    assert joined.merged_into == main
    desk = at_desk(officer_of(main))
    assert [row.is_new for row in desk.get("/staff/cases/").context["listed"]] == [True]
    assert [i.kind for i in desk.get(page(main)).context["timeline"] if i.is_new] == ["merge_received"]
    assert not any(row.is_new for row in desk.get("/staff/cases/").context["listed"])


def test_a_draft_is_marked_in_the_list_and_on_its_fold_for_its_writer(at_desk):
    first, _second, _third = three_cases()
    user = officer_of(first)
    desk = at_desk(user)
    desk.get(page(first))
    desk.post(page(first) + "resolve/draft/", version=first.version, answer="Kami sedang")
    rows = {row.case.pk: row for row in desk.get("/staff/cases/").context["listed"]}
    assert [pk for pk, row in rows.items() if row.has_draft] == [first.pk]
    assert [p.action.slug for p in desk.get(page(first)).context["panels"] if p.has_draft] == ["resolve"]
    other = at_desk(make_user(Role.OFFICER, agency=first.agency))
    assert not any(panel.has_draft for panel in other.get(page(first)).context["panels"])


def test_histories_come_in_the_order_one_chose_once(at_desk):
    first, second, _third = three_cases()
    user = officer_of(first)
    desk = at_desk(user)
    told = [item.seq for item in desk.get(page(first)).context["history"].first]
    assert told == sorted(told)
    assert desk.post("/staff/choice/", newest_first="1", to="https://elsewhere.example/").url == "/staff/"
    user.refresh_from_db()
    told = [item.seq for item in at_desk(user).get(page(second)).context["history"].first]
    assert told == sorted(told, reverse=True)


def test_every_act_has_a_letter_of_its_own_that_nothing_else_has():
    letters = [action.key for action in ACTIONS]
    assert len(set(letters)) == len(letters)
    assert not {"j", "k", "x", "n", "v", "z", "/", "?"} & set(letters)
    assert not any(letter.isdigit() for letter in letters)
    assert len(list(CASE_LINKS)) <= len("123456")  # 7 to 9 and 0 are panels'


def test_looks_of_half_a_year_ago_are_forgotten(at_desk):
    first = three_cases()[0]
    at_desk(officer_of(first)).get(page(first))
    assert sweep_looks(FRIDAY + 180 * DAY) == 0
    assert sweep_looks(FRIDAY + 181 * DAY) == 1
    assert not Look.objects.exists()
