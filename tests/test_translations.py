"""What script/translations.py sees of the texts, whatever version of Python looks."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "script" / "translations.py"


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("""_("One") + f"{name}" """, set()),
        ("""f"{words} {_('One')}" """, {1}),
        ("""x = 1\nf"{', '.join([str(ngettext('%d day', '%d days', n))])}" """, {2}),
        ("""f"{n:{translation.gettext('%d')}}" """, {1}),
        ("""f"{shown(_)}" """, set()),
        ("""from django.utils.translation import gettext as _, ngettext, override as speak""", set()),
        ("""from django.utils.translation import gettext as say""", {1}),
    ],
)
def test_a_text_where_it_may_not_be_found_is_refused(
    translations: ModuleType, source: str, lines: set[int]
) -> None:
    assert {line for line, _why in translations.hiding_places(source)} == lines


def test_no_text_of_ours_is_in_such_a_place(translations: ModuleType) -> None:
    assert list(translations.hidden()) == []


ROOT = SCRIPT.parent.parent
# Words of offices, and words for which docs/wording.md has another.
NEVER = re.compile(
    r"\b(surel|papan tik|opd|perangkat daerah|dinas terkait|kode lacak|antrian|silahkan|deadline|upload|login"
    r"|komitmen|penyisiran|pekerja latar|tanggapan pertama|disanggah|dibantah|bantahan|potret data|saringan"
    r"|laporan terbuka)\b",
    re.IGNORECASE,
)
NOT_TO_CITIZENS = re.compile(
    r"eskalasi|disposisi|\b(dinas|tiket|kasus|keluhan|sengketa|komplain|gugur)\b", re.IGNORECASE
)
EXTENDS = re.compile(r'{% extends "(base_public|mail/(citizen|forum|voice))')


def test_words_that_are_not_ours_stand_in_no_text_and_words_of_offices_on_no_page_of_citizens() -> None:
    pages = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.*")
        if "complaints/public" in str(path) or EXTENDS.search(path.read_text())
    }
    found, texts = set[str](), 0
    for entry in (ROOT / "locale/id/LC_MESSAGES/django.po").read_text().split("\n\n"):
        said = "".join(re.findall(r'"(.*)"', entry[entry.find("\nmsgstr") :]))
        places = set(" ".join(line[2:] for line in entry.splitlines() if line.startswith("#:")).split())
        to_citizens = bool(places & pages) or any(place.startswith("complaints/public/") for place in places)
        texts += to_citizens
        found |= {said} if NEVER.search(said) or (to_citizens and NOT_TO_CITIZENS.search(said)) else set()
    assert len(pages) > 50 and texts > 400
    assert not found
