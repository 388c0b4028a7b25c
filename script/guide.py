"""The blocks of code in the guides, and in which part of script/try_guide each of them runs.

    python3 script/guide.py STAGE      prints the shell script of a stage: its blocks, in the order of the plan

Runs on a bare Python: no package is needed.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?:^|\n\n)((?: {4,}[^\n]*\n)+)")
LIST = re.compile(r" +[*-] ")
ASKED = ("REPOSITORY", "TAG", "COPY", "FOLDER", "FILE", "MAP.toml", "ADDRESS_OF_AN_ADMINISTRATOR")
QUESTIONS = ("manage createsuperuser",)  # what asks at a terminal
OPTIONAL = re.compile(r" \[--[^\n]*\](?= --|$)|\s*\[--[^\[\]\n]*\]", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """One block of a page. `stage` is empty where it is left out, and `why` says why. `before` and `after` are
    functions of script/guide_answers.sh: what a person does between two blocks."""

    begins: str
    stage: str = ""
    why: str = ""
    before: str = ""
    after: str = ""


PLAN = {
    "deploying": (
        Part("apt-get update", "install", before="answer_the_five_questions"),
        Part("city=kupang", "guide"),
        Part("apt-get update", "guide"),
        Part('runuser -u postgres -- createuser "tuntas-$city"', "guide"),
        Part("install -d -m 0755 /etc/tuntas", "guide", after="fill_in_the_environment"),
        Part("manage() {", "guide"),
        Part('install -d -m 0700 -o "tuntas-$city"', "guide", after="add_people"),
        Part("install -m 0644 docs/deploy/nginx.conf", "guide", before="get_a_certificate"),
        Part("apt-get install --no-install-recommends fail2ban", "guide"),
        Part(
            'sed "s/kupang/$city/g; s/lapor',
            why="the second city is made by script/install, which does the same",
        ),
        Part("install -d -m 0755 /var/backups/tuntas", "guide"),
        Part("cd /opt/tuntas && git fetch --tags", "upgrade", before="publish_a_release"),
        Part("manage backup", why="what script/upgrade does, by hand"),
        Part('usermod --login "tuntas-$city"', why="from 0.1.0, which ran nowhere"),
    ),
    "operating": (
        Part('manage shell -c "from complaints.models import Complaint', "operating"),
        Part("manage acknowledge_restore --by", "older copy"),
        Part('manage shell -c "from complaints.models import Message', "operating"),
        Part('manage shell -c "from django.utils.timezone', "operating"),
        Part("manage move_deadlines --reason", "operating"),
        Part('install -m 0400 -o "tuntas-$city" FILE', "operating", before="bring_a_file"),
        Part("manage build_report --from", "operating"),
    ),
    "backups": (
        Part("manage backup", "drill"),
        Part(
            "BACKUP_S3_BUCKET=tuntas-copies", why="settings of an object store, which a bare system has not"
        ),
        Part('runuser -u postgres -- psql -c "ALTER ROLE', "drill"),
        Part("manage restore COPY", "restore", before="lose_everything", after="start_again"),
        Part('systemctl stop "tuntas-worker@$city"', why="from SQLite: the city has PostgreSQL already"),
    ),
}


def text_of(guide: str) -> str:
    return (ROOT / "docs" / f"{guide}.md").read_text(encoding="utf-8")


def blocks(guide: str) -> Iterator[str]:
    """The indented ones, as they stand."""
    for found in BLOCK.finditer(text_of(guide)):
        if not LIST.match(found[1]):
            yield found[1]


def unplanned(guide: str) -> list[str]:
    """First lines where page and plan do not say the same, in the page's order."""
    firsts = [block.strip().splitlines()[0] for block in blocks(guide)]
    parts = PLAN[guide]
    wrong = [
        f"{guide}: {first!r} is not {part.begins!r}"
        for first, part in zip(firsts, parts, strict=False)
        if not first.startswith(part.begins)
    ]
    more = [f"{guide}: nobody planned {first!r}" for first in firsts[len(parts) :]]
    return wrong + more + [f"{guide}: there is no {part.begins!r}" for part in parts[len(firsts) :]]


def lines_of(block: str) -> Iterator[str]:
    """What is typed, a command each: a line that ends with a backslash goes on. What the page leaves to its reader is a
    variable of the answers; options in brackets are left away."""
    for line in re.sub(r"\\\n", " ", block).splitlines():
        typed = re.sub(r"\s+", " ", OPTIONAL.sub("", line)).strip()
        for name in ASKED:
            typed = re.sub(
                rf"(?<![\w/]){re.escape(name)}(?![\w.])", f'"${{{name.partition(".")[0]}}}"', typed
            )
        yield typed


def script(stage: str) -> Iterator[str]:
    for guide, parts in PLAN.items():
        for part, block in zip(parts, blocks(guide), strict=True):
            if part.stage != stage:
                continue
            if part.before:
                yield f"{part.before}; done_so $? {part.before}"
            typed = list(lines_of(block))
            yield f"begin_block {guide} {quoted(typed[0])}"
            for line in typed:
                asks = "with_answers " if line.startswith(QUESTIONS) else ""
                yield f"{asks}{line}\ndone_so $? {quoted(line)}"
            yield "end_block"
            if part.after:
                yield f"{part.after}; done_so $? {part.after}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def main() -> int:
    if wrong := [line for guide in PLAN for line in unplanned(guide)]:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    stages = {part.stage for parts in PLAN.values() for part in parts} - {""}
    if len(sys.argv) != 2 or sys.argv[1] not in stages:
        print(f"usage: guide.py STAGE, one of {', '.join(sorted(stages))}", file=sys.stderr)
        return 2
    print("\n".join(script(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
