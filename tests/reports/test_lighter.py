"""WeasyPrint started without what no paper needs; that its pages are the same shows in the tests of the papers."""

import subprocess
import sys
from importlib import import_module
from inspect import unwrap

import pytest
from django.conf import settings

from reports.pages.columns import trying_less
from reports.pages.lighter import load, stand_in, tree_of

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


@pytest.mark.parametrize(
    ("columns", "style", "count", "least"), [(2, "break-inside: avoid", 12, 3), (3, "margin: 3px", 9, 1)]
)
def test_columns_come_out_the_same_with_fewer_trials(monkeypatch, columns, style, count, least):
    weasyprint, block = load(), import_module("weasyprint.layout.block")
    said = [f"<div><dt>{n}</dt><dd>{'a word and another ' * (n * 7 % 23)}</dd></div>" for n in range(count)]
    looks = f"@page {{ size: A5 }} dl {{ columns: {columns} }} div {{ {style} }}"
    html = f"<style>{looks}</style><dl>{''.join(said)}</dl>after"
    plain = unwrap(block.block_box_layout)
    trials: list[int] = []

    def counted(context, box, *given, **named):
        trials[-1] += box.is_column
        return plain(context, box, *given, **named)

    printed = []
    for lay_out in (counted, trying_less(counted)):
        trials.append(0)
        monkeypatch.setattr(block, "block_box_layout", lay_out)
        printed.append(weasyprint.HTML(string=html).write_pdf(pdf_identifier=b"1"))
    assert printed[0] == printed[1]
    assert trials[1] * least <= trials[0]
