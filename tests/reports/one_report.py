"""One city's report, the same on whatever database its rows lie: what is compared where a city moves from one to the
other (tests/deploy/test_moving.py)."""

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.actors import Citizen
from accounts.models import Agency, User
from accounts.roles import Role
from complaints.services import citizen, handling, verification
from complaints.services.verification import Routing
from escalation.oversight.models import OversightSums
from escalation.oversight.sums import keep_all
from reports.documents.by_hand import write_report
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.statistics.keeping import count_all, stored
from reports.suppression.report import decide
from tests import factories
from tests.factories import DAY, FRIDAY

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = FRIDAY + 40 * DAY


def lead_lives() -> None:
    """A case answered, one disputed, one handed on, one shared, one that waits and one that is late."""
    agency, other = Agency.objects.get(code="PUPR"), factories.make_agency("DLHK")
    verifier = User.objects.get(role=Role.VERIFIER)
    factories.closed(agency=agency)
    disputed = factories.resolved(agency=other)
    citizen.dispute(disputed.pk, actor=Citizen(disputed.pk), now=FRIDAY + DAY, why="Belum")
    handed_on = factories.assigned(agency=agency)
    officer = factories.officer_of(handed_on)
    handling.hand_back(handed_on.pk, actor=officer, now=FRIDAY + DAY, why="Bukan kami")
    for case, to in ((handed_on, [other]), (factories.file_complaint(), [agency, other])):
        verification.assign(case.pk, actor=verifier, now=FRIDAY + 2 * DAY, routing=Routing(to))
    factories.awaiting()
    factories.assigned(FRIDAY - 10 * DAY, agency=other)


def print_digests() -> None:
    """Of the whole snapshot, its PDF, what is hidden of it in public, the kept-up counts and the supervisors' sums."""
    snapshot = freeze(NOVEMBER, None, actor=None, now=LATER)
    count_all(LATER)
    keep_all(LATER)
    month, sums = stored(NOVEMBER.first), OversightSums.objects.order_by("name").values_list("name", "sums")
    said = {
        "cases": snapshot.figures["received"],
        "snapshot": _digest(snapshot.content),
        "hidden": decide(snapshot.public_data()["figures"])[0].as_json(),
        "counts": _digest(repr([sorted(month.rows.items()), sorted(month.stays.items())]).encode()),
        # How long cases took is compared there but for the last bits (sums.differs).
        "sums": {
            name: [kept.get(part) for part in ("counts", "times", "open", "overdue")] for name, kept in sums
        },
    }
    with TemporaryDirectory() as folder:
        pdf = write_report(snapshot, Path(folder), language="id").pdf
        said["pdf"] = _digest(pdf.read_bytes())
    sys.stdout.write(json.dumps(said))


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
