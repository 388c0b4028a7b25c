"""Which reports may be about the same matter, and by what: first reckoned out by hand, then on the page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from complaints.alike import Alike, Traits, alike, metres_between, telling_words
from complaints.desk.duplicates import duplicates_of
from complaints.models import Area, Complaint
from complaints.services import parties
from tests.factories import DAY, FRIDAY, assigned, file_complaint, make_category, make_user

HERE, NEXT_DOOR, AWAY = (-10.1600, 123.6000), (-10.1603, 123.6003), (-10.1900, 123.6000)
LIGHT = frozenset({"lampu", "padam", "gelap"})


def found(*others: Traits, one: Traits | None = None) -> list[Alike]:
    return alike(one or traits(0), others, most=5)


def traits(key: int, **fields: Any) -> Traits:
    usual: dict[str, Any] = {
        "received_at": FRIDAY,
        "category": 1,
        "area": 1,
        "position": HERE,
        "words": LIGHT,
    }
    return Traits(key, **usual | fields)


def test_every_likeness_adds_its_points() -> None:
    (each,) = found(traits(1, received_at=FRIDAY - 6 * DAY, position=NEXT_DOOR))
    assert (each.same_category, each.same_ward, each.metres, each.days) == (True, True, 47, -6)
    assert each.points == pytest.approx(3 + 2 + 4 + 2 * (1 - 6 / 60) + 6)
    assert set(each.words) == LIGHT


def test_a_rare_word_says_more_than_a_common_one() -> None:
    common = [traits(n, category=9, area=9, position=None, words=frozenset({"lampu"})) for n in range(2, 9)]
    rare = traits(1, category=9, position=None, words=frozenset({"padam", "pasar"}))
    same = traits(10, category=9, position=None, words=frozenset({"lampu", "pasar"}))
    ranked = [
        each.key for each in alike(traits(0, words=frozenset({"lampu", "padam"})), [same, rare, *common], 2)
    ]
    assert ranked[0] == 1


def test_what_has_little_in_common_is_not_shown() -> None:
    far = traits(1, category=2, position=AWAY, words=frozenset({"sampah"}), received_at=FRIDAY + 30 * DAY)
    assert found(far) == []
    assert found(traits(1, area=None, position=None, words=None, received_at=FRIDAY + 59 * DAY)) == []


def test_nothing_known_is_alike_to_nothing() -> None:
    bare = {"category": None, "area": None, "position": None}
    assert found(traits(1, **bare, words=frozenset()), one=traits(0, **bare, words=frozenset())) == []


def test_words_that_say_nothing_are_none() -> None:
    assert telling_words("yang mohon lampu rt 003 kpg padam di jalan") == {"lampu", "padam"}


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    assert metres_between((0, 120), (1, 120)) == pytest.approx(111_195, abs=5)
    assert metres_between(HERE, HERE) == 0


# On the page


@pytest.fixture
def about(db: None) -> dict[str, Any]:
    ward = Area.objects.create(code="W1", level="ward", name="Oesapa")
    words = {"subject": "Lampu jalan padam", "description": "Gelap gulita dekat masjid Nurul."}
    return {"category": make_category(), "area": ward} | words


def numbers(case: Complaint, who: User) -> list[str]:
    return [each.number for each in duplicates_of(case, who)]


def test_the_likeliest_stands_first_with_its_reasons(
    client: Client, about: dict[str, Any], in_english: None
) -> None:
    same = file_complaint(FRIDAY - 2 * DAY, **about)
    other = file_complaint(FRIDAY, **about | {"subject": "Sampah", "description": "Tidak diangkut."})
    case = file_complaint(FRIDAY, **about)
    vera = make_user(Role.VERIFIER)
    assert numbers(case, vera) == [same.number, other.number]
    client.force_login(vera)
    page = client.get(f"/staff/cases/{case.number}/form/merge/?seen={case.version}").content.decode()
    assert "same category · same ward · words: " in page and "2 days earlier" in page
    assert "Gelap gulita dekat masjid Nurul." in page
    sent = {"version": case.version, "into": same.number}
    assert client.post(f"/staff/cases/{case.number}/merge/", sent).status_code == 302
    assert Complaint.objects.get(pk=case.pk).merged_into == same


def test_of_a_case_that_lies_with_an_agency_no_word_and_no_place_is_told(about: dict[str, Any]) -> None:
    given, elsewhere = assigned(**about), assigned(**about | {"area": None})
    Complaint.objects.filter(pk__in=[given.pk, elsewhere.pk]).update(latitude=HERE[0], longitude=HERE[1])
    case = file_complaint(**about)
    Complaint.objects.filter(pk=case.pk).update(latitude=HERE[0], longitude=HERE[1])
    case.refresh_from_db()
    shown = {each.number: each for each in duplicates_of(case, make_user(Role.VERIFIER))}
    assert (shown[given.number].title, shown[given.number].words, shown[given.number].place) == ("", "", "")
    assert "m" not in shown[given.number].reasons.split() and "Nurul" not in str(shown)


def test_a_case_near_by_is_found_without_a_ward(about: dict[str, Any]) -> None:
    bare = about | {"area": None, "category": None}
    near, far = file_complaint(**bare), file_complaint(**bare)
    case = file_complaint(**about)
    for each, (latitude, longitude) in ((near, NEXT_DOOR), (far, AWAY), (case, HERE)):
        Complaint.objects.filter(pk=each.pk).update(latitude=latitude, longitude=longitude)
    case.refresh_from_db()
    assert numbers(case, make_user(Role.VERIFIER)) == [near.number]


def test_nobody_finds_what_does_not_exist_for_them_nor_what_cannot_take_it_up(about: dict[str, Any]) -> None:
    vera, mine = make_user(Role.VERIFIER), file_complaint(**about)
    parties.name_party(mine.pk, actor=make_user(Role.SUPERVISOR), now=FRIDAY, user=vera, why="Ia dilaporkan")
    file_complaint(FRIDAY - timedelta(days=61), **about)
    file_complaint(kind="aspiration", **about)
    taken_over = file_complaint(**about)
    Complaint.objects.filter(pk=taken_over.pk).update(is_live=False)
    case = file_complaint(**about)
    assert numbers(case, vera) == []
    assert numbers(case, make_user(Role.VERIFIER)) == [mine.number]


def test_the_page_asks_nothing_of_it_until_the_fold_is_opened(client: Client, about: dict[str, Any]) -> None:
    case = file_complaint(**about)
    client.force_login(make_user(Role.VERIFIER))
    path = f"/staff/cases/{case.number}/"
    client.get(path)

    def asked(**data: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path, data)
        return len(queries)

    plain = asked()
    file_complaint(**about)
    assert asked() == plain
    assert plain < asked(do="merge") <= plain + 4
