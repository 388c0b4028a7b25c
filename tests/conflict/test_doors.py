"""Every door by which staff reach a case × everybody it may be about: open before they are named, shut after."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from accounts.models import User
from complaints.desk.actions import ACTIONS
from complaints.desk.queues import count_all, counted_sets
from complaints.files import keeping, storage
from complaints.models import Area, Complaint, RejectReason
from complaints.services import handling, verification
from complaints.services.verification import Routing
from escalation.ladder.models import Escalation, EscalationRule, Trigger
from escalation.sweep import run_sweep
from reports.documents.models import Document, DocumentState
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from tests.conflict.people import CANARY, City
from tests.factories import DAY, FRIDAY, HOUR, file_complaint, make_category
from tests.files.samples import upload

pytestmark = pytest.mark.long
LATE = FRIDAY + 31 * DAY
LOOK = LATE + HOUR
LISTS = {
    "queue": "/staff/cases/",
    "all": "/staff/cases/?queue=all",
    "words": "/staff/cases/?queue=all&q=Kenari",
    "overdue": "/staff/cases/?overdue=on",
    "typed in today": "/staff/intake/",
    "escalations": "/staff/escalations/",
    "a similar case": "/staff/cases/{similar}/?do=merge",
    "oversight": "/oversight/",
    "oversight escalations": "/oversight/escalations/",
    "oversight oldest": "/oversight/oldest/",
    "oversight words": "/oversight/search/?q=Kenari",
    "oversight looks": "/oversight/identity/",
}
# Here whoever asks knows the number or key already: it must look as if there were nothing.
PLACES = {
    "page": "/staff/cases/{number}/",
    "paper": "/staff/cases/{number}/print/",
    "file": "/files/{file}/",
    "pdf": "/staff/documents/{document}/",
    "escalation": "/staff/escalations/{escalation}/",
    "complete file": "/oversight/cases/{number}/",
}


class Scene:
    """A case with everything that hangs on it, and one like it beside it."""

    def __init__(self, city: City, stands: str) -> None:
        self.city = city
        for level in (1, 2, 3):
            EscalationRule.objects.create(trigger=Trigger.BREACH, level=level, valid_from=date(2018, 1, 1))
        area, _new = Area.objects.get_or_create(code="W1", defaults={"level": "ward", "name": "Oesapa"})
        about: dict[str, Any] = {"category": make_category(), "area": area}
        words = {"subject": CANARY, "description": f"{CANARY} di depan pasar."}
        self.similar = file_complaint(LATE, secret="a similar one", **about)
        self.case = file_complaint(
            LATE if stands == "waiting" else FRIDAY, actor=city.clara, is_confidential=True, **about, **words
        )
        self.file = self._file()
        if stands == "working":
            self._work()
        self.documents = {name: self._document(person) for name, person in city.staff.items()}
        self.places = {
            "number": self.case.number,
            "similar": self.similar.number,
            "file": self.file.key,
            "escalation": next(iter(Escalation.objects.values_list("pk", flat=True)), 0),
        }

    def _file(self):
        draft = storage.receive(
            upload("jpg", f"{CANARY}.jpg"), digest="d", now=FRIDAY, added_by=self.city.clara
        )
        handling.add_files(self.case.pk, actor=self.city.clara, now=FRIDAY, files=[draft])
        draft.refresh_from_db()
        return draft

    def _work(self) -> None:
        city, pk = self.city, self.case.pk
        verification.assign(pk, actor=city.vera, now=FRIDAY, routing=Routing([city.pupr]))
        handling.accept(pk, actor=city.olga, now=FRIDAY, handler=city.olga)
        verification.assign(self.similar.pk, actor=city.vera, now=LATE, routing=Routing([city.dinkes]))
        run_sweep(LATE)

    def _document(self, person: User) -> Document:
        body = f"%PDF-1.7 {CANARY}".encode()
        row = Document.objects.create(
            kind=Document.Kind.CASE_FILE,
            complaint=self.case,
            requested_by=person,
            requested_at=LATE,
            due_at=LATE,
            built_at=LATE,
            state=DocumentState.READY,
            sha256=sha256(body).hexdigest(),
            size=len(body),
            file_name="case.pdf",
        )
        keeping.put_bytes(body, row.stored)
        return row

    def open_doors(self, name: str) -> set[str]:
        """The doors by which this person learns of the case."""
        person = User.objects.get(pk=self.city.staff[name].pk)
        client, found = Client(), set()
        places = self.places | {"document": self.documents[name].pk}
        with time_machine.travel(LOOK, tick=False), translation.override("en"):
            client.force_login(person)
            for door, path in LISTS.items():
                words = client.get(path.format(**places)).content.decode()
                if CANARY in words or self.case.number in words:
                    found.add(door)
            for door, path in PLACES.items():
                if client.get(path.format(**places)).status_code == 200:
                    found.add(door)
            search = client.get("/staff/search/", {"q": self.case.number})
            if search.status_code == 302 and search["Location"].startswith(
                f"/staff/cases/{self.case.number}"
            ):
                found.add("number")
            counts = count_all(person, counted_sets(person, LOOK))
            found |= {f"count of {name}" for name, count in counts.items() if count}
        period = Period(date(2026, 11, 1), date(2026, 12, 31))
        return found | (
            {"report"}
            if freeze(period, None, actor=person, now=LOOK).figures["received"] > self._others(person)
            else set()
        )

    def _others(self, person: User) -> int:
        return Complaint.objects.visible_to(person).exclude(pk=self.case.pk).count()


EVERYBODYS = {"all", "words", "page", "paper", "number", "report", "file", "pdf"}
LATE_CASES = EVERYBODYS | {"queue", "overdue", "count of turn", "count of overdue"}
# Who looks, how the case stands meanwhile (waiting for verification, or at work with PUPR), and how they would
# learn of it.
WHO = [
    ("vera", "waiting", EVERYBODYS | {"queue", "a similar case"}),
    ("clara", "waiting", EVERYBODYS | {"queue", "typed in today", "count of turn"}),
    ("clara", "working", LATE_CASES),
    ("oka", "working", LATE_CASES),
    ("hana", "working", LATE_CASES | {"escalations", "escalation"}),
    (
        "sari",
        "working",
        EVERYBODYS
        | {"queue", "overdue", "escalation", "complete file", "count of overdue", "oversight oldest"}
        | {"oversight escalations", "oversight words"},
    ),
]
NAMES = [f"{who}-{stands}" for who, stands, _ in WHO]


@pytest.mark.parametrize(("who", "stands", "doors"), WHO, ids=NAMES)
def test_every_door_shuts_on_whom_the_case_is_about_and_on_nobody_else(
    city: City, who: str, stands: str, doors: set[str]
) -> None:
    scene = Scene(city, stands)
    before = scene.open_doors(who)
    assert before >= doors, doors - before
    beside = scene.open_doors("umar")
    city.name(scene.case, city.staff[who], now=LOOK)
    after = scene.open_doors(who)
    # Whoever sees the whole city still counts the similar case.
    others = {"count of turn"} if who in ("vera", "sari") else set()
    assert after <= others, after
    assert scene.open_doors("umar") >= beside


@pytest.mark.parametrize(("who", "stands"), [("vera", "waiting"), ("sari", "working")])
def test_what_they_count_is_one_less(city: City, who: str, stands: str) -> None:
    scene = Scene(city, stands)

    def turn() -> int:
        person = User.objects.get(pk=city.staff[who].pk)
        return count_all(person, counted_sets(person, LOOK))["turn"]

    before = turn()
    city.name(scene.case, city.staff[who], now=LOOK)
    assert turn() == before - 1


@pytest.mark.parametrize(("who", "stands", "doors"), WHO, ids=NAMES)
def test_whatever_they_send_meets_a_case_that_does_not_exist(
    city: City, client: Client, who: str, stands: str, doors: set[str]
) -> None:
    scene = Scene(city, stands)
    city.name(scene.case, city.staff[who], now=LOOK)
    version = Complaint.objects.get(pk=scene.case.pk).version
    client.force_login(city.staff[who])
    number = scene.case.number
    paths = [f"/staff/cases/{number}/{action.slug}/" for action in ACTIONS]
    paths += [f"/staff/cases/{number}/{rest}/" for rest in ("open-identity", "pdf", "seal")]
    paths += [
        f"/staff/escalations/{scene.places['escalation']}/{rest}/" for rest in ("acknowledge", "decide")
    ]
    for path in paths:
        assert client.post(path, {"version": version}).status_code in (403, 404), path
    RejectReason.objects.create(code="spam", name_id="Iklan", explanation_id="Ini iklan.")
    for path in ("assign", "hand-back", "note", "merge", "reject"):
        sent = {"cases": f"{number}@{version}", "agency": city.dinkes.code, "why": "Bukan kami"}
        sent |= {"note": "x", "into": scene.similar.number, "reason": "spam", "words": "Iklan semata"}
        page = client.post(f"/staff/cases/bulk/{path}/", sent)
        assert page.status_code == 403 or "outcome" in str(page.context["stayed"]).lower()
    merging = {"into": number, "version": scene.similar.version}
    assert CANARY not in client.post(f"/staff/cases/{scene.similar.number}/merge/", merging).content.decode()
    assert Complaint.objects.get(pk=scene.case.pk).version == version
