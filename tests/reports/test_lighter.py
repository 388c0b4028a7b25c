"""WeasyPrint started without what no paper needs; that its pages are the same shows in the tests of the papers."""

import subprocess
import sys
from importlib import import_module

import pytest
from django.conf import settings

from reports.pages.lighter import PUT_OFF, stand_in, tree_of

ALONE = """
import sys
def refuse(event, _about):
    assert event != "subprocess.Popen", event
sys.addaudithook(refuse)
from reports.pages.lighter import load
weasyprint = load()
assert not [name for name in sys.modules if name.startswith("fontTools.varLib.") and "instancer" not in name]
assert weasyprint.HTML(string="<p>a<p>b").etree_element.tag == "html"
"""


def test_the_printer_starts_without_another_process_and_without_tools_for_other_fonts():
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_was_put_off_is_the_real_thing_when_it_is_called(monkeypatch):
    name = "fontTools.subset"
    module = stand_in(name, PUT_OFF[name])
    monkeypatch.setitem(sys.modules, name, module)
    made = module.Options(hinting=False)
    assert type(made) is import_module(name).Options and not made.hinting


@pytest.mark.parametrize("html", ["<html><body><p>a<p>b", "<p>a&nbsp;b</p>", "<p>a\x0cb</p>", "<p a=b>c</p>"])
def test_what_is_not_well_formed_is_left_to_the_other_parser(html):
    assert tree_of(html) is None
