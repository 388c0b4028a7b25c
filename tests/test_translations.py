"""What script/translations.py sees of the texts, whatever version of Python looks."""

import importlib.util
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
