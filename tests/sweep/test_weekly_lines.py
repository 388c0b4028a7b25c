"""A case that nobody answers for a year has one line a week, which people read as one."""

import pytest

from accounts.models import User
from complaints.desk.case_page import case_context
from complaints.history.timeline import timeline_for
from complaints.models import Complaint
from escalation.sweep import run_sweep
from reports.pages.case_file import case_file_context
from tests.conflict.people import City
from tests.factories import DAY, FRIDAY, assigned
from tests.sweep.test_never_silent import usual_rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LATER = FRIDAY + 200 * DAY


@pytest.fixture
def case() -> Complaint:
    city = City()
    usual_rules()
    case = assigned(agency=city.pupr)
    while (at := Complaint.objects.get(pk=case.pk).next_action_at) is not None and at < LATER:
        run_sweep(at)
    return Complaint.objects.with_everything().get(pk=case.pk)


def test_equal_weekly_lines_are_one_on_the_page_and_in_the_file_and_all_are_kept(case):
    umar = User.objects.get(name="Umar")
    every = [item.title for item in timeline_for(case, umar)]
    assert sum(title.startswith("Still late: reminded") for title in every) > 15
    page = [item.title for item in case_context(case, umar, LATER)["timeline"]]
    file = [line["item"].title for line in case_file_context(case, umar, LATER)["timeline"]]
    assert page == file and len(page) < 15
    again = [title for title in page if "times, last on" in title]
    assert again and sum(int(title.split("(")[1].split(" times")[0]) for title in again) > 15
    assert [t for t in page if "reminded" not in t] == [t for t in every if "reminded" not in t]
