"""Mail to addresses that nobody has confirmed: whoever gives a stranger's address fills no mailbox with it."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from complaints.clock.city_time import day_of
from complaints.database.together import Question, ask
from complaints.models import Complaint, Message, UnconfirmedMail

MOST_A_DAY = 3  # for one purpose, whatever the number of reports

_TAKE = f"""
INSERT INTO {UnconfirmedMail._meta.db_table} (digest, place, day)
SELECT %s, count(*), %s FROM {UnconfirmedMail._meta.db_table} WHERE digest = %s HAVING count(*) < {MOST_A_DAY}
ON CONFLICT DO NOTHING RETURNING place
"""  # noqa: S608 - names of ours alone


def take_one(purpose: str, address: str, now: datetime) -> Question:
    """Takes one of the mails of the day to this address; there is a row where there was one. Two at once do not get the
    same. Inside the transaction of what is told."""
    day = day_of(now).isoformat()
    told = f"{purpose}:{day}:{address.strip().casefold()}"
    digest = salted_hmac("complaints.unconfirmed", told, algorithm="sha256").hexdigest()
    return Question(_TAKE, (digest, day, digest), ("text", "date", "text"))


def may_write(purpose: str, address: str, now: datetime, *, tried: int = 0) -> bool:
    """The same until it is plain: another one may have been quicker. `tried`: how often it was asked before."""
    question = take_one(purpose, address, now)
    return any(ask(question)[0] for _again in range(tried, MOST_A_DAY))


def mark_of(case: Complaint, address: str) -> str:
    """Tells whether a mail was written to this address of the case, without telling which it is."""
    told = f"{case.number}:{address.strip().casefold()}"
    return salted_hmac("complaints.receipt", told, algorithm="sha256").hexdigest()[:20]


def is_for(message: Message, address: str) -> bool:
    """Whether a receipt was written to this address; it may be another by now."""
    mark = message.data.get("to", "")
    return message.complaint is None or not mark or mark == mark_of(message.complaint, address)


def forget_past_days(now: datetime) -> int:
    """Deletes what days that are over have used; returns how many rows went."""
    return UnconfirmedMail.objects.filter(day__lt=day_of(now)).delete()[0]
