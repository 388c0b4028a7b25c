"""Before a case is given to an agency: whether its words complain about that agency or its people (decision 41).

The matching is pure (`mentions.py`); here it is asked of a case and of the line of the agencies that are to get it: the
agency, the units below it and those above, since whoever stands under the accused would be judging their superiors.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, Role
from complaints.clock.city_time import day_of
from complaints.mentions import HEAD, STAFF, UNIT, Person, Unit, mentions, phrase_of
from complaints.models import Complaint, ConductPhrase, EventContent, EventKind
from complaints.recusal import line_above

Named = dict[str, list[str]]  # code of an agency → how: of UNIT, HEAD, STAFF
# What its citizen says after filing, be it through the system as one whose case was merged; of these kinds the words of
# staff do not count.
SAID_LATER = (EventKind.ANSWERED, EventKind.DISPUTED, EventKind.RATED, EventKind.BROUGHT_BACK)
CITIZENS_OWN = (Role.CITIZEN, Role.CLERK, Role.SYSTEM)


class SentAnyway(models.TextChoices):
    """What whoever sends the case answers."""

    NOT_ABOUT = "not_about", gettext_lazy("The report is not about them")
    KNOWINGLY = "knowingly", gettext_lazy("It is about them, and they shall get it all the same")


def named_in(case: Complaint, agencies: Iterable[Agency], now: datetime) -> Named:
    """Who of those that would get the case, or stand above or below them, is named in its words. What counts as a word
    on conduct is what the city has chosen for today."""
    units = _line_of(list(agencies))
    if not units:
        return {}
    staff = User.objects.filter(agency__in=units, role__in=sorted(AGENCY_ROLES), is_active=True)
    people = [
        Person(name, code, role == Role.AGENCY_HEAD)
        for name, code, role in staff.values_list("name", "agency__code", "role")
    ]
    offices = [Unit(unit.code, unit.name, unit.short_name) for unit in units]
    phrases = ConductPhrase.objects.in_force(day_of(now)).values_list("phrase", flat=True)
    return mentions(_words(case), offices, people, map(phrase_of, phrases))


def _line_of(agencies: list[Agency]) -> list[Agency]:
    rows = {row.pk: row for row in Agency.objects.filter(is_external=False)}
    parents = {pk: row.parent_id for pk, row in rows.items()}
    wanted = {agency.pk for agency in agencies}
    above = {up for pk in wanted for up in line_above(pk, parents)}
    return [row for pk, row in rows.items() if pk in above or wanted & set(line_above(pk, parents))]


def _words(case: Complaint) -> str:
    """What its citizen wrote, then and since; of a part also what was said of the whole. Erased words are gone."""
    whole = [pk for pk in (case.pk, case.parent_id) if pk]
    later = EventContent.objects.filter(event__complaint__in=whole, event__kind__in=SAID_LATER)
    later = later.filter(event__role__in=CITIZENS_OWN)
    said = [str(words.get("text", "")) for words in later.order_by("pk").values_list("words", flat=True)]
    return "\n".join([case.subject, case.description, *said])


def in_words(named: Named) -> str:
    """ "Dinas PUPR (its head); Puskesmas Oesapa (the office)", in the reader's language."""
    labels = {UNIT: _("the office"), HEAD: _("its head"), STAFF: _("someone who works there")}
    agencies = {row.code: row.local_name for row in Agency.objects.filter(code__in=named)}
    return "; ".join(
        f"{agencies.get(code, code)} ({', '.join(labels[kind] for kind in kinds)})"
        for code, kinds in sorted(named.items())
    )


def is_strong(named: Named) -> bool:
    """Whether people are named, and not offices alone."""
    return any(kind != UNIT for kinds in named.values() for kind in kinds)


def data_of(named: Named, answer: str) -> dict[str, Any]:
    """For the event: codes and kinds, no words and no name."""
    return {"named": named, "answer": answer} if named else {}
