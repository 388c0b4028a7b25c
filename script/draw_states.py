"""Draws the life of a complaint as docs/states.md shows it: a diagram and a table, from the code's own tables.

script/draw_states.py          writes both into docs/states.md, between its two marks
script/draw_states.py check    fails when what stands there is not what the code says
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from complaints.permissions import RIGHTS  # noqa: E402 - found by the lines above
from complaints.states import OPEN, TERMINAL, TRANSITIONS, Edge, State, Verb  # noqa: E402

PAGE = ROOT / "docs" / "states.md"
BEGIN, END = "<!-- drawn by script/draw_states.py: begin -->", "<!-- drawn by script/draw_states.py: end -->"
# What a transition needs beside state, scope and right. The services check it; this is their summary.
NEEDS: dict[Verb, str] = {
    Verb.SUBMIT: "what happened, and a category or a service; a clerk needs no category",
    Verb.ASK_CITIZEN: "a question, a receipt to answer with; the city's clocks stand still for two in a round, "
    "the citizen's own starts",
    Verb.ASK_FOR_PART: "an officer of a part of it, who asks through the whole; falls with that part",
    Verb.ANSWER: "words or a file; the clocks go on where they stood",
    Verb.LAPSE: "the citizen's time to answer is up",
    Verb.REJECT: "a reason from the list, and words for the citizen",
    Verb.MERGE: "an open case of the same kind; nothing was merged into this one",
    Verb.ASSIGN: "an active agency of the city (oversight: the inspectorate); each further one gets a part; where "
    "the words complain about who gets it, an answer whether it is about them",
    Verb.HAND_BACK: "why; not while parts of it are open",
    Verb.REASSIGN: "a decision on an escalation; another agency that may take it, for a head one of their own line; "
    "the same answer",
    Verb.ACCEPT: "an active officer of the case's agency as handler",
    Verb.RESOLVE: "a public answer, a file where the category asks for evidence, no open part",
    Verb.CONFIRM: "nothing; a rating from 1 to 4 and a comment if the citizen likes",
    Verb.DISPUTE: "why; a new cycle with a new resolution target begins, and the ladder looks at once",
    Verb.AUTO_CLOSE: "the citizen's time to confirm or dispute is up",
    Verb.REFER: "an outside body and its reference; later its citizen is asked whether that body answered",
    Verb.BRING_BACK: "the outside body did not answer; staff say why. A new round begins, before the supervisors",
    Verb.WITHDRAW: "nothing; a reason if the citizen likes",
    Verb.GO_ON: "the main case ended without an answer for it, or its citizen does not accept the answer there; "
    "it lies where that one lay, with its own promise",
}


def diagram() -> str:
    """Mermaid. What is possible from every open state is drawn once, from the box around them."""
    lines = ["```mermaid", "stateDiagram-v2", "    state open {"]
    lines += [f"        {state}" for state in State if state in OPEN]
    lines.append("    }")
    for verb, edge in TRANSITIONS.items():
        lines += [
            f"    {source} --> {target}: {verb}"
            for source in _sources(edge)
            for target in _sorted(edge.targets)
        ]
    lines += [f"    {state} --> [*]" for state in _sorted(TERMINAL)]
    return "\n".join([*lines, "```"])


def table() -> str:
    rows = ["| transition | from | to | who | needs |", "|---|---|---|---|---|"]
    for verb, edge in TRANSITIONS.items():
        who = ", ".join(sorted(str(role.value) for role in RIGHTS[verb]))
        from_, to = (
            ", ".join(f"`{state}`" for state in _sorted(states)) for states in (edge.sources, edge.targets)
        )
        rows.append(
            f"| `{verb}` | {'any open' if edge.sources == OPEN else from_} | {to} | {who} | {NEEDS[verb]} |"
        )
    return "\n".join(rows)


def _sources(edge: Edge) -> list[str]:
    if edge.sources == OPEN:
        return ["open"]
    return ["[*]" if state == State.NEW else str(state) for state in _sorted(edge.sources)]


def _sorted(states: frozenset[State]) -> list[State]:
    """In the order of the enum, which is the order of a case's life."""
    return [state for state in State if state in states]


def drawn() -> str:
    return f"{BEGIN}\n\n{diagram()}\n\n{table()}\n\n{END}"


def redrawn(page: str) -> str:
    """The page with what the code says between its marks."""
    before, rest = page.split(BEGIN)
    return before + drawn() + rest.split(END)[1]


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    if arguments == ["check"]:
        if redrawn(page) == page:
            return 0
        print("docs/states.md is not what the code says; run script/draw_states.py")
        return 1
    if arguments:
        sys.exit(__doc__)
    PAGE.write_text(redrawn(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
