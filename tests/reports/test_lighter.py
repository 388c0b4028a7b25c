"""WeasyPrint started without what no paper needs; that its pages are the same shows in the tests of the papers."""

import subprocess
import sys
from importlib import import_module

import pytest
from django.conf import settings

from reports.pages.lighter import stand_in, tree_of

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


def test_what_was_put_off_is_the_real_thing_when_it_is_called(monkeypatch, tmp_path):
    """Of a module of its own: the tools for fonts may be loaded once in a process only."""
    (tmp_path / "put_off.py").write_text("class Options:\n    hinting = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "put_off", stand_in("put_off", ("Options",)))
    made = sys.modules["put_off"].Options()
    assert type(made) is import_module("put_off").Options and made.hinting


@pytest.mark.parametrize("html", ["<html><body><p>a<p>b", "<p>a&nbsp;b</p>", "<p>a\x0cb</p>", "<p a=b>c</p>"])
def test_what_is_not_well_formed_is_left_to_the_other_parser(html):
    assert tree_of(html) is None
