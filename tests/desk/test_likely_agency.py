"""The agency most likely responsible, by the city's own lists of words."""

import csv
import json

import pytest
from django.conf import settings

from complaints.likely import Likely, likely
from complaints.mentions import Unit, unit_names
from tests.shared import shared_data

# Samarinda's offices by those of Kupang with the same duties. Offices of districts are left out: the ward finds them.
SAME_DUTIES = {
    "Dinas Komunikasi dan Informatika": "KPG-KOMINFO",
    "Dinas Perhubungan": "KPG-DISHUB",
    "Dinas Pekerjaan Umum dan Penataan Ruang": "KPG-PUPR",
    "Perumdam Tirta Kencana": "KPG-PDAM",
    "Dinas Pendidikan": "KPG-DISDIKBUD",
    "SATUAN POLISI PAMONG PRAJA": "KPG-SATPOLPP",
    "Dinas Lingkungan Hidup": "KPG-DLHK",
    "Dinas Kesehatan": "KPG-DINKES",
    "Puskesmas Baqa": "KPG-DINKES",
    "Dinas Kependudukan dan Catatan Sipil": "KPG-DISDUKCAPIL",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu": "KPG-DPMPTSP",
    "Dinas Perumahan dan Permukiman": "KPG-PRKP",
    "Kecamatan Sungai Kunjang": "",
}


def phrases(found: list[Likely]) -> dict[str, tuple[str, ...]]:
    return {each.code: each.phrases for each in found}


def test_the_words_stand_in_order_with_few_others_between() -> None:
    lists = {"PU": ["jalan rusak"]}
    assert phrases(likely("", "Jalan-nya sudah RUSAK parah", lists)) == {"PU": ("jalan rusak",)}
    assert likely("", "Jalan Sam Ratulangi gelap dan pagarnya rusak", lists) == []
    assert likely("", "Rusak, jalan itu", lists) == []


def test_any_ending_is_meant_by_a_star_and_none_without() -> None:
    assert phrases(likely("", "Lampunya padam", {"A": ["lampu*"], "B": ["lampu"]})) == {"A": ("lampu",)}


def test_what_many_have_says_less_and_the_title_more() -> None:
    lists = {"A": ["air", "pasar"], "B": ["air"], "C": ["pipa bocor"]}
    found = likely("Pasar becek", "Air dari pipa yang bocor", lists)
    assert [(each.code, each.score) for each in found] == [("A", 2.5), ("C", 2), ("B", 0.5)]
    assert found[0].phrases == ("pasar", "air")


@pytest.mark.parametrize("words", ["", "…", "x" * 9000, "jalan " * 3000])
def test_whatever_is_written_there_is_an_answer(words: str) -> None:
    assert likely(words, words, {"A": ["jalan rusak", "*", ""]}) == []


def test_of_samarindas_reports_seven_in_ten_have_their_agency_among_the_first_three() -> None:
    rows = list(
        csv.DictReader(shared_data("complaints", "samarinda_lapor_2024.csv").open(encoding="utf-8-sig"))
    )
    lists = kupangs_lists()
    sent = [row for row in rows if row["Instansi Terdisposisi"]]
    hits = [SAME_DUTIES[row["Instansi Terdisposisi"]] in first_three(row, lists) for row in sent]
    assert len(hits) == 35
    assert sum(hits) / len(hits) >= 0.7, f"{sum(hits)} of {len(hits)}"


def first_three(row: dict[str, str], lists: dict[str, list[str]]) -> list[str]:
    return [each.code for each in likely(row["Judul Laporan"], row["Isi Laporan Awal"], lists)[:3]]


def kupangs_lists() -> dict[str, list[str]]:
    """As desk/routing.py puts them together."""
    folder = settings.BASE_DIR / "fixtures"
    lists = {
        row["code"]: row["keywords"]
        + [" ".join(name) for name in unit_names(Unit(row["code"], row["name"], row["short_name"]))]
        for row in json.loads((folder / "cities/kupang/agencies.json").read_text())
        if not row["is_external"] and row["code"].startswith("KPG")
    }
    for row in json.loads((folder / "common/categories.json").read_text()):
        if (code := row["agency_kind_codes"].get("kupang")) in lists:
            lists[code] += row["keywords"]
    return lists
