"""What is missing so that cases are worked on and somebody stands above them (accounts/leaving.py)."""

from collections.abc import Iterable, Iterator

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.roles import Seat
from complaints.models import Complaint
from complaints.roster import Roster


def missing() -> dict[str, str]:
    """By a code, in words. People are counted who can sign in and are not away."""
    return dict(_missing(Roster.read(timezone.now())))


def _missing(roster: Roster) -> Iterator[tuple[str, str]]:
    open_cases = Complaint.objects.open().filter(is_live=True).order_by()
    counted = dict(open_cases.values_list("agency").annotate(count=Count("pk")))

    def nobody(users: Iterable[User]) -> bool:
        return not any(roster.is_there(user) for user in users)

    if nobody(roster.verifiers):
        waiting = open_cases.waiting_for_verifiers().count()
        yield "verifiers", _("No verifier is left. %(cases)s") % {"cases": _cases(waiting)}
    for agency in Agency.objects.filter(is_external=False).order_by("name"):
        count = counted.get(agency.pk, 0)
        about = {"agency": agency.local_name, "cases": _cases(count)}
        if not agency.is_active:
            if count:
                yield f"closed:{agency.pk}", _("%(agency)s takes no new cases. %(cases)s") % about
            continue
        if nobody(roster.officers.get(agency.pk, [])):
            yield f"officers:{agency.pk}", _("%(agency)s: no officer is left. %(cases)s") % about
        if nobody(roster.heads.get(agency.pk, [])):
            yield f"head:{agency.pk}", _("%(agency)s: no head is left. %(cases)s") % about
    both = roster.supervisors.get("", [])
    if nobody([*both, *roster.supervisors.get(Seat.INSPECTORATE, [])]):
        yield "level:2", _("On the level of the inspectorate or the city secretary nobody is left.")
    if nobody([*both, *roster.supervisors.get(Seat.OMBUDSMAN, [])]):
        yield "level:3", _("On the level of the ombudsman nobody is left.")


def _cases(count: int) -> str:
    return ngettext("%(count)d open report.", "%(count)d open reports.", count) % {"count": count}
