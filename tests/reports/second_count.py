"""What a report has to say by the words of its definitions, counted from the tables and the history of the database by
loops: nothing of reports/, of the clock's judging or of the snapshot's rows."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps

from tests.reports import oracle

OPEN = ("submitted", "awaiting_citizen", "assigned", "in_progress")
ENDINGS = ("rejected", "merged", "referred", "withdrawn", "lapsed")
HERE = ZoneInfo("Asia/Makassar")
Row = dict[str, Any]


def rows(model: str, *more: str) -> list[Row]:
    manager = apps.get_model(model)._base_manager
    return list(
        manager.order_by("pk").values(*[f.attname for f in manager.model._meta.concrete_fields], *more)
    )


def day(value: datetime | date | None) -> date | None:
    return value.astimezone(HERE).date() if isinstance(value, datetime) else value


def ratio(part: int, *rest: int) -> float | None:
    return 100 * part / (part + sum(rest)) if part + sum(rest) else None


class Count:
    """Of the days `first` to `last`; `agency`: the code of an agency, with all below it."""

    def __init__(self, first: date, last: date, agency: str, now: datetime) -> None:
        self.first, self.last, self.code, self.now, self.today = first, last, agency, now, day(now)
        self.agencies = {row["id"]: row for row in rows("accounts.agency")}
        self.names: dict[Any, str] = {pk: row["code"] for pk, row in self.agencies.items()} | {None: ""}
        self.all_cases = {row["id"]: row for row in rows("complaints.complaint")}
        self.events: dict[int, list[Row]] = defaultdict(list)
        for event in sorted(rows("complaints.event"), key=lambda row: row["seq"]):
            self.events[event["complaint_id"]].append(event)
        self.clocks: dict[int, list[Row]] = defaultdict(list)
        for clock in rows("complaints.clock"):
            self.clocks[clock["complaint_id"]].append(clock)
        self.pauses = [row for row in rows("complaints.pause") if row["stops_clock"]]

    def here(self, value: Any) -> bool:
        found = day(value)
        return found is not None and self.first <= found <= self.last

    def own(self, key: int | None) -> bool:
        """Whether this agency belongs to the report's."""
        if not self.code:
            return True
        while key is not None:
            if self.names[key] == self.code:
                return True
            key = self.agencies[key]["parent_id"]
        return False

    def counts(self, case: Row) -> bool:
        whole = self.all_cases.get(case["parent_id"])
        if not self.code:
            return whole is None
        return self.own(case["agency_id"]) and not (whole and self.own(whole["agency_id"]))

    @cached_property
    def cases(self) -> list[Row]:
        return [c for c in self.all_cases.values() if self.here(c["received_at"]) and self.counts(c)]

    def told(self, case: Row, *kinds: str) -> list[Row]:
        return [event for event in self.events[case["id"]] if event["kind"] in kinds]

    # Of cases

    def stands(self, case: Row, promise: str) -> str:
        """Each promise to answer is one round; what is answered, or still missing, past it is late for good."""
        rounds = [c for c in self.clocks[case["id"]] if c["stage"] == "resolution"]
        for each in rounds:
            if each[promise] and (each["stopped_at"] or self.now) > each[promise]:
                return "late"
        is_open = case["state"] in OPEN
        if not rounds:
            return "no_target"
        if is_open:
            return (
                "standing_still"
                if all(c[promise] is None or c["stopped_at"] for c in rounds)
                else "not_yet_due"
            )
        # Answered in its last round, by the history of the case itself.
        since = [e["seq"] for e in self.told(case, "disputed", "went_on", "brought_back")]
        answers = [e for e in self.told(case, "resolved") if e["seq"] > max(since, default=0)]
        return "on_time" if answers or case["state"] in ("resolved", "closed") else case["state"]

    def main(self, cases: list[Row]) -> Row:
        first, later = (Counter(self.stands(c, p) for c in cases) for p in ("promised_at", "due_at"))
        ended = [c for c in cases if c["state"] not in OPEN]
        late_ended = sum(self.stands(c, "promised_at") == "late" for c in ended)
        hours = [(c["ended_at"] - c["received_at"]) / timedelta(hours=1) for c in ended if c["ended_at"]]
        return {
            "received": len(cases),
            "ended": len(ended),
            "open": len(cases) - len(ended),
            "with_target": first["on_time"] + first["late"] + first["not_yet_due"],
            "met_target": first["on_time"],
            "late": first["late"],
            "not_yet_due": first["not_yet_due"],
            "excluded": {why: first[why] for why in ("no_target", "standing_still", *ENDINGS)},
            "on_time_share": ratio(first["on_time"], first["late"]),
            "met_target_extended": later["on_time"],
            "late_extended": later["late"],
            "on_time_share_extended": ratio(later["on_time"], later["late"]),
            "late_ended": late_ended,
            "on_time_share_ended": ratio(first["on_time"], late_ended),
            "hours_to_end_median": median(hours) if hours else None,
        }

    def course(self) -> Row:
        """By what the history tells of each case."""
        cases, paused = self.cases, Counter(p["complaint_id"] for p in self.pauses)
        rated = [c["rating"] for c in cases if c["rating"] is not None]
        handed = {c["id"]: len(self.told(c, "handed_back")) for c in cases}
        # A part has the promise of its whole, and what was added to that.
        decided = {c["id"]: self.told(c, "escalation_decided") for c in self.all_cases.values()}
        gave = {
            c["id"]: [
                e
                for key in (c["id"], c["parent_id"])
                for e in decided.get(key, [])
                if e["data"]["decision"] == "extend"
            ]
            for c in cases
        }
        raised = [r for r in self.raised if r["lifted_because"] != "moved"]
        return {
            "answered": sum(bool(self.told(c, "resolved") or c["disputed_at"]) for c in cases),
            "disputed": sum(bool(self.told(c, "disputed") or c["disputed_at"]) for c in cases),
            "extended": sum(map(bool, gave.values())),
            "paused": sum(c["id"] in paused for c in cases),
            "pauses": sum(paused[c["id"]] for c in cases),
            "handed_back": sum(map(bool, handed.values())),
            "hand_backs": sum(handed.values()),
            "ratings": len(rated),
            "rating_mean": sum(rated) / len(rated) if rated else None,
            "typed_by_staff": sum(c["entered_by_id"] is not None for c in cases),
            "escalated": len({r["complaint_id"] for r in raised}),
            "reopened": sum(self.went_on_after_an_answer(c) for c in cases),
            "waiting_for_citizen": sum(c["state"] == "awaiting_citizen" for c in cases),
        }

    def went_on_after_an_answer(self, case: Row) -> bool:
        answers = [e["seq"] for e in self.told(case, "resolved")]
        later = [e["seq"] for e in self.told(case, "disputed", "brought_back", "went_on")]
        return bool(answers and later and max(later) > min(answers))

    def times_with(self) -> Counter[str]:
        """How often a case of these days, or a part of one, came to each agency: folded from its history."""
        found: Counter[str] = Counter()
        for case in self.all_cases.values():
            if not self.here(case["received_at"]):
                continue
            agency, state, had = None, "submitted", None
            for event in self.events[case["id"]]:
                said = event["data"].get("rows", {})
                for row in [*said.get("case", []), *said.get("+case", [])]:
                    agency, state = row.get("agency_id", agency), row.get("state", state)
                has = agency if state in OPEN else None
                if has is not None and has != had and self.own(has):
                    found[self.names[has]] += 1
                had = has
        return found

    def escalations(self) -> dict[int, Row]:
        found = [row for row in self.raised if row["lifted_because"] != "moved"]
        states = {
            level: Counter(row["state"] for row in found if row["level"] == level) for level in (1, 2, 3)
        }
        return {
            level: {"raised": each.total(), "waiting": each["raised"]}
            | {name: each[name] for name in ("acknowledged", "decided", "lifted")}
            for level, each in states.items()
        }

    def stages(self) -> dict[str, Row]:
        own = [clock | {"case": c["id"]} for c in self.cases for clock in self.clocks[c["id"]]]
        names = "verification", "first_response", "resolution"
        return {name: oracle.stage(own, name, "promised_at", self.now) for name in names}

    def ended_how(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for case in self.cases:
            if case["state"] not in OPEN:
                last = self.told(case, "confirmed", "auto_closed")
                closed = str(last[-1]["kind"]) if last else "closed"
                found[{"resolved": "answered", "closed": closed}.get(case["state"], str(case["state"]))] += 1
        return found

    def asked_after(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Of each quarter and unit how many were asked and answered, of quarters whose last day to answer lies here."""
        quarters: dict[date, list[Row]] = defaultdict(list)
        held = {row["id"]: row for row in rows("surveys.round")}
        for row in rows("surveys.aftercaseround"):
            quarters[row["quarter"]].append(row)
        found = {}
        for begins, some in quarters.items():
            if self.here(max(held[row["round_id"]]["closes_on"] for row in some)):
                after = (begins.replace(day=1) + timedelta(95)).replace(day=1)
                for row in some:
                    asked = [
                        a
                        for a in rows("surveys.aftercase")
                        if a["agency_id"] == row["agency_id"] and begins <= a["ended_on"] < after
                    ]
                    answers = [a for a in rows("surveys.response") if a["round_id"] == row["round_id"]]
                    if self.own(row["agency_id"]):
                        found[begins.isoformat(), self.names[row["agency_id"]]] = len(asked), len(answers)
        return found

    @cached_property
    def raised(self) -> list[Row]:
        own = {case["id"] for case in self.cases}
        return [row for row in rows("escalation.escalation") if row["complaint_id"] in own]

    def flow(self) -> Row:
        counted = [
            c for c in self.all_cases.values() if self.counts(c) and day(c["received_at"]) <= self.last
        ]
        ends = [(c, day(c["ended_at"]) if c["state"] not in OPEN else date.max) for c in counted]
        begun = sum(day(c["received_at"]) < self.first and end >= self.first for c, end in ends)
        ended = sum(self.first <= end <= self.last for _c, end in ends)
        return {
            "open_at_start": begun,
            "ended_in_period": ended,
            "open_at_end": sum(e > self.last for _c, e in ends),
        }

    def by(self, key: Any) -> dict[str, Row]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for case in self.cases:
            groups[key(case)].append(case)
        return {code: self.main(cases) for code, cases in groups.items()}

    def by_agency(self) -> dict[str, Row]:
        return self.by(lambda case: self.names[case["agency_id"]])

    def by_district(self) -> dict[str, Row]:
        areas = {row["id"]: row for row in rows("complaints.area")}

        def district(case: Row) -> str:
            area = areas.get(case["area_id"])
            if area and area["level"] == "ward":
                area = areas[area["parent_id"]]
            return area["code"] if area else ""

        return self.by(district)

    # What agencies owe

    def promises(self) -> dict[str, Row]:
        found = [row for row in rows("escalation.commitment") if self.own(row["agency_id"])]
        return {
            "made": self.promised([row for row in found if self.here(row["made_at"])]),
            "due": self.promised([row for row in found if self.here(row["due_on"])]),
        }

    def promised(self, found: list[Row]) -> Row:
        stands = Counter(self.promise_stands(row) for row in found)
        names = ("kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due")
        missed = (stands[name] for name in names[1:4])
        share = ratio(stands["kept_in_time"], *missed)
        return {"count": len(found), **{name: stands[name] for name in names}, "kept_in_time_share": share}

    def promise_stands(self, row: Row) -> str:
        """By the last step of it that decides."""
        steps = [s for s in rows("escalation.commitmentstep") if s["commitment_id"] == row["id"]]
        last = [s for s in steps if s["kind"] in ("made", "reported", "judged", "returned")][-1]
        if last["kind"] == "judged":
            if last["data"]["finding"] == "broken":
                return "broken"
            done = [day(s["at"]) for s in steps if s["kind"] == "reported"][-1]
            return "kept_in_time" if done <= row["due_on"] else "kept_late"
        if last["kind"] == "reported":
            return "reported"
        return "overdue" if self.today > row["due_on"] else "not_due"

    def kept(self) -> set[str]:
        found = set()
        for row in rows("escalation.commitment"):
            judged = [s for s in rows("escalation.commitmentstep") if s["commitment_id"] == row["id"]][::-1]
            kept = [s for s in judged if s["kind"] == "judged" and s["data"]["finding"] == "kept"]
            if kept and self.here(kept[0]["at"]) and self.own(row["agency_id"]):
                found.add(row["number"])
        return found

    def recommendations(self) -> dict[str, Row]:
        found = [row for row in rows("escalation.recommendation") if self.own(row["agency_id"])]
        bases = {
            "issued": [row for row in found if self.here(row["issued_at"])],
            "due": [row for row in found if self.here(row["due_on"])],
        }
        return {basis: self.advised(some) for basis, some in bases.items()}

    def advised(self, found: list[Row]) -> Row:
        stands: Counter[str] = Counter()
        for row in found:
            steps = [s for s in rows("escalation.recommendationstep") if s["recommendation_id"] == row["id"]]
            last = [s for s in steps if s["kind"] in ("made", "answered", "judged", "returned", "withdrawn")][
                -1
            ]
            if last["kind"] == "judged":
                stands[last["data"]["verdict"]] += 1
            elif last["kind"] in ("withdrawn", "answered"):
                stands["withdrawn" if last["kind"] == "withdrawn" else "to_judge"] += 1
            else:
                stands["overdue" if self.today > row["due_on"] else "not_due"] += 1
        names = ("complied", "partly", "not_complied", "withdrawn", "to_judge", "overdue", "not_due")
        share = ratio(stands["complied"], stands["partly"], stands["not_complied"])
        return {"count": len(found), **{name: stands[name] for name in names}, "complied_share": share}

    # What people said

    @cached_property
    def said(self) -> list[Row]:
        return [
            row
            for row in rows("surveys.foruminput")
            if self.here(row["at"]) and row["parent_id"] is None and row["visibility"] != "pending"
            if self.own(row["agency_id"]) and (row["agency_id"] or not self.code)
        ]

    def inputs(self) -> Row:
        states = Counter(row["state"] for row in self.said)
        late = [r for r in self.said if r["state"] == "waiting" and day(r["due_at"]) < self.today]
        done = [r for r in self.said if r["state"] != "waiting" and r["due_at"]]
        in_time = sum(day(r["answered_at"]) <= day(r["due_at"]) for r in done)
        whole = len(done) + len(late)
        return {
            "count": len(self.said),
            **{state: states[state] for state in ("case", "commitment", "answered", "declined")},
            "waiting": states["waiting"] - len(late),
            "overdue": len(late),
            "in_time": in_time,
            "in_time_share": 100 * in_time / whole if whole else None,
        }

    def became(self) -> Counter[tuple[str, str]]:
        """How far it is for whoever spoke: their report, or the one that it was merged into."""
        promises = {row["number"]: row["state"] for row in rows("escalation.commitment")}
        found: Counter[tuple[str, str]] = Counter()
        for row in self.said:
            if row["state"] == "commitment":
                found["commitment", promises[row["commitment"]]] += 1
            elif row["state"] == "case":
                case = self.all_cases[row["complaint_id"]]
                case = self.all_cases.get(case["merged_into_id"], case)
                found["case", "open" if case["state"] in OPEN else "ended"] += 1
        return found

    def rounds(self) -> set[str]:
        """Each national one that closed, and whose last day for an answer lies here."""
        return {
            row["code"]
            for row in rows("surveys.round", "version__survey__purpose")
            if row["version__survey__purpose"] == "national" and row["state"] == "closed"
            if self.here(max(row["closes_on"], row["enter_until"] or row["closes_on"]))
            and self.own(row["agency_id"])
        }

    def respondents(self) -> int:
        """In rounds with ten or more."""
        many = Counter(row["round_id"] for row in rows("surveys.response"))
        keys = {row["code"]: row["id"] for row in rows("surveys.round")}
        return sum(count for code in self.rounds() if (count := many[keys[code]]) >= 10)

    def call_backs(self) -> dict[str, Row]:
        found = {}
        for row in rows("escalation.callback"):
            if row["closed_at"] and self.here(row["closes_on"]) and not self.code:
                items = [i for i in rows("escalation.callbackitem") if i["call_back_id"] == row["id"]]
                said = Counter(self.word(i["id"]) for i in items)
                names = ("refused", "not_reached", "silent")
                found[row["quarter"].isoformat()] = {
                    "population": row["frame_size"],
                    "asked": len(items),
                    "answered": said["done"] + said["partly"] + said["not_done"],
                    **{name: said[name] for name in names},
                }
        return found

    def word(self, item: int) -> str:
        answers = [a for a in rows("escalation.callbackanswer") if a["item_id"] == item]
        own = [a["said"] for a in answers if a["place"] == 0]
        calls = [a["said"] for a in sorted(answers, key=lambda a: a["place"]) if a["place"]]
        spoke = own or [each for each in calls if each != "not_reached"][-1:]
        return spoke[0] if spoke else "not_reached" if calls else "silent"


def differences(figures: Row, count: Count) -> list[str]:
    """Each figure that is another than it should be, in words."""
    found: dict[str, tuple[Any, Any]] = {}

    def part(name: str, ours: Row, theirs: Row) -> None:
        for code, value in ours.items():
            found[f"{name} {code}".strip()] = value, theirs.get(code)

    part("", count.main(count.cases) | count.course() | count.flow(), figures)
    for (name, key), ours in _tables(count).items():
        theirs = {row[key]: row for row in figures[name]}
        found[name] = set(ours), set(theirs)
        for code in set(ours) & set(theirs):
            own = {column: value for column, value in ours[code].items() if column not in OF_THE_WHOLE}
            part(f"{name} {code}", own, theirs[code])
    part("forum_inputs", count.inputs(), figures["forum_inputs"][0])
    asked = count.asked_after()
    for row in figures["after_case"]:
        if row["by"] == "unit":
            of, answers = asked.get((row["quarter"], row["code"]), (0, 0))
            found[f"asked of {row['code']}"] = True, row["asked"] in (None, of) and answers <= of
    found |= _sets(figures, count)
    return [
        f"{name}: {theirs!r} in the report, {ours!r} by the words"
        for name, (ours, theirs) in found.items()
        if not _same(ours, theirs)
    ]


OF_THE_WHOLE = ("late_ended", "on_time_share_ended")  # stand in no row of a table


def _tables(count: Count) -> dict[tuple[str, str], dict[Any, Row]]:
    """By their code and the column that names a row."""
    return {
        ("by_agency", "code"): count.by_agency(),
        ("by_district", "district"): count.by_district(),
        ("by_kind", "kind"): count.by(lambda case: case["kind"]),
        ("by_channel", "channel"): count.by(lambda case: case["channel"]),
        ("by_state", "state"): count.by(lambda case: case["state"]),
        ("escalations", "level"): count.escalations(),
        ("stages", "stage"): count.stages(),
        ("promises", "basis"): count.promises(),
        ("recommendations", "basis"): count.recommendations(),
        ("call_backs", "quarter"): count.call_backs(),
    }


def _sets(figures: Row, count: Count) -> dict[str, tuple[Any, Any]]:
    became = {(row["state"], row["became"]): row["count"] for row in figures["forum_inputs_became"]}
    return {
        "forum_inputs_became": (count.became(), Counter(became)),
        "ended_how": (count.ended_how(), Counter({r["how"]: r["count"] for r in figures["ended_how"]})),
        "times": (count.times_with(), Counter({r["agency"]: r["stays"] for r in figures["by_time_with"]})),
        "promises_kept": (count.kept(), {row["promise"] for row in figures["promises_kept"]}),
        "satisfaction": (count.rounds(), {row["round"] for row in figures["satisfaction"]}),
        "respondents": (count.respondents(), figures["satisfaction_respondents"]),
    }


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and theirs is not None:
        return abs(ours - theirs) < 1e-9
    return bool(ours == theirs)
