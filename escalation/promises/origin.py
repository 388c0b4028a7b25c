"""What a new promise begins with, named in the address of its form: a recommendation, a finding, an element of a
survey, a proposal, and what of a standard it is to change. Cases have a door of their own (`views.lists.cases_of`)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.clock.city_time import day_of
from complaints.models import Service
from escalation.promises.models.commitment import CommitmentKind
from escalation.promises.models.proposal import Proposal
from escalation.promises.models.recommendation import Recommendation
from surveys.forums.models import Finding
from surveys.questionnaires.models import Element
from surveys.rounds.models import Round, RoundState
from surveys.standards.forms import ChangeForm, form_class
from surveys.standards.in_force import value_on
from surveys.standards.models import OF_SERVICE, Counter, Part

KINDS = {Part.HOURS: CommitmentKind.HOURS, Part.PROCEDURE: CommitmentKind.PROCEDURE}
OF_ELEMENT = {
    Element.PROCEDURE: CommitmentKind.PROCEDURE,
    Element.COMPETENCE: CommitmentKind.TRAINING,
    Element.BEHAVIOUR: CommitmentKind.TRAINING,
    Element.FACILITIES: CommitmentKind.FACILITY,
    Element.REQUIREMENTS: CommitmentKind.INFORMATION,
}


@dataclass(frozen=True)
class Target:
    """What of a standard is to change."""

    part: Part
    service: Service | None = None
    counter: Counter | None = None

    @property
    def code(self) -> str:
        """As addresses have it."""
        if self.counter is not None:
            return f"counter.{self.counter.code}"
        return f"service.{self.service.code if self.service else ''}.{self.part.value}"

    @property
    def label(self) -> str:
        thing = self.counter or self.service
        return f"{thing.name if thing else ''} · {self.part.label}"


@dataclass(frozen=True)
class Origin:
    recommendation: Recommendation | None = None
    findings: tuple[Finding, ...] = ()
    elements: tuple[tuple[Round, str], ...] = ()
    proposal: Proposal | None = None
    target: Target | None = None

    def initial(self) -> dict[str, Any]:
        """What the form can be filled in with."""
        found: dict[str, Any] = {}
        for survey_round, element in self.elements:
            found |= {"agency": survey_round.agency.code, "kind": OF_ELEMENT.get(Element(element), "")}
            if survey_round.service:
                found["service"] = survey_round.service.code
        for finding in self.findings:
            found |= {"agency": finding.agency.code, "description": finding.words}
            if finding.service:
                found["service"] = finding.service.code
        if self.target is not None:
            found["kind"] = KINDS.get(self.target.part, found.get("kind", ""))
            service = self.target.service or (
                self.target.counter.services.first() if self.target.counter else None
            )
            thing = self.target.counter or self.target.service
            if thing is not None:
                found["agency"] = thing.agency.code
            if service is not None:
                found.setdefault("service", service.code)
        return found


def origin_of(request: HttpRequest, user: User) -> Origin:
    """What the address names, as far as this person reaches it; Http404 for anything else."""
    asked = request.GET
    recommendation = _one(Recommendation.objects.visible_to(user), number=asked.get("recommendation"))
    finding = _one(
        Finding.objects.visible_to(user).select_related("agency", "service", "forum"),
        number=asked.get("finding"),
    )
    proposal = _one(
        Proposal.objects.visible_to(user).select_related("survey_round__agency", "survey_round__service"),
        number=asked.get("proposal"),
    )
    elements = [(proposal.survey_round, proposal.element)] if proposal else []
    rounds = Round.objects.visible_to(user).filter(state=RoundState.CLOSED)
    survey_round = _one(rounds.select_related("agency", "service"), code=asked.get("round"))
    if survey_round is not None:
        if asked.get("element") not in Element.values:
            raise Http404
        elements.append((survey_round, asked["element"]))
    return Origin(
        recommendation=recommendation,
        findings=(finding,) if finding else (),
        elements=tuple(dict.fromkeys(elements)),
        proposal=proposal,
        target=_target(asked.get("plan", ""), user),
    )


def _one(rows: Any, **named: str | None) -> Any:
    """The row of that name; None where the address names none."""
    (value,) = named.values()
    if not value:
        return None
    found = rows.filter(**named).first() if "\x00" not in value else None
    if found is None:
        raise Http404
    return found


def _target(text: str, user: User) -> Target | None:
    if not text:
        return None
    kind, _dot, rest = text.partition(".")
    if kind == "counter":
        counter = _one(_counters(user), code=rest)
        if counter is not None:
            return Target(Part.HOURS, counter=counter)
    code, _dot, part = rest.partition(".")
    if kind != "service" or part not in OF_SERVICE or not code:
        raise Http404
    return Target(Part(part), service=_one(_services(user), code=code))


def _counters(user: User) -> Any:
    rows = Counter.objects.filter(is_active=True).select_related("agency")
    return rows.filter(agency__in=user.agency_scope) if user.agency_id is not None else rows


def _services(user: User) -> Any:
    rows = Service.objects.filter(is_active=True).select_related("agency")
    return rows.filter(agency__in=user.agency_scope) if user.agency_id is not None else rows


def targets_of(user: User) -> list[Target]:
    """What this person can promise to change: the hours of counters, then the parts of services."""
    found = [Target(Part.HOURS, counter=counter) for counter in _counters(user)]
    usual = (Part.TIME, Part.REQUIREMENTS, Part.PROCEDURE, Part.COST)
    return found + [Target(part, service=service) for service in _services(user) for part in usual]


class PlanChoice(forms.Form):
    """Above the form of a new promise: which standard it changes. Chosen, the page comes back with its fields."""

    plan = forms.ChoiceField(label="", required=False)

    def __init__(self, targets: list[Target], chosen: Target | None) -> None:
        super().__init__(initial={"plan": chosen.code if chosen else ""}, label_suffix="")
        self.fields["plan"].label = _("It changes a service standard")
        self.fields["plan"].choices = [  # type: ignore[attr-defined]
            ("", _("no standard")),
            *((each.code, each.label) for each in targets),
        ]


def plan_form(origin: Origin, data: Any) -> ChangeForm | None:
    """The fields of what is planned, beside those of the promise; filled in with what holds today."""
    target = origin.target
    if target is None:
        return None
    value, _last = value_on(target.part, target.service, target.counter, None, day_of(timezone.now()))
    form = form_class(target.part)(data, part=target.part, thing={}, seen=0, value=value, prefix="plan")
    for name in ("idempotency_key", "seen", "ends_on", "reason"):
        del form.fields[name]
    form.fields["starts_on"].help_text = _(
        "Once the promise is judged kept, the standard changes on this day, or on that of the judgement if it is later."
    )
    return form
