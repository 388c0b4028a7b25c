"""What the day of an answer leaves in PostgreSQL, taken away after midnight together with what rounds leave there.

That a citizen has answered is noted in the transaction that stores their answer, and rows lie in the order in which
they were last written: both would lead from the report to the answer, or to its day (rounds/rewriting.py).
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from complaints.clock.city_time import day_of
from surveys.aftercase.models import AfterCase
from surveys.rounds.rewriting import lose_places
from surveys.rounds.sealing import seal_days

ANSWERED_WITHIN = timedelta(days=90)  # of the end; nobody may answer for so long
PLACES = ("CLUSTER surveys_aftercase USING surveys_aftercase_pkey",)


def end_days(now: datetime) -> int:
    """Counts the past days and loses their order; how many there were. For the worker."""
    days = seal_days(now)
    if days and connection.vendor == "postgresql":
        AfterCase.objects.filter(ended_on__gte=day_of(now) - ANSWERED_WITHIN).update(cycle=F("cycle"))
        lose_places(PLACES)
    return days
