"""Makes the rows of one case after another, as plain tuples. Knows no Django and no database."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Any

from complaints.numbers import make_number
from complaints.searchable import words_of_case
from complaints.states import State

DAY, HOUR = 86400, 3600
EPOCH = datetime(1970, 1, 1)
YEARS, LATELY = 1095, 60  # days: over which what is over came, and what is open
Row = tuple[Any, ...]
COMMON = (
    "jalan", "lampu", "sampah", "air", "pasar", "sekolah", "selokan", "rusak", "mati", "bau", "banjir",
    "antre", "petugas", "kantor", "warga", "mohon", "segera", "diperbaiki", "sudah", "lama", "depan",
    "rumah", "malam", "hari", "anak", "lubang", "pipa", "bocor", "izin", "kartu", "lambat",
)  # fmt: skip
SYLLABLES = ("ba", "ke", "lu", "ma", "ri", "so", "ta", "nga", "pi", "du", "we", "ju")
# Common words first; the last of them stands in some twenty of a million cases.
WORDS = (*COMMON, *("".join(SYLLABLES[n // 12**k % 12] for k in range(4)) for n in range(20_000)))
_WEIGHTS = list(accumulate((rank + 8) ** -1.2 for rank in range(len(WORDS))))
OPEN_STATES = (
    (0.15, State.SUBMITTED), (0.35, State.ASSIGNED), (0.80, State.IN_PROGRESS), (0.90, State.AWAITING_CITIZEN),
    (1.00, State.RESOLVED),
)  # fmt: skip
END_STATES = (
    (0.76, State.CLOSED), (0.84, State.REJECTED), (0.88, State.LAPSED), (0.92, State.MERGED),
    (0.96, State.REFERRED), (1.00, State.WITHDRAWN),
)  # fmt: skip
CHANNELS = ("web", "web", "web", "phone", "counter", "lapor")
END_EVENTS = {
    State.CLOSED: "confirmed", State.REJECTED: "rejected", State.LAPSED: "lapsed", State.MERGED: "merged",
    State.REFERRED: "referred", State.WITHDRAWN: "withdrawn", State.RESOLVED: "resolved",
    State.IN_PROGRESS: "accepted", State.AWAITING_CITIZEN: "question_asked",
}  # fmt: skip
STOPPED = {State.CLOSED: "done", State.RESOLVED: "done"}
UNASSIGNED = frozenset({State.SUBMITTED, State.REJECTED, State.MERGED})
COLUMNS = {
    "complaints_complaint": tuple(
        "id number receipt_digest submission_digest state returns_to kind channel subject description category_id "
        "service_id area_id location latitude longitude happened_on is_anonymous is_confidential language agency_id "
        "handler_id entered_by_id parent_id merged_into_id referred_to_id external_reference check_at outside_asked "
        "ombudsman_told_at outside_answer received_at assigned_at ended_at due_at target_at next_action_at watch_at "
        "next_level policy cycle hand_backs disputed_at rating end_reason is_live source source_id version "
        "last_event_hash sweep_error search_text is_raised".split()
    ),
    "complaints_complainant": ("complaint_id", "sealed"),
    "complaints_clock": tuple(
        "id complaint_id stage cycle calendar_id amount unit started_at extended_by given_due_at due_at promised_at "
        "warn_at warned_at breached_at stopped_at stopped_by".split()
    ),
    "complaints_pause": ("complaint_id", "started_at", "ended_at", "stops_clock"),
    "complaints_event": tuple(
        "id complaint_id seq kind at actor_id role data content_digest prev_hash hash".split()
    ),
    "complaints_eventcontent": ("event_id", "salt", "words"),
    "escalation_escalation": tuple(
        "complaint_id level trigger cause state raised_at due_at acknowledged_at decided_at decision lifted_at "
        "lifted_because may_stand".split()
    ),
}


@dataclass(frozen=True)
class Catalogue:
    """Keys and codes of what cases are about; `officers` by place of their agency."""

    prefix: str
    agencies: list[tuple[int, str]]
    officers: list[list[int]]
    outside: list[int]
    categories: list[int]
    areas: list[int]
    reasons: list[str]
    calendar: int
    policy: str
    sealed: list[bytes]


@dataclass(frozen=True)
class Plan:
    """`now` in seconds. Cases lie in the order in which they came; the first are over."""

    cases: int
    open_share: float
    due: int
    seed: int
    now: int
    first_case: int
    first_event: int
    first_clock: int


@dataclass
class Life:
    """One case on its way to rows; moments in seconds, None for none."""

    pk: int
    state: State
    agency: int | None  # a place in the catalogue
    received: int
    due: int | None = None  # of the target of resolution
    ended: int | None = None
    first_due: int | None = None  # of a first response that still runs
    is_overdue: bool = False


class Maker:
    """`utc`: how a moment says that it is in UTC; SQLite keeps none."""

    def __init__(self, catalogue: Catalogue, plan: Plan, random: Random, utc: str) -> None:
        self.catalogue, self.plan, self.random, self.utc = catalogue, plan, random, utc
        self.over = 0  # the last case that was answered: what is merged follows it

    def add(self, place: int, tables: dict[str, list[Row]]) -> None:
        """Appends the rows of the case that came so many-th."""
        life = self._life(place)
        words = self.random.choices(WORDS, cum_weights=_WEIGHTS, k=35)
        year = int(f"{EPOCH + timedelta(seconds=life.received + 8 * HOUR):%Y}")
        number = make_number(self.catalogue.prefix, year, life.pk)
        seq, last = self._events(life, place, number, _texts(words), tables)
        self._clocks(life, place, tables["complaints_clock"])
        if life.state == State.AWAITING_CITIZEN:
            tables["complaints_pause"].append((life.pk, self.at(life.received + DAY), None, 1))
        if self.random.random() < 0.7:
            tables["complaints_complainant"].append((life.pk, self.random.choice(self.catalogue.sealed)))
        self._raised(life, tables["escalation_escalation"])
        row = self._case(life, number, words, (seq, last))
        tables["complaints_complaint"].append(row)
        if life.state == State.CLOSED:
            self.over = life.pk

    def at(self, moment: int | None) -> str | None:
        if moment is None:
            return None
        return f"{EPOCH + timedelta(seconds=moment)}{self.utc}"

    def _life(self, place: int) -> Life:
        plan, random = self.plan, self.random
        pk, over = plan.first_case + place, int(plan.cases * (1 - plan.open_share))
        agency = random.randrange(len(self.catalogue.agencies))
        if place < over:
            age = YEARS * DAY - (YEARS - LATELY) * DAY * place // over
            state = _drawn(END_STATES, random)
            if state == State.MERGED and not self.over:
                state = State.CLOSED
            ended = plan.now - age + int(random.expovariate(1 / 12) * DAY)
            life = Life(
                pk, state, agency, plan.now - age, plan.now - age + 20 * DAY, min(ended, plan.now - 1)
            )
        else:
            life = self._open(pk, place - over, agency, max(plan.cases - over, 1))
        if life.state in UNASSIGNED:
            life.agency = None
        return life

    def _open(self, pk: int, place: int, agency: int, count: int) -> Life:
        """Which are due is spread over all; they are in progress, and their first response is due."""
        plan, random = self.plan, self.random
        received = plan.now - LATELY * DAY + (LATELY * DAY - 2 * HOUR) * place // count
        target = plan.now + random.randrange(6 * DAY, 20 * DAY)
        if plan.due:
            is_due = place * plan.due // count != (place + 1) * plan.due // count
            first = plan.now - 60 if is_due else plan.now + random.randrange(DAY, 5 * DAY)
            return Life(pk, State.IN_PROGRESS, agency, received, target, first_due=first)
        state = _drawn(OPEN_STATES, random)
        if state == State.RESOLVED:
            return Life(pk, state, agency, received, target, min(received + 5 * DAY, plan.now - HOUR))
        overdue = random.random() < 0.1 and state in (State.ASSIGNED, State.IN_PROGRESS)
        if overdue:
            received = min(received, plan.now - 2 * DAY)
            target = random.randrange(received + DAY, plan.now - HOUR)
        return Life(pk, state, agency, received, target, is_overdue=overdue)

    def _events(
        self, life: Life, place: int, number: str, words: tuple[str, str], tables: dict[str, list[Row]]
    ) -> tuple[int, str]:
        """How many there are, and the hash of the last. `words`: subject and description."""
        salt = f"{self.random.getrandbits(128):032x}"
        # As `canonical` spells it: nothing in it needs escaping.
        content = f'{{"description":"{words[1]}","subject":"{words[0]}"}}'
        told = self._told(life, sha256(f"content\0{salt}\0{content}".encode()).hexdigest())
        first, prev = self.plan.first_event + place * 4, ""
        for seq, (kind, at, role, data, digest) in enumerate(told, 1):
            moment = EPOCH + timedelta(seconds=at)
            body = (
                f'{{"actor":null,"at":"{moment.isoformat(timespec="microseconds")}+00:00","case":"{number}",'
                f'"content":"{digest}","data":{data},"kind":"{kind}","prev":"{prev}","role":"{role}","seq":{seq}}}'
            )
            own = sha256(b"\0" + body.encode()).hexdigest()
            when = f"{moment}{self.utc}"
            row = (first + seq - 1, life.pk, seq, kind, when, None, role, data, digest, prev, own)
            tables["complaints_event"].append(row)
            prev = own
        tables["complaints_eventcontent"].append((first, salt, content))
        return len(told), prev

    def _told(self, life: Life, digest: str) -> list[tuple[str, int, str, str, str]]:
        """Kind, moment, role, data and digest of the words of each event."""
        told = [("submitted", life.received, "citizen", '{"channel":"web"}', digest)]
        staff = "verifier"
        if life.agency is not None:
            staff, code = "officer", self.catalogue.agencies[life.agency][1]
            data = f'{{"agency":"{code}","children":[]}}'
            told.append(("assigned", life.received + HOUR, "verifier", data, ""))
        if kind := END_EVENTS.get(life.state):
            role = "citizen" if kind in ("confirmed", "withdrawn") else staff
            told.append((kind, life.ended or life.received + 2 * HOUR, role, "{}", ""))
        return told

    def _clocks(self, life: Life, place: int, rows: list[Row]) -> None:
        """Verification, first response and resolution, as far as the case came."""
        state, received = life.state, life.received
        key, at = self.plan.first_clock + place * 4, self.at
        waits = state == State.SUBMITTED
        self._clock(rows, key, life, "verification", 3, received, received + 3 * DAY if not waits else life.due,
                    None if waits else received + HOUR, "rejected" if state == State.REJECTED else "done")  # fmt: skip
        stands_still = state == State.AWAITING_CITIZEN
        stopped = life.ended
        why = STOPPED.get(state, str(state))
        self._clock(
            rows, key + 1, life, "resolution", 14, received, None if stands_still else life.due, stopped, why
        )
        if life.agency is not None:
            first = life.first_due or received + 7 * DAY
            answered = None if life.first_due else min(received + 2 * HOUR, life.ended or received + 2 * HOUR)
            self._clock(rows, key + 2, life, "first_response", 5, received, first, answered, "done")
        if stands_still or state == State.RESOLVED:
            stage = "citizen_answer" if stands_still else "confirmation"
            begun = (received + DAY) if stands_still else life.ended
            due = at(self.citizens_due(life))
            rows.append((
                key + 3, life.pk, stage, 1, self.catalogue.calendar, 10, "working_days", at(begun), 0, None, due, due,
                None, at(begun), None, None, "",
            ))  # fmt: skip

    def _clock(
        self, rows: list[Row], key: int, life: Life, stage: str, amount: int, started: int, due: int | None,
        stopped: int | None, why: str,
    ) -> None:  # fmt: skip
        at, moment = self.at, self.at(due)
        begun = at(started)
        missed = due is not None and (stopped or self.plan.now - 120) > due and not life.first_due
        rows.append((
            key, life.pk, stage, 1, self.catalogue.calendar, amount, "working_days", begun, 0, None, moment, moment,
            None, begun, moment if missed else None, at(stopped), "" if stopped is None else why,
        ))  # fmt: skip

    def citizens_due(self, life: Life) -> int:
        """When the time of whoever was asked is over; spread, so that a list has an order."""
        return self.plan.now + DAY + life.pk * 7919 % (20 * DAY)

    def _raised(self, life: Life, rows: list[Row]) -> None:
        """Of what is overdue one that waits, above an instruction that was not followed for each fifth; of what was
        late one that was lifted, of each fifth an instruction."""
        due, at = life.due, self.at
        if life.is_overdue and due is not None:
            cause = f"resolution:1:{life.pk}"
            later = at(self.plan.now + DAY + life.pk % (5 * DAY))
            instructed = life.pk % 5 == 0
            if instructed:
                end, over = at(due + 1), at(min(due + 3 * DAY, self.plan.now - 1))
                rows.append(
                    (
                        life.pk,
                        1,
                        "breach",
                        cause,
                        "decided",
                        at(due),
                        over,
                        end,
                        end,
                        "instruct",
                        None,
                        "",
                        True,
                    )
                )
            level, trigger = (2, "unacknowledged") if instructed else (1, "breach")
            rows.append(
                (life.pk, level, trigger, cause, "raised", at(due), later, None, None, "", None, "", False)
            )
        elif life.state == State.CLOSED and due is not None and life.ended is not None and life.ended > due:
            decided = life.pk % 5 == 0
            end = at(due + HOUR)
            rows.append((
                life.pk, 1, "breach", f"resolution:1:{life.pk}", "decided" if decided else "lifted", at(due),
                at(due + 3 * DAY), end if decided else None, end if decided else None,
                "instruct" if decided else "", None if decided else at(life.ended), "" if decided else "answered",
                False,
            ))  # fmt: skip

    def _case(self, life: Life, number: str, words: list[str], told: tuple[int, str]) -> Row:
        plan, random, catalogue, state, at = self.plan, self.random, self.catalogue, life.state, self.at
        is_open = state in (
            State.SUBMITTED,
            State.ASSIGNED,
            State.IN_PROGRESS,
            State.AWAITING_CITIZEN,
            State.RESOLVED,
        )
        asked = state in (State.AWAITING_CITIZEN, State.RESOLVED)
        due = (self.citizens_due(life) if asked else life.first_due or life.due) if is_open else None
        action = due if is_open else None
        if life.is_overdue:
            action = plan.now + DAY + life.pk % (5 * DAY)
        handler = None
        if life.agency is not None and state != State.ASSIGNED:
            handler = catalogue.officers[life.agency][life.pk % len(catalogue.officers[life.agency])]
        target = None if state == State.AWAITING_CITIZEN else life.due
        (subject, description), street, house = _texts(words), WORDS[life.pk * 31 % 3000], str(life.pk % 200)
        # As `words_of_case` finds them, which would take a fifth of the time: none of these words needs spelling out.
        found = {*words, "jalan", street, house, *words_of_case(number).split()}
        return (
            life.pk, number, None, None, str(state), "in_progress" if state == State.AWAITING_CITIZEN else "",
            "complaint", random.choice(CHANNELS), subject, description, random.choice(catalogue.categories), None,
            random.choice(catalogue.areas), f"Jalan {street.capitalize()} {house}", None, None, None, 0, 0, "id",
            None if life.agency is None else catalogue.agencies[life.agency][0], handler, None, None,
            self.over if state == State.MERGED else None,
            catalogue.outside[0] if state == State.REFERRED else None, "", None, 0, None,
            "yes" if state == State.REFERRED else "", at(life.received),
            None if life.agency is None else at(life.received + HOUR), at(life.ended), at(due), at(target),
            at(action), None, 1 if is_open else None, catalogue.policy, 1, 0, None,
            random.randint(1, 4) if state == State.CLOSED and random.random() < 0.3 else None,
            random.choice(catalogue.reasons) if state == State.REJECTED else "", 1, "", "", told[0], told[1], "",
            " ".join(sorted(found)), int(life.is_overdue),
        )  # fmt: skip


def _texts(words: list[str]) -> tuple[str, str]:
    """Subject and description."""
    return " ".join(words[:5]).capitalize(), " ".join(words[5:])


def _drawn(shares: Sequence[tuple[float, State]], random: Random) -> State:
    return shares[bisect(shares, random.random(), key=lambda each: each[0])][1]
