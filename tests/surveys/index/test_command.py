"""`manage.py survey_index`: an office's own file comes in as it is."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.shared import shared_data

pytestmark = pytest.mark.usefixtures("in_english")
HEADER = ",".join(f"U{n}" for n in range(1, 10))


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(path: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("survey_index", path, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "answers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_answers_of_sekadau_are_b_or_c() -> None:
    found = told(shared_data("skm", "sekadau_2019_sem1_first49.csv"))
    assert found["index"] == pytest.approx(78.7415, abs=0.00005)
    assert found["margin"] == pytest.approx(2.42, abs=0.005)
    assert (found["grade"], found["grades"], found["respondents"]) == ("B", ["B", "C"], 49)
    assert any("B or C" in warning for warning in found["warnings"])
    assert found["sample"]["asked_for"] == 384
    assert found["assumptions"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_marks_of_byte_order_are_taken_as_they_come(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    text = f"no_responden,{HEADER}\r\n1,4,4,4,4,4,4,4,4,3\r\n\r\n2,4,4,4,4,4,4,4,4,4\r\n"
    found = told(file(tmp_path, text.replace(",", delimiter).encode(encoding)))
    assert found["respondents"] == 2
    assert found["elements"]["facilities"] == 3.5
    assert not any("not read" in warning for warning in found["warnings"])


def test_the_order_of_the_questionnaire_swaps_the_last_two(tmp_path: Path) -> None:
    path = file(tmp_path, f"{HEADER}\n4,4,4,4,4,4,4,1,3\n4,4,4,4,4,4,4,1,3\n")
    by_rule, by_form = told(path), told(path, order="questionnaire")
    assert (by_rule["elements"]["complaints"], by_form["elements"]["complaints"]) == (1, 3)
    assert by_rule["index"] == by_form["index"]


def test_words_in_a_header_say_more_than_its_number(tmp_path: Path) -> None:
    header = HEADER.replace("U8", "U8 Sarana dan Prasarana").replace("U9", "U9. Penanganan pengaduan")
    found = told(file(tmp_path, f"{header}\n4,4,4,4,4,4,4,1,3\n"))
    assert (found["elements"]["facilities"], found["elements"]["complaints"]) == (1, 3)
    assert found["assumptions"] == []


def test_columns_named_by_keys_are_known_in_any_order(tmp_path: Path) -> None:
    found = told(file(tmp_path, "facilities,Stempel waktu,time,U4\n1,x,2,3\n"))
    assert found["elements"] == {"time": 2, "cost": 3, "facilities": 1}
    assert any("Stempel waktu" in warning for warning in found["warnings"])
    assert any("over the other 3" in warning for warning in found["warnings"])


def test_what_is_no_answer_is_ignored_and_counted(tmp_path: Path) -> None:
    rows = "4,4,4,4,4,4,4,4,4\n0,5,,4,4,4,4,4,4\n,,,,,,,,x\n"
    found = told(file(tmp_path, f"{HEADER}\n{rows}"))
    assert (found["index"], found["respondents"], found["without_answers"]) == (100, 2, 1)
    warnings = " ".join(found["warnings"])
    assert "procedure: 1 values ignored" in warnings
    assert "facilities: 1 values ignored" in warnings
    assert "1 respondents left elements open" in warnings


def test_a_small_sample_is_said_aloud(tmp_path: Path) -> None:
    path = file(tmp_path, f"{HEADER}\n" + "4,4,4,4,3,4,4,4,4\n4,4,3,4,4,4,4,4,4\n" * 10)
    assert "20 respondents, fewer than 30" in " ".join(told(path)["warnings"])
    assert "20 respondents of the 80 asked for" in " ".join(told(path, population=100)["warnings"])
    assert "more respondents than users" in " ".join(told(path, population=10)["warnings"])


def test_without_answers_there_is_no_figure(tmp_path: Path) -> None:
    found = told(file(tmp_path, f"{HEADER}\n"))
    assert (found["index"], found["grade"], found["elements"]) == (None, None, {})
    assert any("no index" in warning for warning in found["warnings"])


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), ("a,b\n1,2\n", "U1 to U9"), ("U1,Persyaratan U1,U1\n1,2,3\n", "same element")],
)
def test_a_file_that_is_no_table_of_answers_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        told(file(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        told(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="at least one"):
        told(file(tmp_path, "U1\n4\n"), population=0)


def test_people_can_read_it_too(tmp_path: Path) -> None:
    out = StringIO()
    call_command(
        "survey_index", file(tmp_path, f"{HEADER}\n4,4,4,4,4,4,4,4,3\n4,4,4,4,4,4,4,4,4\n"), stdout=out
    )
    assert "Index 98.61 ± 17.65, grade A or B" in out.getvalue()


def test_a_script_reads_english_whatever_the_city_speaks(tmp_path: Path) -> None:
    path = file(tmp_path, f"{HEADER}\n4,4,4,4,4,4,4,4,3\n")
    with translation.override("id"):
        assert "too small" in " ".join(told(path)["warnings"])


def test_weights_of_ones_own_are_counted_with_and_shown(tmp_path: Path) -> None:
    path = file(tmp_path, "U1,U2,U8,U9\n4,1,2,3\n4,1,2,3\n")
    found = told(path, weights="U1=1/2, procedure=0.25,u8=0.25,facilities=0")
    assert found["index"] == 25 * (4 / 2 + 1 / 4 + 2 / 4)
    assert found["weights"] == {
        "requirements": "1/2",
        "procedure": "1/4",
        "complaints": "1/4",
        "facilities": "0",
    }
    assert "Weights of your own" in found["assumptions"][0]
    swapped = told(path, weights="U1=1/2,U2=1/4,U8=1/4,U9=0", order="questionnaire")
    assert swapped["weights"]["facilities"] == "1/4"
    out = StringIO()
    call_command("survey_index", path, weights="U1=1/2,U2=1/4,U8=1/4,U9=0", stdout=out)
    assert "requirements   4.000 × 1/2" in out.getvalue()
    assert told(path)["weights"]["facilities"] == "1/4"


@pytest.mark.parametrize(
    "weights",
    [
        "U1=0.11,U2=0.89",
        "U1=1",
        "U1=0.5,U2=0.25,U8=0.25,U9=0.01",
        "U1=2,U2=-1,U8=0,U9=0",
        "U1=x",
        "U1=0.5,U1=0.5",
        "U0=1",
    ],
)
def test_weights_that_do_not_sum_to_one_or_name_other_elements_are_refused(
    tmp_path: Path, weights: str
) -> None:
    with pytest.raises(CommandError, match="weight") as refused:
        told(file(tmp_path, "U1,U2,U8,U9\n4,1,2,3\n"), weights=weights)
    assert refused.value.returncode == 2
