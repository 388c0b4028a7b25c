"""What a city has to have before people can rely on it, and whether it is there: the administrator's first page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.roles import Role, Seat
from complaints.clock.city_time import year_of
from complaints.models import Holiday, Message
from config.backup.making import newest_copy
from config.deploy_checks import refused


@dataclass(frozen=True)
class Step:
    """`missing` in words; "" where it is done."""

    label: str
    missing: str
    url: str = ""  # where it is done; "" where only the host's settings do it


def first_steps(now: datetime) -> list[Step]:
    return [*_people(), _calendars(now), _mail(), _copies(), _heads(), _endangered()]


def _people() -> Iterator[Step]:
    users = reverse("admin:accounts_user_changelist")
    active = User.objects.filter(is_active=True)
    if not settings.OIDC_SERVER_URL:  # else the city's own sign-in lets in who has no password
        active = active.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for role, label in (
        (Role.VERIFIER, _("Somebody verifies what comes in")),
        (Role.SUPERVISOR, _("Somebody supervises")),
    ):
        yield Step(
            label,
            "" if active.filter(role=role).exists() else _("Nobody who can sign in has this role yet."),
            users,
        )
    agencies = Agency.objects.filter(is_active=True, is_external=False, category__isnull=False).distinct()
    for role, label in (
        (Role.OFFICER, _("Every agency that reports go to has an officer")),
        (Role.AGENCY_HEAD, _("Every agency that reports go to has a head")),
    ):
        alone = agencies.exclude(pk__in=active.filter(role=role).values("agency")).order_by("code")
        names = [agency.short_name or agency.name for agency in alone[:3]]
        count = alone.count()
        more = _(" and %(count)s more") % {"count": count - len(names)} if count > len(names) else ""
        yield Step(label, ", ".join(names) + more, users)

    top = active.filter(role=Role.SUPERVISOR, seat__in=("", Seat.OMBUDSMAN))
    yield Step(
        _("Somebody decides on the highest level of escalation"),
        "" if top.exists() else _("Nobody who can sign in sits there: what climbs would end below."),
        users,
    )


def _calendars(now: datetime) -> Step:
    year = year_of(now) + 1
    covered = Holiday.objects.filter(on__year=year).exists()
    return Step(
        _("Days off of %(year)s are entered") % {"year": year},
        "" if covered else _("Enter them once the decree is out: deadlines reach into that year."),
        reverse("admin:complaints_officecalendar_changelist"),
    )


def _mail() -> Step:
    sent = Message.objects.exclude(sent_at=None).exists()
    return Step(
        _("Mail arrives"),
        "" if sent else _("No mail was sent yet. Invite somebody, or send yourself a trial mail below."),
    )


def _copies() -> Step:
    return Step(_("A backup was made"), "" if newest_copy() else _("Make one: manage.py backup"))


def _heads() -> Step:
    return Step(
        _("Somebody outside keeps the signed heads"),
        "" if settings.LEDGER_MAIL_TO else _("LEDGER_MAIL_TO names nobody."),
    )


def _endangered() -> Step:
    """What exactly, the command says to whoever can mend it."""
    count = sum(1 for _each in refused())
    words = ngettext("%(count)s thing is refused.", "%(count)s things are refused.", count) % {"count": count}
    return Step(_("check --deploy refuses nothing"), words if count else "")
