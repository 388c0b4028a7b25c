"""What is missing so that cases are worked on and somebody stands above them (accounts/leaving.py)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Absence, Agency, User
from accounts.roles import Seat
from complaints.clock.city_time import day_of, start_of
from complaints.models import Complaint
from complaints.roster import Roster
from complaints.services.absences import set_absence
from complaints.services.change import NotPossible
from complaints.states import State
from complaints.watching import unwatched


def missing(now: datetime, *, counting: bool = True) -> dict[str, str]:
    """By a code, in words. People are counted who can sign in and are not away at `now`; with `counting` the words
    say how many open cases it concerns."""
    found = dict(_places(Roster.read(now), counting=counting))
    return found | dict(_cases_alone(now, found))


def left_by_absence(absence: Absence, now: datetime) -> list[str]:
    """In words, what is missing on some day of an absence and would not be without it. Without numbers: whoever reads
    it may not know of every case."""
    rows = Absence.objects.filter(first_day__lte=absence.last_day, last_day__gte=absence.first_day)
    days = {max(row.first_day, absence.first_day, day_of(now)) for row in rows}
    moments = [start_of(day) for day in sorted(days)]
    with transaction.atomic():
        after = [missing(moment, counting=False) for moment in moments]
        absence.delete()
        before = [missing(moment, counting=False) for moment in moments]
        transaction.set_rollback(True)
    left = zip(before, after, strict=True)
    return list(dict.fromkeys(words for b, a in left for code, words in a.items() if code not in b))


class LeavesAlone(NotPossible):
    """An absence that leaves somebody alone; `left` in words."""

    def __init__(self, left: list[str]) -> None:
        again = gettext_lazy("Choose who stands in, or tick that you know.")
        super().__init__(lazystr(" ".join([*left, str(again)])))
        self.left = left


@transaction.atomic
def write_down_absence(*, now: datetime, leave_alone: bool = False, **absence: Any) -> Absence:
    """`set_absence`; LeavesAlone, with nothing saved, where it leaves somebody alone and nobody said that they know."""
    made = set_absence(now=now, **absence)
    if not leave_alone and (left := left_by_absence(Absence.objects.get(pk=made.pk), now)):
        raise LeavesAlone(left)
    return made


def _places(roster: Roster, *, counting: bool) -> Iterator[tuple[str, str]]:
    open_cases = Complaint.objects.open().filter(is_live=True).order_by()
    counted = dict(open_cases.values_list("agency").annotate(count=Count("pk")))

    def said(words: str, count: int, **about: str) -> str:
        return (words % (about | {"cases": _cases(count) if counting else ""})).strip()

    if _nobody(roster, roster.verifiers):
        waiting = open_cases.waiting_for_verifiers().count()
        yield "verifiers", said(_("No verifier is left. %(cases)s"), waiting)
    agencies = Agency.objects.filter(is_external=False).select_related("successor")
    for agency in agencies.order_by("name"):
        count = counted.get(agency.pk, 0)
        name = agency.local_name
        if not agency.is_active:
            heir = agency.who_took_over()
            if count and (heir is None or _nobody(roster, roster.officers.get(heir.pk, []))):
                yield (
                    f"closed:{agency.pk}",
                    said(_("%(agency)s takes no new cases. %(cases)s"), count, agency=name),
                )
            continue
        if _nobody(roster, roster.officers.get(agency.pk, [])):
            yield (
                f"officers:{agency.pk}",
                said(_("%(agency)s: no officer is left. %(cases)s"), count, agency=name),
            )
        if _nobody(roster, roster.heads.get(agency.pk, [])):
            yield f"head:{agency.pk}", said(_("%(agency)s: no head is left. %(cases)s"), count, agency=name)
    yield from _levels(roster)


def _nobody(roster: Roster, users: Iterable[User]) -> bool:
    return not any(roster.is_there(user) for user in users)


def _levels(roster: Roster) -> Iterator[tuple[str, str]]:
    both = roster.supervisors.get("", [])
    if _nobody(roster, [*both, *roster.supervisors.get(Seat.INSPECTORATE, [])]):
        yield "level:2", _("On the level of the inspectorate or the city secretary nobody is left.")
    if _nobody(roster, [*both, *roster.supervisors.get(Seat.OMBUDSMAN, [])]):
        yield "level:3", _("On the level of the ombudsman nobody is left.")


def _cases_alone(now: datetime, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Cases in which nobody may act though people are there: who is named stands aside, and oversight complaints are
    the inspectorate's alone. The same sentence for each of an agency."""
    rows = unwatched(now).exclude(state=State.MERGED).order_by("agency", "pk")
    names = {agency.pk: agency.local_name for agency in Agency.objects.all()}
    for case in rows.only("pk", "agency_id"):
        if f"officers:{case.agency_id}" in found or (case.agency_id is None and "verifiers" in found):
            continue
        if case.agency_id is None:
            words = _("Among the reports that no agency has are some in which nobody is left who may act.")
        else:
            words = _("%(agency)s: there are reports in which nobody is left who may act.")
        yield f"case:{case.pk}", words % {"agency": names.get(case.agency_id or 0, "")}


def _cases(count: int) -> str:
    return ngettext("%(count)d open report.", "%(count)d open reports.", count) % {"count": count}
