"""A city with something of everything in it, the case that may not be known beside it, and every page of the staff."""

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import translation

from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.files import storage
from complaints.ledger.recording import recording
from complaints.mail.outbox import send_due
from complaints.models import Area, Complaint
from complaints.services import handling, verification
from complaints.services.system import open_identity
from complaints.services.verification import Routing
from escalation.audits import sampling
from escalation.audits.models import AuditItem, AuditReview, AuditSample
from escalation.callbacks.models import CallBack, CallBackAnswer, CallBackItem
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.promises.services import commitments, recommendations
from escalation.signals.models import Signal, SignalCount, SignalLook
from escalation.signals.services import refresh_signals
from escalation.sweep import run_sweep
from reports.figures.periods import Period, last_month
from reports.figures.snapshot import freeze
from reports.publication.counting import count_waiting
from reports.publication.periods import PeriodKind
from reports.publication.services.preparing import begin
from reports.publication.watching import sweep_reports
from reports.statistics.keeping import count_all
from tests.audit.people import checklist, says
from tests.conflict import what_was_said
from tests.conflict.people import CANARY, City
from tests.factories import DAY, FRIDAY, HOUR, file_complaint, make_category
from tests.files.samples import upload
from tests.promises.people import advice, promise

LATE = FRIDAY + 31 * DAY
LOOK = LATE + 3 * HOUR
EARLIER = FRIDAY - timedelta(minutes=1)  # of two in a list, the hidden one stands between the others
SEED = "dadu 4 2 6"


class Scene:
    """Two cases that everybody sees, one waiting and one at work with PUPR, and what has grown on them."""

    def __init__(self, city: City) -> None:
        self.city = city
        for level in (1, 2, 3):
            EscalationRule.objects.create(trigger=Trigger.BREACH, level=level, valid_from=date(2018, 1, 1))
        area, _new = Area.objects.get_or_create(code="W1", defaults={"level": "ward", "name": "Oesapa"})
        self.about: dict[str, Any] = {"category": make_category(), "area": area, "is_confidential": True}
        self.waiting = self._file("waiting", LATE - DAY)
        self.cases = [self._at_work(self._file(f"open {n}", FRIDAY - n * DAY), f"{n}.jpg") for n in (0, 1, 2)]
        said = what_was_said.in_a_forum(city, self.cases[0], FRIDAY)
        run_sweep(LATE)
        self.owed = [self._owed(self.cases[0], LATE)]
        self.looked_at(self.cases[0])
        self.sample = self._sample()
        self.everywhere = {
            "audit": str(self.sample.pk),
            "call_back": str(self._call_back().pk),
            "signal": SIGN,
            "report": a_report(LATE),
            "language": "id",
            "action": "merge",
        }
        self.everywhere |= what_was_said.a_round(city, LATE)
        count_as_the_worker(LATE)
        self.shown = self._places(self.cases[0], self.owed[0] | said)
        self.hidden: dict[str, str] = {}

    def _file(self, words: str, now: Any) -> Complaint:
        words_of = {"subject": f"Lampu {words}", "description": f"Lampu padam, {words}.", "email": "a@b.id"}
        return file_complaint(now, secret=words, actor=self.city.clara, **words_of, **self.about)

    def _at_work(self, case: Complaint, file: str) -> Complaint:
        city, now = self.city, case.received_at
        draft = storage.receive(upload("jpg", file), digest=file, now=now, added_by=city.clara)
        handling.add_files(case.pk, actor=city.clara, now=now, files=[draft])
        verification.assign(case.pk, actor=city.vera, now=now, routing=Routing([city.pupr, city.dinkes]))
        return handling.accept(case.pk, actor=city.oka, now=now, handler=city.oka)

    def _owed(self, case: Complaint, now: Any) -> dict[str, str]:
        """A recommendation that is answered, and on it a promise that is reported as done."""
        city = self.city
        given = advice(
            cases=(case,), agency=city.pupr, subject=f"Saran {case.subject}", due_on=date(2027, 2, 1)
        )
        advised = recommendations.issue(given, actor=city.umar, now=now)
        new = promise(recommendation=advised, agency=city.pupr, owner=city.oka, title=f"Janji {case.subject}",
                      due_on=date(2027, 2, 1))  # fmt: skip
        promised = commitments.make(new, actor=city.hana, now=now)
        draft = storage.receive(upload("png", f"{case.pk}.png"), digest=f"e{case.pk}", now=now)
        commitments.report(promised.pk, actor=city.oka, now=now, words="Sudah.", files=[draft])
        recommendations.answer(advised.pk, actor=city.hana, now=now, accepts=True, words="Ya.")
        key = promised.steps.get(kind="reported").evidence.get().attachment.key
        return {"recommendation": advised.number, "commitment": promised.number, "evidence": key}

    def looked_at(self, case: Complaint) -> None:
        open_identity(case.pk, actor=self.city.umar, now=LATE, motive="Memeriksa pengaduan ini")

    def _sample(self) -> AuditSample:
        """Laid down row by row, so that it can be what the same draw gives with and without the hidden case."""
        drawn = [case.number for case in self.cases]
        text = sampling.frame_text(drawn)
        sample = AuditSample.objects.create(
            checklist=checklist(), basis="received", first_day=date(2026, 11, 1), last_day=date(2026, 12, 31),
            seed=SEED, size=len(drawn), twice=len(drawn), frame_size=len(drawn), drawn_at=LATE,
            frame_digest=sampling.digest(text), frame=AuditSample.packed(text),
            drawn_by=self.city.umar, second_reviewer=self.city.sari,
        )  # fmt: skip
        self._draw(sample, drawn)
        return sample

    def _call_back(self) -> CallBack:
        """Being asked, with a list of plain numbers, so that it can have the hidden case or not."""
        numbers = [case.number for case in self.cases]
        row = CallBack.objects.create(
            quarter=date(2026, 7, 1), frame_size=len(numbers), frame_digest=SEED,
            frame=AuditSample.packed(sampling.frame_text(numbers)), announced_at=LATE, drawn_at=LATE,
            size=len(numbers), seed=SEED, head_size=1, closes_on=date(2027, 3, 31),
        )  # fmt: skip
        for case in self.cases:
            self._ask(row, case)
        return row

    def _ask(self, row: CallBack, case: Complaint) -> None:
        item = CallBackItem.objects.create(
            call_back=row, complaint=case, rank=case.pk % 1000, answered_on=date(2026, 9, 1)
        )
        CallBackAnswer.objects.create(item=item, place=1, said="not_reached", at=LATE, by=self.city.sari)

    def _called(self, case: Complaint) -> None:
        row = CallBack.objects.get()
        self._ask(row, case)
        text = sampling.frame_text([*row.numbers, case.number])
        CallBack.objects.update(
            frame=AuditSample.packed(text), frame_size=row.frame_size + 1, size=row.size + 1
        )

    def _draw(self, sample: AuditSample, numbers: list[str]) -> None:
        order = sampling.draw(numbers, len(numbers), SEED)
        keys = dict(Complaint.objects.filter(number__in=numbers).values_list("number", "pk"))
        old: dict[int, AuditItem] = {item.complaint_id: item for item in sample.items.all()}
        for item in old.values():
            AuditItem.objects.filter(pk=item.pk).update(rank=item.rank + 100)
        for rank, number in enumerate(order, start=1):
            if keys[number] not in old:
                item = AuditItem.objects.create(
                    sample=sample, complaint_id=keys[number], rank=rank, is_twice=True
                )
                for place, who in ((1, self.city.umar), (2, self.city.sari)):
                    opinion = says(severity="minor", words=f"Temuan {number}")
                    AuditReview.objects.create(
                        item=item, place=place, reviewer=who, answers=opinion.answers, saved_at=LATE,
                        severity=opinion.severity, finding=opinion.words, final_at=LATE,
                    )  # fmt: skip
            sample.items.filter(complaint=keys[number]).update(rank=rank)

    def add_hidden(self, stands: str) -> Complaint:
        """One more of everything, between the others in time; `stands`: waiting for verification or at work."""
        city = self.city
        words = {"subject": f"{CANARY} satu", "description": f"{CANARY} di pasar.", "email": "c@d.id"}
        received = LATE - DAY - HOUR if stands == "waiting" else EARLIER
        case = file_complaint(received, secret="the hidden one", actor=city.clara, **words, **self.about)
        owed = {}
        if stands == "working":
            case = self._at_work(case, f"{CANARY}.jpg")
            run_sweep(LATE)
            owed = self._owed(case, LATE)
            owed |= what_was_said.in_their_forum(city, case, EARLIER)
            self._audited(case)
            self._called(case)
            handling.add_note(case.pk, actor=city.oka, now=LATE, text="Catatan")
        self.looked_at(case)
        count_as_the_worker(LATE)
        self.hidden = self._places(case, owed)
        return case

    def _audited(self, case: Complaint) -> None:
        sample = self.sample
        numbers = [case.number, *(each.number for each in self.cases)]
        text = sampling.frame_text(numbers)
        AuditSample.objects.filter(pk=sample.pk).update(
            size=len(numbers), twice=len(numbers), frame_size=len(numbers),
            frame_digest=sampling.digest(text), frame=AuditSample.packed(text),
        )  # fmt: skip
        self._draw(sample, numbers)

    def _places(self, case: Complaint, owed: dict[str, str]) -> dict[str, str]:
        """By what a page's address names, under the name of the parameter there or of the page."""
        file = case.attachments.first()
        raised = Escalation.objects.filter(complaint=case).order_by("pk").first()
        return {
            "case": case.number,
            "file": file.key if file else "",
            "escalation": str(raised.pk) if raised else "",
            **owed,
        }


SIGN = Signal.PASSED_AROUND.value


def count_as_the_worker(now: datetime) -> None:
    """What pages read counted: the months of the statistics; and signs, of which each case with an agency shows one."""
    count_all(now)
    SignalCount.objects.update(counted_at=None)
    refresh_signals(now)
    SignalLook.objects.filter(signal=SIGN).update(is_sign=True)


def a_report(now: datetime) -> str:
    """A draft of last month's, counted, and whoever owes it was told."""
    with recording(actor=None, now=now) as record:
        row = begin(PeriodKind.MONTH, last_month(day_of(now)), None, actor=None, now=now, record=record)
    count_waiting(now)
    sweep_reports(now)
    return str(row.code)


# Every page of the staff

NO_PAGES = (
    "admin/", "accounts/", "open-identity/", "city.css", "staff/documents/", "oversight/what-if/<int:pk>/",
    "staff/surveys/questionnaires/<",  # written before anybody asks
)  # fmt: skip
# What the parameters of an address name, by how it begins; elsewhere they name a case.
NAMED = [
    ("staff/recommendations/", {"number": "recommendation"}),
    ("staff/commitments/", {"number": "commitment"}),
    ("staff/escalations/", {"pk": "escalation"}),
    ("staff/owed/evidence/", {"key": "evidence"}),
    ("oversight/signals/", {"code": "signal"}),
    ("staff/reports/evaluation/", {"code": "report", "file_language": "language"}),
    ("staff/reports/", {"code": "report", "paper_language": "language"}),
    ("oversight/call-backs/", {"pk": "call_back", "number": "case"}),
    ("oversight/audits/", {"pk": "audit", "number": "case"}),
    ("staff/findings/", {"number": "finding"}),
    ("staff/inputs/", {"number": "input"}),
    ("staff/voices/", {"number": "input"}),
    ("staff/forums/", {"code": "forum", "pk": "scan"}),
    ("staff/proposals/", {"number": "proposal"}),
    ("staff/surveys/rounds/", {"code": "round"}),
    ("staff/standards/pledge/", {"code": "agency"}),
    ("staff/standards/counter/", {"code": "counter", "part": "hours"}),
    ("staff/standards/", {"code": "service", "part": "time"}),
    ("", {"number": "case", "pk": "case", "key": "file", "slug": "action"}),
]
LISTS = {
    "staff/cases/": ["?queue=waiting", "?queue=answered", "?queue=all", "?overdue=on", "?handler=me",
                     "?queue=all&q=lampu", f"?queue=all&q={CANARY.split()[0]}"],
    "staff/escalations/": ["?all=1"],
    "oversight/search/": ["?order=oldest", "?order=due", "?escalated=ever", "?q=lampu", "?protected=confidential"],
    "oversight/escalations/": ["?state=all", "?answerer=me"],
    "oversight/agencies/": ["?period=365"],
    "oversight/recommendations/": ["?show=judge", "?show=agency"],
    "oversight/commitments/": ["?show=judge", "?show=open"],
    "oversight/recommendations/new/": ["?case={case}"],
    "staff/commitments/new/": ["?recommendation={recommendation}", "?case={case}"],
    "staff/inputs/": ["?state=all", "?state=case", "?overdue=on", "?state=all&q=loket"],
    "staff/inputs/export/": ["?state=all"],
    "staff/search/": ["?q={case}", "?q=lampu"],
}  # fmt: skip


PARAMETER = re.compile(r"<\w+:(\w+)>")


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


@lru_cache
def staff_addresses() -> list[str]:
    """Those that answer when they are read; to what only takes a form, 405 is said before anything is looked up."""
    found = [path for path in addresses() if path.startswith(("staff/", "oversight/", "files/"))]
    return sorted(path for path in found if not any(part in path for part in NO_PAGES) and _is_read(path))


def naming_addresses() -> list[str]:
    """Those of them that name something: at any other, one person gets one page, whatever is asked after."""
    listed = {address for address, queries in LISTS.items() if any("{" in query for query in queries)}
    return [path for path in staff_addresses() if PARAMETER.search(path) or path in listed]


def _is_read(address: str) -> bool:
    path = "/" + PARAMETER.sub("1", address)
    view, arguments, named = resolve(path)
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    try:
        return view(request, *arguments, **named).status_code != HTTPStatus.METHOD_NOT_ALLOWED
    except (Http404, PermissionDenied):
        return True


def filled(address: str, places: dict[str, str]) -> str:
    """The address with what it names; "" where there is no such thing."""
    names = next(names for begins, names in NAMED if address.startswith(begins))
    for name in PARAMETER.findall(address):
        assert name in names, f"what does {address} name?"
        if not places.get(names[name]):
            return ""
    return "/" + PARAMETER.sub(lambda found: places[names[found[1]]], address)


NOISE = [
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'), r"\1"),
    (re.compile(r'(name="(?:secret|idempotency_key|seed|once)"[^>]* value=")[^"]+'), r"\1"),
]


def body_of(response: Any, path: str) -> tuple[int, str, str]:
    """What came back, without what differs each time."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    words = content.decode("utf-8", "replace")
    for pattern, instead in NOISE:
        words = pattern.sub(instead, words)
    words = words.replace(getattr(response.wsgi_request, "incident", "") or "\0", "")
    return response.status_code, response.get("Location", ""), words.replace(path, "HERE")


def pages_for(
    person: User, scene: Scene, places: dict[str, str], among: Collection[str] = ()
) -> dict[str, tuple[int, str, str]]:
    """Every page, or those `among` these, as this person gets it at LOOK, by its address in the list of paths."""
    person, found = User.objects.get(pk=person.pk), {}
    client = Client()
    with time_machine.travel(LOOK, tick=False), translation.override("en"):
        client.force_login(person)
        for address in among or staff_addresses():
            path = filled(address, scene.everywhere | places)
            for query in ["", *LISTS.get(address, [])] if path else []:
                cache.clear()
                asked = path + query.format(**({"case": "", "recommendation": ""} | places))
                found[address + query] = body_of(client.get(asked), asked)
    return found


def mails_to(person: User) -> list[str]:
    """What would be sent to them now; nothing is."""
    with transaction.atomic():
        mail.outbox.clear()
        send_due(LOOK)
        letters = [f"{each.subject}\n{each.body}" for each in mail.outbox if person.email in each.to]
        transaction.set_rollback(True)
    mail.outbox.clear()
    return letters


def report_of(person: User) -> str:
    """The snapshot of a report, which is what it counts and its rows."""
    person = User.objects.get(pk=person.pk)
    period = Period(date(2026, 11, 1), date(2026, 12, 31))
    return freeze(period, person.agency, actor=person, now=LOOK).content.decode()
