"""How much of a seeded gaming the rules of signs find in a simulated city, and how often they call honest work one.

python -m bench.signals [CASES [SEED]]
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from escalation.signals import courses
from escalation.signals.courses import Course, Step
from escalation.signals.rules import RULES

START = datetime(2026, 7, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PROMISE = 20 * DAY
AGENCIES = [f"A{number}" for number in range(12)]
GAMED = 0.05  # of the cases, one way each
SOLVED = (
    "Lubang di {} sudah kami tambal pada hari Senin, terima kasih atas laporan Anda",
    "Lampu di {} sudah diganti petugas kami dan menyala lagi sejak semalam",
    "Saluran di {} sudah dikeruk sampai ke hilir oleh regu kami",
)
STREETS = (
    "Oebobo",
    "Oesapa",
    "Liliba",
    "Maulafa",
    "Fontein",
    "Alak",
    "Naikoten",
    "Oepura",
    "Sikumana",
    "Penfui",
)
EMPTY = "Laporan Anda sedang diproses oleh dinas terkait, terima kasih."
SAME = "Terima kasih, laporan Anda telah kami terima dan menjadi bahan perbaikan layanan kami ke depan nanti."


def main(cases: int = 20_000, seed: int = 1) -> None:
    random = Random(seed)
    made = list(_city(random, cases))
    ways = {course.case: way for course, way in made}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for rule in RULES:
        looks = list(rule.looks([course for course, _way in made]))
        signs = {look.case for look in looks if look.is_sign}
        for case in {look.case for look in looks}:
            kind = "gamed" if ways[case] == rule.code else "honest" if not ways[case] else "other"
            found[rule.code][kind] += 1
            found[rule.code][f"{kind}_called"] += case in signs
    table = {
        code: {
            "gamed": count["gamed"],
            "found": round(count["gamed_called"] / count["gamed"], 3) if count["gamed"] else None,
            "honest": count["honest"],
            "false_alarms": round(count["honest_called"] / count["honest"], 4) if count["honest"] else None,
        }
        for code, count in found.items()
    }
    print(json.dumps({"cases": cases, "seed": seed, "signals": table}, indent=1))


def _city(random: Random, cases: int) -> Iterator[tuple[Course, str]]:
    """Each with the way in which it was gamed, "" for honest work."""
    codes = [rule.code for rule in RULES]
    for case in range(cases):
        way = random.choice(codes) if random.random() < GAMED else ""
        yield _Life(random, case, way).course(), way


class _Life:
    """One case. Whoever games it does not know the limits of the rules: about half of what they do is beyond them."""

    def __init__(self, random: Random, case: int, way: str) -> None:
        self.random, self.case, self.way = random, case, way
        self.at = START + random.random() * 90 * DAY
        self.due, self.agency = self.at + PROMISE, random.choice(AGENCIES)
        self.who = f"{self.agency}-{random.randrange(6)}"
        self.steps: list[Step] = []

    def step(
        self, kind: str, when: datetime, after: datetime | None = None, words: str | None = None
    ) -> None:
        day, after = when.date(), after or self.due
        self.steps.append(Step(kind, when, day, self.agency, self.who, self.due, after, words))

    def is_so(self, way: str, otherwise: float = 0.0) -> bool:
        return self.way == way or self.random.random() < otherwise

    def course(self) -> Course:
        self.given()
        self.time_gained()
        self.answered(self.at + (3 + self.random.random() * 4) * DAY)
        self.steps.sort(key=lambda each: each.at)
        promised = self.way != "never_promised"
        return Course(self.case, self.at, self.at.date(), self.agency, promised, tuple(self.steps))

    def given(self) -> None:
        self.step(courses.GIVEN, self.at + self.random.random() * DAY)
        if self.is_so("passed_around", 0.03):
            for _ in range(self.random.randint(1, 3) if self.way else 1):
                self.step(courses.HANDED_BACK, self.at + 2 * DAY)
                self.agency = self.random.choice([each for each in AGENCIES if each != self.agency])
                self.step(courses.GIVEN, self.at + 3 * DAY)

    def time_gained(self) -> None:
        part = self.random.random()
        if self.is_so("asked_before_due", 0.1):
            self.step(courses.QUESTION, self.due - part * 4 * DAY if self.way else self.at + part * 15 * DAY)
        if self.is_so("corrected_for_time", 0.02):
            moment = 0.3 + part * 0.6 if self.way else part * 0.4
            self.step(courses.CORRECTED, self.at + PROMISE * moment, self.due + 10 * DAY)
        if self.is_so("extended_too_late", 0.05):
            day = self.due + (2 * part - 1) * DAY if self.way else self.due - 3 * part * DAY
            self.step(courses.EXTENDED, day, self.due + 10 * DAY)

    def answered(self, taken: datetime) -> None:
        self.step(courses.ACCEPTED, taken)
        at = taken + HOUR * max(self.random.lognormvariate(4, 0.9), 0.1)
        words = self.random.choice(SOLVED).format(" ".join(self.random.choices(STREETS, k=4)))
        if self.way == "answered_in_bulk":
            self.who = f"{self.agency}-chief"
            at = (self.at + 31 * DAY).replace(day=1, hour=9, minute=self.random.randrange(60)) - DAY
        elif self.way == "answered_alike":
            words = f"{SAME} {self.random.choice(('', '', 'Salam.', words))}"
        elif self.way == "answered_emptily":
            words = self.random.choice((EMPTY, "Sudah.", f"{EMPTY} {words}"))
        elif self.way == "disputed_after_haste":
            at = taken + self.random.random() * 2 * HOUR
        self.step(courses.ANSWER, at, words=words)
        if self.is_so("disputed_after_haste", 0.08):
            self.step(courses.DISPUTE, at + 2 * DAY)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
