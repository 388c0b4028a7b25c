"""script/mutate breaks each kind of rule, and leaves alone what no rule stands in."""

import sys
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = str(Path(settings.BASE_DIR) / "script")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch):
    """`broken(source)`: that source in each broken form."""
    monkeypatch.syspath_prepend(SCRIPT)
    monkeypatch.delitem(sys.modules, "mutants", raising=False)
    from mutants import mutants

    return lambda source: [mutant.apply(source.encode()).decode() for mutant in mutants(source)]


@pytest.mark.parametrize(
    ("source", "forms"),
    [
        ("is_late = due < now", ["is_late = (due <= now)"]),
        ("is_same = kind == other", ["is_same = (kind != other)"]),
        ("if a or b:\n    c = d", [f"if {x}:\n    c = d" for x in ("(a and b)", "(a)", "(b)")]),
        ("free = not taken", ["free = (taken)"]),
        ("both = one | two", ["both = (one & two)"]),
        ("days = 3", ["days = (2)", "days = (4)"]),
        ("is_open = True", ["is_open = (False)"]),
        ("change.clockwork.pause(now)", ["pass"]),
        ("clock.warned_at = None", ["pass"]),
        ("case.cycle += by", ["pass"]),
        ("def f(x):\n    return x", ["def f(x):\n    return None"]),
        ("found = rows(complaint=pk, actor=me)", ["found = (rows(actor=me))"]),
        ("name = a if b else c", ["name = (a if not b else c)"]),
    ],
)
def test_each_rule_of_a_line_is_broken(broken, source: str, forms: list[str]) -> None:
    assert sorted(broken(source)) == sorted(forms)


@pytest.mark.parametrize(
    "source",
    [
        '"""Says 3 and not 4."""',
        "from a import b",
        "assert amount > 0",
        'logger.error("a batch of %d failed", 3)',
        'reason = _("Say how many days: 3")',
        'said = _("Only %(n)d") % {"n": 3}',
        "class Case:\n    number = CharField(max_length=30, unique=True)",
        "class Case:\n    def __str__(self):\n        return self.number",
        "def f(x: Literal[3]) -> Literal[True]: ...",
    ],
)
def test_where_no_rule_stands_nothing_is_broken(broken, source: str) -> None:
    assert broken(source) == []
