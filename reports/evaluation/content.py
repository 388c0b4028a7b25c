"""What the file for evaluators says: what is scored, what the city shows for it, and where the evidence is.

Everything is from what was frozen when the report was counted and from what is public: no case is read, and the same
report gives the same file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Agency
from accounts.roles import Role
from complaints.clock.city_time import day_of
from complaints.csv_out import csv_lines
from complaints.models import Category
from complaints.models.catalogue import Kind
from complaints.models.policy import Stage, UnitChoice
from reports.opendata.models import PublicEdition
from reports.opendata.package import csv_of
from reports.pages.frozen import Frozen
from reports.pages.labels import name_of
from reports.pages.parts import Table
from reports.publication.face import language
from reports.publication.models import Report
from reports.publication.models.report import ReportState
from reports.publication.periods import PeriodKind, part_of
from reports.publication.words import period_name
from reports.suppression.tables import OTHERS_CODE

Row = Sequence[Any]


@dataclass(frozen=True)
class Evidence:
    """A file of the bundle, or an address where the city has it in public."""

    label: str
    name: str = ""
    url: str = ""


@dataclass
class Criterion:
    """`basis`: what asks for it. `missing`: what the report does not know."""

    key: str
    title: str
    basis: str
    tables: list[Table] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    missing: str = ""


@dataclass
class Content:
    criteria: list[Criterion]
    files: dict[str, str]  # CSV by name


class Writer:
    """Gathers criteria and their files for one report, in the language that is on."""

    def __init__(self, report: Report) -> None:
        self.report, snapshot = report, report.latest_text.snapshot
        self.face = snapshot.face[language()]
        self.kept: dict[str, Any] = snapshot.face.get("kept", {})
        self.frozen = Frozen(self.kept) if self.kept else None
        self.edition = PublicEdition.objects.public().filter(code=report.code).first()
        self.files: dict[str, str] = {}

    def content(self) -> Content:
        made = (self.policy, self.people, self.channels, self.figures, self.offices, self.compliance)
        more = (self.standards, self.voices, self.published)
        return Content([make() for make in (*made, *more)], self.files)

    # What is scored, each with what asks for it (decision 71).

    def policy(self) -> Criterion:
        made = Criterion(
            "policy", _("Time limits in force"), _("Law 25/2009, Perpres 76/2013, SP4N practice")
        )
        rows = [
            [
                Kind(level["kind"]).label,
                self._category(level["category"]),
                level["valid_from"],
                *self._targets(level),
            ]
            for level in self.kept.get("policies", {}).get("service_levels", ())
        ]
        heads = [_("Kind"), _("Category"), _("Valid from"), *(str(stage.label) for stage in CITY_STAGES)]
        return self._tabled(made, "time-limits", _("Promised time, by kind of report and stage"), heads, rows)

    def people(self) -> Criterion:
        made = Criterion(
            "people",
            _("People appointed"),
            _("Law 25/2009, articles 36 and 37; Perpres 76/2013: appointed managers"),
        )
        people = self.kept.get("people", ())
        roles = [role for role in Role if any(row[1] == role for row in people)]
        whole = [
            [
                str(role.label),
                sum(row[2] for row in people if row[1] == role),
                sum(row[3] for row in people if row[1] == role),
                len({row[0] for row in people if row[1] == role and row[0]}) or "–",
            ]
            for role in roles
        ]
        heads = [_("Role"), _("People"), _("of these can sign in"), _("Agencies")]
        self._tabled(made, "people", _("Accounts by role, on the day of the count"), heads, whole)
        heads = [_("Agency"), _("Role"), _("People"), _("of these can sign in")]
        rows = [[self._agency(code), str(Role(role).label), *counts] for code, role, *counts in people]
        return self._tabled(made, "people-by-agency", _("The same by agency"), heads, rows, printed=False)

    def channels(self) -> Criterion:
        made = Criterion(
            "channels",
            _("Channels"),
            _("Perpres 76/2013: means of complaint; SP4N road map: integrated channels"),
        )
        self._public(made, ("by_channel", _("Reports by channel")), ("by_kind", _("Reports by kind")))
        made.evidence.append(Evidence(_("Where citizens report"), url=settings.BASE_URL))
        return made

    def figures(self) -> Criterion:
        made = Criterion(
            "figures",
            _("Reports received and what became of them"),
            _("Ombudsman regulation 61/2025: the opinion on public service goes by results"),
        )
        heads = [_("Figure"), _("This period"), _("The period before"), _("Change")]
        rows = [[row["title"], row["now"], row["before"], row["change"]] for row in self.face["details"]]
        self._tabled(made, "main-figures", _("Main figures"), heads, rows)
        public = (
            ("by_state", _("Reports by state")),
            ("ended_how", _("How they ended")),
            ("rejected", _("Rejected, by reason")),
            ("by_category", _("What it was about")),
            ("by_district", _("By district")),
        )
        self._public(made, *public)
        return made

    def offices(self) -> Criterion:
        made = Criterion("offices", _("Agencies"), _("Time limits kept, by agency"))
        public = (
            ("by_agency", _("By the promise to the citizen")),
            ("by_time_with", _("By the time with the agency")),
        )
        self._public(made, *public)
        return made

    def compliance(self) -> Criterion:
        made = Criterion(
            "compliance",
            _("Corrective actions and recommendations"),
            _("Law 37/2008: recommendations are carried out within 60 days and reported"),
        )
        if "recommendations" in self.kept.get("without", ()):
            made.missing = _("Whoever counted this report may not read recommendations.")
        advised = "basis", "count", "complied", "partly", "not_complied", "withdrawn", "to_judge", "overdue"
        self._frozen(made, "recommendations", (*advised, "complied_share"))
        self._frozen(made, "recommendations_by_type", ("maladministration", "count"))
        promised = "count", "kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due"
        self._frozen(made, "promises", ("basis", *promised, "kept_in_time_share"))
        self._frozen(made, "promises_by_agency", ("agency", *promised))
        self._frozen(made, "promises_kept", ("promise", "agency", "service", "done_on", "effect"))
        made.evidence.append(
            Evidence(_("Promises, for everybody"), url=_address("escalation:commitment-board"))
        )
        return made

    def standards(self) -> Criterion:
        made = Criterion(
            "standards",
            _("Service standards"),
            _("Permen PANRB 15/2014: six parts owed to the public, and the pledge"),
        )
        heads = [_("Agency"), _("Services"), _("with all six parts"), _("Pledge")]
        rows = [
            [self._agency(code), services, whole, _("yes") if pledge else _("no")]
            for code, services, whole, pledge in self.kept.get("standards", ())
        ]
        return self._tabled(made, "standards", _("Standards in force on the day of the count"), heads, rows)

    def voices(self) -> Criterion:
        made = Criterion(
            "voices", _("What citizens said"), _("Permen PANRB 14/2017 (survey) and 16/2017 (forum)")
        )
        asked = "agency", "service", "closes_on", "respondents", "asked_for", "index", "low", "high", "grade"
        self._frozen(made, "satisfaction", asked)
        ended = "quarter", "by", "code", "asked", "answers", "solved_share"
        self._frozen(made, "after_case", ended, told_by="answers")
        called = "quarter", "population", "asked", "answered", "done", "done_share", "done_low", "done_high"
        self._frozen(made, "call_backs", called, told_by="done")
        said = "count", "case", "commitment", "answered", "declined", "waiting", "overdue", "in_time_share"
        self._frozen(made, "forum_inputs", said)
        return made

    def published(self) -> Criterion:
        made = Criterion(
            "published",
            _("Published reports"),
            _("Perpres 76/2013: results are reported for evaluation"),
        )
        heads = [_("Report"), _("Covers"), _("State"), _("Published"), _("Snapshot (SHA-256)"), _("Address")]
        rows = [_published(row) for row in _of_the_year(self.report)]
        self._tabled(made, "published-reports", _("Reports of this year"), heads, rows)
        made.evidence.append(Evidence(_("All reports"), url=_address("reports:public-list")))
        made.evidence.append(Evidence(_("Counting a report again"), url=_address("reports:recount")))
        return made

    # How tables and their files are made

    def _tabled(
        self,
        made: Criterion,
        name: str,
        caption: str,
        heads: Sequence[str],
        rows: Iterable[Row],
        *,
        printed: bool = True,
    ) -> Criterion:
        found = [list(row) for row in rows]
        if not found:
            made.missing = made.missing or _(
                "This report was counted before this was kept, or there is none."
            )
            return made
        if printed:
            numbers = [all(isinstance(row[n], int) for row in found) for n in range(len(heads))]
            cells = [[str(value) for value in row] for row in found]
            made.tables.append(Table(caption, list(zip(heads, numbers, strict=True)), cells))
        return self._file(made, name, caption, "".join(csv_lines(heads, found)))

    def _file(self, made: Criterion, name: str, label: str, content: str) -> Criterion:
        path = f"{made.key}/{name}.csv"
        self.files[path] = content
        made.evidence.append(Evidence(label, name=path))
        return made

    def _public(self, made: Criterion, *tables: tuple[str, str]) -> None:
        """As everybody has them: what is hidden there is hidden here."""
        for name, label in tables:
            if self.edition is not None and name in self.edition.tables:
                made.tables += [as_public(self.edition, name, label)] if name in PRINTED else []
                self._file(made, name.replace("_", "-"), label, csv_of(self.edition, name))
        if self.edition is not None:
            data = reverse("reports:report-data", args=[self.report.code, "datapackage.json"])
            made.evidence.append(
                Evidence(_("Open data, with its description"), url=f"{settings.BASE_URL}{data}")
            )

    def _frozen(self, made: Criterion, code: str, columns: Sequence[str], *, told_by: str = "") -> None:
        """`told_by`: without rows that have nothing there, of which the paper for everybody says nothing either."""
        rows = self.frozen.rows(code) if self.frozen else []
        rows = [row for row in rows if not told_by or row[told_by] is not None]
        if self.frozen is None or not rows:
            return
        table = self.frozen.table(code, columns, rows)
        made.tables.append(table)
        heads = [words for words, _is_number in table.heads]
        self._file(made, code.replace("_", "-"), table.caption, "".join(csv_lines(heads, table.rows)))

    def _agency(self, code: str) -> str:
        return self._called(Agency, "agency", code) if code else _("The city as a whole")

    def _category(self, code: str) -> str:
        return self._called(Category, "category", code) if code else _("every category")

    def _called(self, model: Any, group: str, code: str) -> str:
        """By the name of the day of the count; of a report from before they were kept, that of today."""
        names = self.kept.get("called", {}).get(group, {})
        return names[code][language()] if code in names else _name(model, code)

    def _targets(self, level: dict[str, Any]) -> list[str]:
        found = []
        for stage in CITY_STAGES:
            amount, unit = level["targets"][stage.value]
            found.append(f"{amount} {UnitChoice(unit).label}")
        return found


# Printed in the index; of the others there is the file alone.
PRINTED = ("by_channel", "by_kind", "by_state", "ended_how", "rejected", "by_agency", "by_time_with")
HEADS = {
    "received": gettext_noop("Received"),
    "count": gettext_noop("Cases"),
    "stays": gettext_noop("Times with it"),
    "met_target": gettext_noop("In time"),
    "in_time": gettext_noop("In time"),
    "late": gettext_noop("Late"),
    "handed_on": gettext_noop("Handed on"),
    "ended": gettext_noop("Ended"),
    "open": gettext_noop("Open"),
}


def as_public(edition: PublicEdition, name: str, label: str) -> Table:
    """Its main columns; the file has all of them."""
    columns: list[str] = edition.tables[name]["columns"]
    shown = [n for n, column in enumerate(columns) if column in HEADS]
    heads = [(_column(columns[0]), False), *((_(HEADS[columns[n]]), True) for n in shown)]
    cells = [
        [_row_name(edition, columns[0], row[0]), *("*" if row[n] is None else str(row[n]) for n in shown)]
        for row in edition.tables[name]["rows"]
    ]
    return Table(label, heads, cells)


def _column(code: str) -> str:
    return {
        "agency": _("Agency"),
        "channel": _("Channel"),
        "kind": _("Kind"),
        "state": _("State"),
        "how": _("Outcome"),
        "reason": _("Reason"),
    }[code]


def _row_name(edition: PublicEdition, group: str, code: str) -> str:
    if code == OTHERS_CODE:
        return _("All others")
    return name_of({"labels": edition.labels}, group, code)


CITY_STAGES = (Stage.VERIFICATION, Stage.FIRST_RESPONSE, Stage.RESOLUTION, Stage.CITIZEN_ANSWER)


def _name(model: Any, code: str) -> str:
    row = model.objects.filter(code=code).first()
    return row.local_name if row is not None else code


def _address(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(name)}"


def _of_the_year(report: Report) -> Iterable[Report]:
    """Published ones whose period ends in the same year, withdrawn ones too."""
    year, _number = part_of(PeriodKind(report.kind), report.period_from)
    rows = Report.objects.public().select_related("agency").filter(period_to__year=year)
    return rows.order_by("-period_to", "code")


def _published(row: Report) -> Row:
    scope = row.agency_words or _("The whole city")
    day = day_of(row.published_at).isoformat() if row.published_at else ""
    address = f"{settings.BASE_URL}{reverse('reports:report', args=[row.code])}"
    state = str(ReportState(row.state).label)
    return [str(capfirst(period_name(row))), scope, state, day, row.latest_text.snapshot.digest, address]
