"""Who is away from when to when, and who stands in. It concerns people, not a case, so no history tells it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, User, may_stand_in
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.services.change import NotAllowed, NotPossible

SET_ABSENCE = "set_absence"


def people_of(actor: User) -> list[User]:
    """Whose absence `actor` may set: their own; an agency's head that of their line; the administrator anybody's."""
    users = User.objects.filter(is_active=True).select_related("agency").order_by("name", "pk")
    if actor.role == Role.ADMINISTRATOR:
        return list(users)
    if actor.role == Role.AGENCY_HEAD:
        return list(users.filter(agency__in=actor.agency_scope))
    return list(users.filter(pk=actor.pk))


def deputies_of(user: User) -> list[User]:
    others = User.objects.filter(is_active=True, role=user.role, agency=user.agency_id).order_by("name", "pk")
    return [other for other in others if may_stand_in(other, user)]


@transaction.atomic
def set_absence(
    *, actor: User, now: datetime, user: User, first_day: date, last_day: date, deputy: User | None = None
) -> Absence:
    """Writes down that `user` is away. NotAllowed for somebody whose absence `actor` may not set; NotPossible for days
    that are over or taken already, or a deputy who cannot do the work."""
    if user not in people_of(actor):
        raise NotAllowed(SET_ABSENCE)
    if last_day < first_day:
        raise NotPossible(_("The last day is before the first."))
    if last_day < day_of(now):
        raise NotPossible(_("These days are over."))
    if Absence.objects.filter(user=user, first_day__lte=last_day, last_day__gte=first_day).exists():
        raise NotPossible(_("For some of these days an absence is written down already. End that one first."))
    if deputy is not None and not may_stand_in(deputy, user):
        raise NotPossible(
            _("This person cannot do that work. Choose somebody with the same role at the same agency.")
        )
    return Absence.objects.create(
        user=user, first_day=first_day, last_day=last_day, deputy=deputy, set_by=actor, set_at=now
    )


@transaction.atomic
def end_absence(pk: int, *, actor: User, now: datetime) -> None:
    """Back from today on; one that has not begun is taken back. Absence.DoesNotExist for one that `actor` may not see
    or that is over."""
    today = day_of(now)
    absence = Absence.objects.not_over(today).get(pk=pk, user__in=[user.pk for user in people_of(actor)])
    if absence.first_day >= today:
        absence.delete()
    else:
        absence.last_day = today - timedelta(days=1)
        absence.save(update_fields=["last_day"])
