"""Which words name an office or its people, and which only ask it for something."""

import pytest

from complaints.mentions import Person, Unit, mentions, name_words, phrase_of, unit_names
from tests.test_fixtures import rows

PUPR = Unit("KPG-PUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "PUPR")
CAPIL = Unit("KPG-DISDUKCAPIL", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil")
OESAPA = Unit("PKM-OESAPA", "Puskesmas Oesapa", "PKM Oesapa")
SATPOL = Unit("KPG-SATPOLPP", "Satuan Polisi Pamong Praja", "Satpol PP")
ALAK = Unit("53.71.01", "Kecamatan Alak", "Kec. Alak")
RSUD = Unit("KPG-RSUD", "RSUD S.K. Lerik", "RSUD SK Lerik")
ITKOT = Unit("KPG-ITKOT", "Inspektorat Daerah Kota Kupang", "Inspektorat")
UNITS = [PUPR, CAPIL, OESAPA, SATPOL, ALAK, RSUD, ITKOT]
PEOPLE = [
    Person("Drs. H. Oktovianus Nalle, M.Si.", PUPR.code, is_head=True),
    Person("Maria Goreti Lopo, S.KM", OESAPA.code),
    Person("Ahmad Yani", SATPOL.code),
    Person("Siti Bengu", CAPIL.code),
    Person("Hana", ALAK.code, is_head=True),
]


CONDUCT = [phrase_of(row["phrase"]) for row in rows("common/conduct_phrases.json")]


def found(words: str) -> dict[str, list[str]]:
    return mentions(words, UNITS, PEOPLE, CONDUCT)


@pytest.mark.parametrize(
    "words",
    [
        "Dinas PU tolong perbaiki jalan di depan pasar",
        "Kepada Yth. Kepala Dinas PUPR, mohon jalan ini segera diaspal. Terima kasih.",
        "Di Puskesmas Oesapa pelayanannya ramah sekali",
        "Mohon Satpol PP menertibkan pedagang di trotoar",
        "Sampah menumpuk di Kecamatan Alak",
        "Jalan Ahmad Yani berlubang, tolong Disdukcapil",
        "Di Jl. Ahmad Yani ada pungli parkir",  # a street, though somebody is called so
        "Pak RT dan Bu Siti sudah melapor",  # as many are called
        "Maria dari warung sebelah melihat air mati",
        "Air bersih mati, warga marah",
        "Ada pungli parkir di Oesapa dan Alak",
        "",
    ],
)
def test_who_is_asked_for_something_is_not_accused(words: str) -> None:
    assert found(words) == {}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Petugas Dinas PU minta uang rokok supaya jalan diaspal", {PUPR.code: ["unit"]}),
        ("Ada pungli di Dukcapil, KTP saya dipersulit", {CAPIL.code: ["unit"]}),
        ("oknum di dinas kependudukan dan pencatatan sipil", {CAPIL.code: ["unit"]}),
        ("Petugas loket pkm Oesapa ngobrol terus dan tidak sopan", {OESAPA.code: ["unit"]}),
        ("Gas saya dibawa satpolpp, orangnya marah-marah", {SATPOL.code: ["unit"]}),
        ("Perawat RSUD SK Lerik membentak ibu saya", {RSUD.code: ["unit"]}),
        ("Kadis PUPR menerima suap dari kontraktor", {PUPR.code: ["head"]}),
        ("Kepala Dinas Pekerjaan Umum melakukan korupsi", {PUPR.code: ["head"]}),
        ("Pak Camat Alak menolak melayani kami, sombong sekali", {ALAK.code: ["head"]}),
        ("Kapus Oesapa sering bolos", {OESAPA.code: ["head"]}),
        ("The officer of Disdukcapil asked for money", {CAPIL.code: ["unit"]}),
        ("Inspektorat pilih kasih", {ITKOT.code: ["unit"]}),
        ("DISDUKCAPIL PUNGLI", {CAPIL.code: ["unit"]}),
    ],
)
def test_an_office_counts_where_its_conduct_is_spoken_of(words: str, named: dict[str, list[str]]) -> None:
    assert found(words) == named


def test_what_is_said_far_from_the_office_is_not_said_of_it() -> None:
    far = " ".join(["lampu"] * 30)
    assert found(f"Terima kasih Dinas PU {far} kemarin ada pungli parkir di pasar") == {}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Oktovianus Nalle tidak pernah datang", {PUPR.code: ["head"]}),
        ("Nalle, Oktovianus yang memutuskan", {PUPR.code: ["head"]}),
        ("Pak Oktovianus sudah saya hubungi", {PUPR.code: ["head"]}),
        ("petugas bernama Lopo", {}),  # four letters may be anything
        ("Ibu Goreti di loket", {OESAPA.code: ["staff"]}),
        ("Maria G. Lopo", {OESAPA.code: ["staff"]}),
        ("MARIA LOPO", {OESAPA.code: ["staff"]}),
        ("Ibu Hana dari kecamatan", {ALAK.code: ["head"]}),  # her whole name
        ("Hana saja", {}),
        ("Bapak Ahmad Yani", {SATPOL.code: ["staff"]}),
        ("Oktovianus", {}),
        ("Nallé dan Oktovianús", {PUPR.code: ["head"]}),
    ],
)
def test_people_count_by_two_words_of_their_name_or_a_rare_one_that_is_addressed(
    words: str, named: dict[str, list[str]]
) -> None:
    assert found(words) == named


def test_a_rare_word_that_two_people_bear_names_neither() -> None:
    two = [Person("Yustina Manafe", "A"), Person("Robert Manafe", "B")]
    assert mentions("Pak Manafe kasar", [], two, CONDUCT) == {}
    assert mentions("Ibu Yustina Manafe", [], two, CONDUCT) == {"A": ["staff"]}


def test_office_head_and_staff_of_one_office_stand_in_one_order() -> None:
    words = "Pungli di dukcapil, kepala disdukcapil dan Siti Bengu tahu"
    assert found(words) == {CAPIL.code: ["unit", "head", "staff"]}


def test_titles_are_no_part_of_a_name() -> None:
    assert name_words("Drs. H. Oktovianus Nalle, M.Si.") == ("oktovianus", "nalle")


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        (PUPR, {"dinas pu", "dinas pupr", "pupr", "dpupr", "dinas pekerjaan umum"}),
        (CAPIL, {"dukcapil", "disdukcapil", "dinas dukcapil", "dinas kependudukan"}),
        (OESAPA, {"puskesmas oesapa", "pkm oesapa", "pusk oesapa"}),
        (SATPOL, {"satpol pp", "satpolpp", "satpol"}),
        (ALAK, {"kec alak", "kantor camat alak"}),
    ],
)
def test_an_office_goes_by_the_names_that_people_use(unit: Unit, names: set[str]) -> None:
    assert names <= {" ".join(name) for name in unit_names(unit)}


def test_nothing_that_is_a_common_word_names_an_office() -> None:
    called = {name for unit in UNITS for name in unit_names(unit)}
    assert not called & {("pu",), ("dinas",), ("kecamatan",), ("dpr",), ("alak",), ("pp",), ("daerah",)}


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("Uang  Rokok", ("uang", "rokok")),
        ("suap*", ("suap*",)),
        ("Bérkata kasar!", ("berkata", "kasar")),
        (" * ", ()),
        ("illegal fee*", ("illegal", "fee*")),
    ],
)
def test_a_phrase_is_looked_for_as_people_write_it(typed: str, looked_for: tuple[str, ...]) -> None:
    assert phrase_of(typed) == looked_for


def test_what_counts_as_conduct_is_the_city_s_choice() -> None:
    words = "Petugas Dinas PU tidur di kantor"
    assert mentions(words, UNITS, PEOPLE, CONDUCT) == {}
    assert mentions(words, UNITS, PEOPLE, [*CONDUCT, phrase_of("tidur*")]) == {PUPR.code: ["unit"]}
    assert mentions("Pungli di Dukcapil", UNITS, PEOPLE, []) == {}
