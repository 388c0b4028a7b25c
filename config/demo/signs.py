"""Signs of the demo city: counted some nights ago, and one of them answered by the agency's head."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import User
from accounts.roles import Role
from escalation.signals.answering import answer_sign, asked_of
from escalation.signals.services import refresh_signals

Schedule = Callable[[datetime, Callable[[datetime], object]], None]
DAY = timedelta(days=1)
WORDS = (
    "Sudah kami periksa satu per satu. Pekerjaannya memang selesai, tetapi catatannya terlalu ringkas. Mulai bulan "
    "depan setiap jawaban kami lengkapi dengan apa yang dikerjakan, kapan, dan di mana."
)


def plan_signs(at: Schedule, now: datetime) -> None:
    at(now - 3 * DAY, refresh_signals)
    at(now - 2 * DAY, _answer)


def _answer(moment: datetime) -> None:
    for head in User.objects.filter(role=Role.AGENCY_HEAD, is_active=True).order_by("email"):
        asked = asked_of(head, moment)
        if asked:
            answer_sign(asked[0].row.pk, actor=head, now=moment, words=WORDS, seen=0)
            return
