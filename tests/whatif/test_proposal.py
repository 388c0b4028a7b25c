"""A proposal is understood, or the mistake is named with its place."""

from datetime import date, time
from pathlib import Path

import pytest

from complaints.clock.arithmetic import Target, Unit
from escalation.whatif.policy import Rule
from escalation.whatif.proposal import Known, Proposal, ProposalError, parse, read_toml

ROOT = Path(__file__).resolve().parent.parent.parent
KNOWN = Known(frozenset({"complaint", "oversight", "aspiration", "information"}), frozenset({"road-damage"}))
pytestmark = pytest.mark.usefixtures("in_english")


def read(text: str) -> Proposal:
    return parse(read_toml(text), KNOWN)


def test_the_example_of_the_documentation_is_understood() -> None:
    page = (ROOT / "docs" / "what-if.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    proposal = read(example)
    assert proposal.targets["complaint", "", "resolution"] == Target(10, Unit.WORKING_DAYS)
    assert ("complaint", "road-damage", "resolution") in proposal.targets
    assert proposal.add_days_off and proposal.remove_days_off
    assert proposal.hours[4] == ((time(7, 30), time(11)),)
    assert proposal.acknowledge == {1: Target(2, Unit.WORKING_DAYS)}
    assert proposal.rules is not None and len(proposal.rules) > 3


def test_a_rule_says_what_its_trigger_counts() -> None:
    found = read(
        """
        [[rules]]
        trigger = "overdue"
        stage = "resolution"
        amount = "16 working_hours"
        level = 2
        acknowledge = "1 working_days"
        [[rules]]
        trigger = "repeated"
        amount = 5
        within_days = 30
        level = 2
        """
    ).rules
    acknowledge = Target(1, Unit.WORKING_DAYS)
    assert found == (
        Rule("overdue", 2, stage="resolution", amount=16, unit=Unit.WORKING_HOURS, acknowledge=acknowledge),
        Rule("repeated", 2, amount=5, within_days=30),
    )


def test_days_may_be_written_as_dates_or_as_text() -> None:
    wanted = frozenset({date(2026, 12, 28)})
    assert read("[calendar]\nadd_days_off = [2026-12-28]").add_days_off == wanted
    assert read('[calendar]\nadd_days_off = ["2026-12-28"]').add_days_off == wanted


def test_a_name_alone_changes_nothing_and_an_empty_ladder_does() -> None:
    assert read('title = "Nothing"').changes_nothing
    assert not read("rules = []").changes_nothing


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[targets.compliant]\nresolution = '3 working_days'", "targets.compliant"),
        ("[targets.complaint]\nresolutoin = '3 working_days'", "targets.complaint.resolutoin"),
        ("[targets.complaint]\nresolution = 3", "targets.complaint.resolution"),
        ("[targets.complaint]\nresolution = '0 working_days'", "targets.complaint.resolution"),
        ("[targets.complaint]\nresolution = '3 weeks'", "targets.complaint.resolution"),
        ("[targets.complaint]\nconfirmation = '3 working_days'", "targets.complaint.confirmation"),
        (
            "[targets.complaint.categories.moon]\nresolution = '3 working_days'",
            "targets.complaint.categories.moon",
        ),
        ("targets = 3", "targets"),
        ("[calendar]\nadd_days_off = ['tomorrow']", "calendar.add_days_off"),
        ("[calendar]\nadd_days_off = '2026-12-28'", "calendar.add_days_off"),
        ("[calendar]\nadd_days_off = [2026-12-28]\nremove_days_off = [2026-12-28]", "calendar"),
        ("[calendar]\nclosed = true", "calendar.closed"),
        ("[calendar.hours]\nfriday = ['12:00-07:30']", "calendar.hours.friday"),
        ("[calendar.hours]\nfreitag = []", "calendar.hours.freitag"),
        ("[acknowledge]\nlevel_4 = '1 working_days'", "acknowledge.level_4"),
        ("[[rules]]\nlevel = 1", "rules[1].trigger"),
        ("[[rules]]\ntrigger = 'breach'", "rules[1].level"),
        ("[[rules]]\ntrigger = 'breach'\nlevel = true", "rules[1].level"),
        ("[[rules]]\ntrigger = 'share'\nlevel = 1\namount = 100", "rules[1].amount"),
        ("[[rules]]\ntrigger = 'overdue'\nlevel = 1\namount = 5", "rules[1].amount"),
        ("[[rules]]\ntrigger = 'repeated'\nlevel = 1\namount = 5", "rules[1].within_days"),
        ("[[rules]]\ntrigger = 'breach'\nlevel = 1\n[[rules]]\ntrigger = 'breach'\nlevel = 1", "rules[2]"),
        ("[[rules]]\ntrigger = 'breach'\nlevel = 1\nstage = 'confirmation'", "rules[1].stage"),
        ("rules = 3", "rules"),
        ("as_on = 'soon'", "as_on"),
        ("colour = 'red'", "colour"),
        ("title = 3", "title"),
        ('title = "a\\u0000b"', "title"),
        (f"[targets.complaint]\nresolution = '{'9' * 5000} working_days'", "targets.complaint.resolution"),
        ("[calendar.hours]\nmonday = ['07:30-07:31']", "calendar.hours.monday"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ProposalError) as caught:
        read(text)
    assert caught.value.place == place
    assert str(caught.value).startswith(f"{place}: ")


@pytest.mark.parametrize("text", [f"a = {'9' * 5000}", f"a = {'[' * 5000}", f"a{'.a' * 5000} = 1"])
def test_what_python_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ProposalError):
        read(text)


def test_what_is_not_toml_is_named_with_its_line() -> None:
    with pytest.raises(ProposalError, match="line 2"):
        read("[targets.complaint]\nresolution = \nverification = 3")
