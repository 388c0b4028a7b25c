"""The people of the machine come and go: moved, without an account for a while, away; agencies close and open again."""

from datetime import datetime, timedelta

from django.db import connection
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import Absence, Agency, User
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.ledger.settings import record_settings
from complaints.models import Complaint
from complaints.watching import unwatched
from config.worker import hand_over
from tests.oversight import watching_oracle

WORKING = (Role.OFFICER, Role.AGENCY_HEAD, Role.VERIFIER, Role.SUPERVISOR)

# What reads all there is takes most of the time, and what does not fit stays so: the whole run asks it after every
# third step and at the end. A search asks at each.
EVERY = 3 if hypothesis_settings.get_current_profile_name() == "ci" else 1


class Staffing(RuleBasedStateMachine):
    """Rules about people, and the invariant that who watches is counted right whoever is there."""

    steps = 0
    now: datetime
    agencies: list[Agency]  # those that take cases

    def _somebody(self, data: st.DataObject, *roles: Role) -> User:
        people = list(User.objects.filter(role__in=roles or WORKING).order_by("pk"))
        return data.draw(st.sampled_from(people))

    @rule(data=st.data())
    def an_officer_moves(self, data: st.DataObject) -> None:
        officer = self._somebody(data, Role.OFFICER)
        agency = data.draw(st.sampled_from(list(Agency.objects.filter(is_external=False).order_by("pk"))))
        User.objects.filter(pk=officer.pk).update(agency=agency)

    @rule(data=st.data())
    def an_officer_s_account_is_closed_or_opened(self, data: st.DataObject) -> None:
        officer = self._somebody(data, Role.OFFICER)
        User.objects.filter(pk=officer.pk).update(is_active=not officer.is_active)

    @rule(data=st.data())
    def somebody_cannot_sign_in_for_a_while(self, data: st.DataObject) -> None:
        user = self._somebody(data)
        password = user.password[1:] if user.password.startswith("!") else f"!{user.password}"
        User.objects.filter(pk=user.pk).update(password=password)

    @rule(data=st.data(), days=st.integers(0, 20), ahead=st.integers(0, 5), has_deputy=st.booleans())
    def somebody_is_away(self, data: st.DataObject, days: int, ahead: int, has_deputy: bool) -> None:
        user = self._somebody(data)
        first = day_of(self.now) + timedelta(days=ahead)
        last = first + timedelta(days=days)
        if not user.absences.filter(first_day__lte=last, last_day__gte=first).exists():
            others = User.objects.filter(role=user.role, agency=user.agency).exclude(pk=user.pk)
            Absence.objects.create(
                user=user,
                first_day=first,
                last_day=last,
                deputy=others.first() if has_deputy else None,
                set_at=self.now,
            )

    @rule(data=st.data())
    def an_agency_closes_or_opens(self, data: st.DataObject) -> None:
        everyone = list(Agency.objects.filter(is_external=False).order_by("pk"))
        agency = data.draw(st.sampled_from(everyone))
        if not agency.is_active or len(self.agencies) > 1:  # one is always open
            others = [other for other in everyone if other != agency and other.is_active]
            heir = data.draw(st.sampled_from([None, *others])) if agency.is_active else None
            Agency.objects.filter(pk=agency.pk).update(is_active=not agency.is_active, successor=heir)
            self.agencies = list(Agency.objects.filter(is_external=False, is_active=True).order_by("pk"))

    @rule()
    def what_closed_agencies_had_is_handed_over(self) -> None:
        hand_over(self.now)
        for agency in Agency.objects.handed_over():
            if agency.who_took_over() is not None:
                assert not Complaint.objects.left_at(agency).exists()

    @invariant()
    def everything_fits_every_so_often(self) -> None:
        self.steps += 1
        if self.steps % EVERY == 0:
            self.everything_fits()

    def everything_fits_at_last(self) -> None:
        if not connection.needs_rollback:  # else something else was wrong already
            self.everything_fits()

    def everything_fits(self) -> None:
        """Reads the whole city. Settings that the rules changed past the administration are put on record, once a
        service that was handed over has put all others there."""
        record_settings(actor=None, now=self.now, concerned=lambda table, row: True)
        self.what_nobody_watches_is_counted_right()

    def what_nobody_watches_is_counted_right(self) -> None:
        counted = set(unwatched(self.now).values_list("number", flat=True))
        assert counted == watching_oracle.unwatched(self.now)
