"""What a search finds, on both databases alike: one table of what stands in a report and what people type."""

import unicodedata

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.models import Agency
from accounts.roles import Role
from complaints.database.triggers import SEARCH
from complaints.identity import Identity
from complaints.integrity import check_integrity
from complaints.models import Area, Complaint
from complaints.numbers import make_number
from complaints.search import MAX_TERMS, Hits, _Ask, _meant, _places, search
from complaints.searchable import asked, words_of, words_of_case
from complaints.services.erasure import erase_person
from tests.factories import (
    DAY,
    FRIDAY,
    assigned,
    closed,
    make_agency,
    make_user,
)
from tests.module_rows import ModuleRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cases")]

SUBJECT = "Jalan/trotoar rusak di RT 03/RW 05"
DESCRIPTION = (
    "Sejak hari Jum\u2019at lubang-lubang di depan SD-Inpres (dekat ATM/BRI) makin besar. Ganti rugi Rp1.500.000,- dan "
    "US$2,500,000 belum dibayar. Hubungi 0812-3456-7890 atau +62 380 8123 456; surel ani.nalle@contoh.go.id, "
    "lihat https://contoh.go.id/lapor?id=77812. Pak Jos\u00e9 Cr\u00e8me berkata \u201cbesok\u201d. Plat DH 1234 AB. "
    "No.KTP 5371.0123 Km.7,5 \ufb01ber o\u0301ptik A4/B7 Stra\u00dfe \uff11\uff12\uff13 co\u00adop, anti-korupsi."
)
PLACE = "Jl. W.J. Lalamentik No.12B, Oebobo"

FOUND = (
    # parts of words joined by signs
    "trotoar", "jalan", "jalan/trotoar", "JALAN TROTOAR", "trot", "lubang-lubang", "lubang", "SD Inpres", "inpres",
    "atm", "bri", "ATM/BRI", "anti korupsi", "korupsi", "antikorupsi"[:4], "lalamentik", "W.J. Lalamentik", "wj"[:1],
    "no 12", "No.12B", "12b", "jl lalamentik",
    # RT and RW, as everybody writes them
    "RT 03/RW 05", "rt 03", "RT03", "rt.3", "rt 3 rw 5", "RT 003 RW 005", "rw05",
    # telephone
    "0812-3456-7890", "081234567890", "0812 3456 7890", "0812.3456.7890", "+62 812 3456 7890", "6281234567890",
    "0812", "08123456", "3456", "0380 8123 456", "03808123456", "(0812) 3456-7890",
    # money and numbers
    "Rp1.500.000", "Rp 1.500.000,-", "1500000", "1.500.000", "2500000", "US$2,500,000", "5371", "53710123",
    # addresses of mail and web
    "ani.nalle@contoh.go.id", "nalle", "contoh.go.id", "77812", "https://contoh.go.id/lapor?id=77812",
    # accents, normal forms, capitals, quotes, invisible signs
    "jose", "JOS\u00c9", "Jose\u0301", "creme", "besok", "jumat", "Jum'at", "jum\u2019at", "fiber", "optik",
    "strasse", "STRASSE",
    "123", "coop", "tro\u200btoar", "\u201ctrotoar\u201d",
    # vehicle plates, letters beside digits
    "DH 1234 AB", "dh1234ab", "A4", "b7",
    # the names of its agency and of its ward and district
    "PUPR", "pekerjaan umum", "Public Works", "Oesapa", "oesapa barat", "Kelapa Lima", "trotoar oesapa pupr",
)  # fmt: skip

MISSED = (
    "rotoar", "trotoarnya", "dinas kesehatan", "Liliba", "0813", "1600000", "rt 9", "jalan sampah", "RT 30", "ariana",
    "ani wenggo", "0899111222",
    # what the number of the case has only as a part of it: its year, the beginning of its serial, its check digit
    "rt 2026", "rt 90", "rt 9009", "rt 009",
)  # fmt: skip
NUMBERS = make_number("KPG", 2026, 90096), make_number("KPG", 2026, 12709)


@pytest.fixture(scope="module")
def cases(module_rows: ModuleRows) -> dict[str, Complaint]:
    return module_rows.make(_cases)


def _cases():
    works = make_agency("PUPR", name="Dinas Pekerjaan Umum", name_en="Public Works", short_name="PUPR")
    health = make_agency("DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    city = Area.objects.create(code="K", level="city", name="Kota Kupang")
    district = Area.objects.create(code="D", level="district", name="Kelapa Lima", parent=city)
    ward = Area.objects.create(code="W", level="ward", name="Oesapa Barat", parent=district)
    liliba = Area.objects.create(code="V", level="ward", name="Liliba", parent=city)
    told = assigned(
        agency=works, subject=SUBJECT, description=DESCRIPTION, location=PLACE, area=ward,
        identity=Identity(name="Ariana Wenggo", phone="0899111222"),
    )  # fmt: skip
    other = assigned(agency=health, subject="Sampah", description="Bau.", area=liliba)
    for case, number in zip(
        (told, other), NUMBERS, strict=True
    ):  # whichever serials the tests before have used up
        case.number = number
        case.save(update_fields=["number", "search_text"])
    return {"told": told, "other": other}


@pytest.mark.parametrize("text", FOUND)
def test_what_stands_in_a_report_is_found(cases, text):
    assert list(search(Complaint.objects.all(), text)) == [cases["told"]]


@pytest.mark.parametrize("text", MISSED)
def test_and_nothing_else(cases, text):
    """Who complained is sealed: neither name nor number is in the index."""
    assert cases["told"] not in search(Complaint.objects.all(), text)


def test_a_number_is_found_by_any_part_of_it(cases):
    number = cases["told"].number
    city, year, serial, sign = number.split("-")
    for text in (
        number,
        number.lower(),
        f"{city} {year} {serial}",
        f"{city}{year}{serial}",
        f"{year}-{serial}-{sign}",
        f"{city} {year} {int(serial)}",  # as one says it
        f"{year}/{int(serial)}",
        f"{city} {year}-{serial[:4]}",  # begun
        f"{city} {serial}",
        serial,
        str(int(serial)),
        f"{int(serial)} trotoar",
    ):
        assert cases["told"] in search(Complaint.objects.all(), text), text


def test_a_number_in_use_of_another_city_is_found_by_its_words():
    """One that is not ours, as another system or another time may have made it."""
    assert words_of_case("LAPOR/12-A", "Bau") == "12 a bau lapor"


@pytest.mark.parametrize("text", ["", "  ", "/-.,", "'", '"', "&|!:*()", "%", "\u202e", "🙂"])
def test_signs_alone_find_nothing(text):
    assert not search(Complaint.objects.all(), text).exists()


@pytest.mark.parametrize(
    "text",
    ["a' | 'b", "x:*", "NEAR(a b)", "search_text : lampu", "-jalan", "jalan OR sampah", "':agency_id:1'"],
)
def test_no_sign_means_anything_to_the_database(cases, text):
    list(search(Complaint.objects.all(), text))
    assert cases["told"] not in search(Complaint.objects.all(), f"{text} tidakada")


def test_a_name_is_that_of_today(cases):
    Agency.objects.filter(code="PUPR").update(name="Dinas Bina Marga", name_en="", short_name="DBM")
    cache.clear()
    assert list(search(Complaint.objects.all(), "bina marga")) == [cases["told"]]
    assert not search(Complaint.objects.all(), "pekerjaan umum").exists()


def test_a_case_that_changes_hands_is_found_by_its_new_agency(cases):
    Complaint.objects.filter(pk=cases["told"].pk).update(agency=cases["other"].agency)
    assert cases["told"] in search(Complaint.objects.all(), "kesehatan")


def test_what_was_erased_is_found_no_more():
    case = closed(subject="Pungutan liar Anselmus", description="Anselmus minta uang.", location="Kantor")
    assert list(search(Complaint.objects.all(), "anselmus")) == [case]
    erase_person(case.pk, by=None, now=FRIDAY + DAY, reason="Diminta")
    assert not search(Complaint.objects.all(), "anselmus").exists()
    case.refresh_from_db()
    assert "anselmus" not in case.search_text
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT document::text FROM {SEARCH} WHERE rowid = %s", [case.pk])
            assert "anselmus" not in cursor.fetchone()[0]


def test_a_case_that_is_deleted_is_found_no_more(cases):
    lost = Complaint.objects.create(
        number="KPG-1",
        state="closed",
        subject="Hilang sekali",
        description="-",
        received_at=FRIDAY,
        is_live=False,
    )
    assert search(Complaint.objects.all(), "hilang").exists()
    lost.delete()
    assert not search(Complaint.objects.all(), "hilang").exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {SEARCH}")
        assert cursor.fetchone()[0] == Complaint.objects.count()


def test_check_integrity_notices_other_words(cases):
    assert check_integrity(FRIDAY)["case_found_by_other_words"] == []
    Complaint.objects.filter(pk=cases["told"].pk).update(search_text="lain")
    assert check_integrity(FRIDAY)["case_found_by_other_words"] == [cases["told"].number]


def test_check_integrity_notices_a_case_that_the_index_does_not_hold(cases):
    case = cases["told"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {SEARCH} WHERE rowid = %s", [case.pk])
        else:  # as its own trigger takes a case out
            row = [case.pk, case.search_text, case.agency_id, case.area_id]
            columns = "rowid, search_text, agency_id, area_id"
            cursor.execute(
                f"INSERT INTO {SEARCH}({SEARCH}, {columns}) VALUES ('delete', %s, %s, %s, %s)", row
            )
    assert check_integrity(FRIDAY)["case_found_by_other_words"] == [case.number]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_normal_form_is_one(form):
    for text in (SUBJECT, DESCRIPTION, PLACE):
        assert words_of(unicodedata.normalize(form, text)) == words_of(text)


def test_what_is_stored_is_found_by_each_of_its_words():
    """Whatever is typed as it stands is found: each way of each term is among the stored words."""
    stored = set(words_of(SUBJECT, DESCRIPTION, PLACE).split())
    for text in (SUBJECT, DESCRIPTION, PLACE):
        for term in asked(text, 1000):
            assert any(all(_held(word, stored) for word in way) for way in term.ways), term


def _held(word, stored):
    return any(each.startswith(word.text) if word.is_beginning else each == word.text for each in stored)


@pytest.mark.parametrize("common", [0, 2**63], ids=["many have it", "most have it"])
def test_a_common_word_is_looked_for_case_by_case(cases, monkeypatch, common):
    """With more hits than are read at once the same is found, by another way."""
    monkeypatch.setattr("complaints.search.MOST", 0)
    monkeypatch.setattr("complaints.search.COMMON", common)
    for text in FOUND:
        assert list(search(Complaint.objects.all(), text)) == [cases["told"]], text
    for text in MISSED:
        assert not search(Complaint.objects.filter(pk=cases["told"].pk), text).exists(), text


def test_the_words_of_a_case_itself_tell_the_same(cases):
    """What is asked of cases one by one where most have a word, on either database."""
    told, rows, places = cases["told"], Complaint.objects.all(), _places()
    for text in (*FOUND, *MISSED):
        terms = [(term, _meant(term, places)) for term in asked(text, MAX_TERMS)]
        within = {"none": [], "its own": [told.agency_id], "another": [cases["other"].agency_id]}
        for where, agencies in within.items():
            asks = Hits("", [], many=True, own=_Ask(terms, agencies))
            found = told in asks.among(rows)
            assert found == (text in FOUND and where != "another"), (text, where)


@pytest.mark.parametrize(("most", "tried"), [(5000, 1500), (1, 1500), (1, 1), (1, 0)])
def test_the_page_counts_what_it_found(client, in_english, monkeypatch, most, tried):
    """Few or many, and where those that are tried are not enough to tell."""
    monkeypatch.setattr("complaints.search.MOST", most)
    monkeypatch.setattr("complaints.search.TRIED", tried)
    client.force_login(make_user(Role.SUPERVISOR))
    for _ in range(3):
        assigned(subject="Tanggul jebol")
    for path in ("/staff/cases/?queue=all&q=tanggul", "/oversight/search/?q=tanggul"):
        response = client.get(path)
        assert [len(response.context["listed"]), response.context["found"]] == [3, "3"]
    assert client.get("/staff/cases/?queue=all&q=tanggul&state=closed").context["found"] == "0"


def test_an_agency_finds_its_own_only(client, cases):
    works, health = cases["told"].agency, cases["other"].agency
    for agency, text, found in (
        (works, "trotoar", 1),
        (health, "trotoar", 0),
        (health, "bau", 1),
        (works, "bau", 0),
    ):
        client.force_login(make_user(Role.OFFICER, agency))
        listed = client.get("/staff/cases/", {"queue": "all", "q": text}).context["listed"]
        assert len(listed) == found, (agency, text)
