"""Sections about what citizens said, in surveys, after their cases and in forums, and about what agencies owe them.

Of people who answered there are only groups of ten and more (figures' rule); promises and inputs of forums are public.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.shares import share_of
from reports.pages import words
from reports.pages.charts import Interval, Stack, intervals, stacks
from reports.pages.frozen import Frozen, is_there
from reports.pages.groups import Groups
from reports.pages.labels import in_language, name_of
from reports.pages.parts import Chart, Section, Table
from reports.suppression.rows import is_small
from surveys.index.numbers import decimal as rounded

Row = dict[str, Any]
INDEX = (25.0, 100.0)
STEPS = (1.0, 4.0)
SHARES = (0.0, 100.0)
ROUND = (
    "agency",
    "service",
    "closes_on",
    "respondents",
    "asked_for",
    "response_share",
    "index",
    "low",
    "high",
    "grade",
)


def voice_sections(groups: Groups) -> list[Section]:
    """Those of which the snapshot knows anything."""
    frozen = Frozen(groups.data)
    found = (
        _satisfaction(groups, frozen),
        _after_case(groups, frozen),
        _call_backs(groups, frozen),
        _inputs(groups, frozen),
        _promises(groups, frozen),
        _recommendations(frozen),
        None if groups.public else _signals(frozen),
        None if groups.public else _staff(frozen),
    )
    return [section for section in found if section is not None]


def _satisfaction(groups: Groups, frozen: Frozen) -> Section | None:
    rows = sorted(
        frozen.rows("satisfaction"), key=lambda row: (_name(groups, row), row.get("closes_on") or "")
    )
    if not rows:
        return None
    section = Section("satisfaction", _("How citizens judge the services"), frozen.definition("satisfaction"))
    drawn = [
        Interval(_unit(groups, row), row["low"], row["index"], row["high"], _said(row["index"], row))
        for row in rows
        if row["index"] is not None and row["low"] is not None
    ]
    if drawn:
        title = _("Satisfaction index, from 25 to 100: the line is where it lies with 95 in 100 certainty")
        section.charts.append(Chart(title, intervals(title, drawn, INDEX, groups.colours.primary)))
    names_service = any(row["service"] for row in rows)
    columns = ROUND if names_service else [each for each in ROUND if each != "service"]
    section.tables.append(frozen.table("satisfaction", columns, rows))
    _elements(groups, frozen, section)
    return section


def _elements(groups: Groups, frozen: Frozen, section: Section) -> None:
    code = "satisfaction_by_element"
    of_all = (row for row in frozen.rows(code) if row["round"] == "")
    whole = sorted(of_all, key=lambda row: (-row["mean"], row["element"]))
    drawn = []
    for row in whole:
        if row["low"] is not None:
            name = name_of(groups.data, "element", row["element"])
            said = rounded(row["mean"])
            drawn.append(Interval(name, row["low"], row["mean"], row["high"], said))
    if drawn:
        title = _("Mean of each element over all rounds, from 1 to 4")
        section.charts.append(Chart(title, intervals(title, drawn, STEPS, groups.colours.accent)))
    if whole:
        columns = ("element", "mean", "low", "high", "answered")
        section.tables.append(frozen.table(code, columns, whole))


def _name(groups: Groups, row: Row) -> str:
    name = name_of(groups.data, "agency", row["agency"])
    return f"{name}: {name_of(groups.data, 'service', row['service'])}" if row["service"] else name


def _unit(groups: Groups, row: Row) -> str:
    """With the month in which the round closed: a unit may have several."""
    name = _name(groups, row)
    return (
        f"{name}, {date_format(date.fromisoformat(row['closes_on']), 'M Y')}"
        if row.get("closes_on")
        else name
    )


def _said(value: float, row: Row) -> str:
    return f"{rounded(value)} ({words.number(row['respondents'])})"


def _after_case(groups: Groups, frozen: Frozen) -> Section | None:
    rows = [row for row in frozen.rows("after_case") if row["answers"] is not None]
    if not rows:
        return None
    section = Section(
        "after_case", _("The citizen's word beside the city's"), frozen.definition("after_case")
    )
    drawn = [
        Stack(_of_what(groups, row), row["solved_yes"], row["solved_no"])
        for row in rows
        if row["solved_yes"] is not None
    ]
    if drawn:
        title = _("Is it solved? What citizens say once their case has ended")
        legend = (_("solved"), _("not solved (hatched)"))
        section.charts.append(Chart(title, stacks(title, drawn, legend, groups.colours)))
    table = frozen.table(
        "after_case",
        ("code", "asked", "answers", "solved_yes", "solved_no", "solved_share", "satisfaction_mean"),
        rows,
    )
    named = [[_of_what(groups, row), *cells[1:]] for row, cells in zip(rows, table.rows, strict=True)]
    section.tables.append(table.with_rows(named))
    return section


def _call_backs(groups: Groups, frozen: Frozen) -> Section | None:
    # In public a quarter with too few answers to tell would say how few cases it had, and no more.
    rows = [row for row in frozen.rows("call_backs") if row["done"] is not None or not groups.public]
    if not rows:
        return None
    section = Section(
        "call_backs", _("Was it done? Those who were drawn by chance"), frozen.definition("call_backs")
    )
    drawn = [
        Interval(
            words.quarter(date.fromisoformat(row["quarter"])),
            row["done_low"],
            row["done_share"],
            row["done_high"],
            share_of(row["done"], row["answered"], 1),
        )
        for row in rows
        if row["done"] is not None
    ]
    if drawn:
        title = _("Share that says it was done: the line is where it lies with 95 in 100 certainty")
        section.charts.append(Chart(title, intervals(title, drawn, SHARES, groups.colours.primary)))
    said = ("quarter", "population", "asked", "answered", "done", "partly", "not_done", "done_share")
    section.tables.append(frozen.table("call_backs", said, rows))
    silence = ("quarter", "asked", "answered", "refused", "not_reached", "silent", "typed")
    of_silence = frozen.table("call_backs", silence, rows)
    section.tables.append(replace(of_silence, caption=_("Who was asked, and who did not answer")))
    return section


def _of_what(groups: Groups, row: Row) -> str:
    """The quarter, and the unit or how the cases ended."""
    quarter = words.quarter(date.fromisoformat(row["quarter"]))
    if row["by"] == "whole":
        of_what = _("all together")
    else:
        of_what = name_of(groups.data, "agency" if row["by"] == "unit" else "ending", row["code"])
    return f"{quarter}: {of_what}"


BECAME = ("count", "case", "commitment", "answered", "declined", "waiting", "overdue")


def _inputs(groups: Groups, frozen: Frozen) -> Section | None:
    if not is_there(frozen.rows("forum_inputs")):
        return None
    lead = frozen.definition("forum_inputs")
    section = Section("forums", _("What people brought to forums"), lead)
    row = frozen.rows("forum_inputs")[0]
    drawn = [
        (name, row[code])
        for code, name in (
            ("case", _("Became a report")),
            ("commitment", _("Became a promise")),
            ("answered", _("Answered")),
            ("declined", _("Declined with a reason")),
            ("waiting", _("Waiting, in time")),
            ("overdue", _("Waiting too long")),
        )
    ]
    section.charts.append(groups.counts_chart(_("What became of the inputs"), drawn))
    for code, key in (("forum_inputs_by_source", "source"), ("forum_inputs_by_agency", "agency")):
        if frozen.rows(code):
            section.tables.append(frozen.table(code, (key, *BECAME)))
    if frozen.rows("forum_inputs_declined"):
        section.tables.append(frozen.table("forum_inputs_declined", ("reason", "count")))
    return section


PROMISED = (
    "count",
    "kept_in_time",
    "kept_late",
    "broken",
    "overdue",
    "reported",
    "not_due",
    "kept_in_time_share",
)
COMPARED = ("reports_before", "reports_after")
EFFECT = ("promise", "agency", *COMPARED, "effect_days", "effect")


def _promises(groups: Groups, frozen: Frozen) -> Section | None:
    if not is_there(frozen.rows("promises")):
        return None
    section = Section("promises", _("Promises and what came of them"), frozen.definition("promises"))
    due = [row for row in frozen.rows("promises") if row["basis"] == "due"]
    if is_there(due):
        names = {each["code"]: each for each in groups.data["definitions"]["promises"]["columns"]}
        title = _("Promises whose day lay in the period")
        drawn = [
            (in_language(names[code]["name"]), due[0][code])
            for code in ("kept_in_time", "kept_late", "broken", "overdue", "reported", "not_due")
        ]
        section.charts.append(groups.counts_chart(title, drawn))
    section.tables.append(frozen.table("promises", ("basis", *PROMISED)))
    if frozen.rows("promises_by_agency"):
        section.tables.append(frozen.table("promises_by_agency", ("agency", *PROMISED)))
    if frozen.rows("promises_kept"):
        section.tables.append(kept_promises(frozen, public=groups.public))
        section.notes.append(frozen.definition("promises_kept"))
    return section


def kept_promises(frozen: Frozen, *, public: bool) -> Table:
    """With the reports before and after, without what tells of fewer than five (as the promise's own page has it)."""
    table, places = frozen.table("promises_kept", EFFECT), [EFFECT.index(code) for code in COMPARED]
    if not public:
        return table
    rows = [list(row) for row in table.rows]
    for cells, row in zip(rows, frozen.rows("promises_kept"), strict=True):
        for place, code in zip(places, COMPARED, strict=True):
            if is_small(row[code] or 0):
                cells[place] = words.HIDDEN
    return table.with_rows(rows)


ADVISED = (
    "count",
    "complied",
    "partly",
    "not_complied",
    "withdrawn",
    "to_judge",
    "overdue",
    "complied_share",
)


def _recommendations(frozen: Frozen) -> Section | None:
    rows = frozen.rows("recommendations")
    if not is_there(rows):
        return None
    section = Section(
        "recommendations", _("Recommendations and compliance"), frozen.definition("recommendations")
    )
    section.tables.append(frozen.table("recommendations", ("basis", *ADVISED)))
    return section


SIGN_ANSWERS = (
    *("count", "answered_in_time", "answered_late", "waiting", "not_answered"),
    "answered_share",
)


def _signals(frozen: Frozen) -> Section | None:
    """Signs with how often was asked; inside only, since they are of few cases."""
    if not is_there(frozen.rows("signals"), "of"):
        return None
    section = Section("signals", frozen.title("signals"), frozen.definition("signals"))
    section.tables.append(frozen.table("signals", ("signal", "signs", "of", "share", "cases")))
    section.tables += [
        frozen.table(code, (key, *SIGN_ANSWERS))
        for code, key in (("sign_answers", "signal"), ("sign_answers_by_agency", "agency"))
        if frozen.rows(code)
    ]
    return section


PERSON = ("handler", "agency", "received", "open", "met_target", "late", "disputed", "hours_to_end_median")


def _staff(frozen: Frozen) -> Section | None:
    if not frozen.rows("by_handler"):
        return None
    section = Section("staff", _("Who works on the cases"), frozen.definition("by_handler"))
    section.tables.append(frozen.table("by_handler", PERSON))
    return section
