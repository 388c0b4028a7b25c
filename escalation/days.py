"""By when things are owed, and when the sweep looks at them. Calendar days, as the laws count them."""

from datetime import date, datetime, timedelta

from complaints.clock.city_time import start_of

# A recommendation is to be carried out within 60 days (UU 37/2008 art. 38).
RECOMMENDATION_DAYS = 60
COMMITMENT_DAYS = 90
# An explanation is asked for a second time after 14 days (UU 37/2008 art. 33): the pace at which what is
# overdue climbs, and after which supervisors are reminded of what waits for their judgement.
PATIENCE = timedelta(days=14)
REMIND_BEFORE = timedelta(days=7)
LONGEST_DAYS = 1096  # three years: what lies further off is no promise


def over_at(due_on: date) -> datetime:
    """The first moment that is too late: midnight after the last day, in the city."""
    return start_of(due_on + timedelta(days=1))


def first_look(due_on: date, now: datetime) -> datetime:
    """When the sweep looks at something that is owed from now on: to remind, or where that is past, when it is over."""
    remind_at = over_at(due_on) - REMIND_BEFORE
    return remind_at if remind_at > now else over_at(due_on)
