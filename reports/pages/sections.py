"""The sections of the report in their order."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from complaints.shares import FEW
from reports.pages import words
from reports.pages.charts import Bar, Column, bars, columns, line
from reports.pages.course import course
from reports.pages.groups import Groups, too_few, why_hidden
from reports.pages.labels import name_of
from reports.pages.offices import time_with_agencies
from reports.pages.parts import Chart, Section, Table
from reports.pages.places import place_sections
from reports.suppression.rows import Hidden, hide, is_small


def all_sections(groups: Groups) -> list[Section]:
    """What the report prints after its key figures."""
    return [
        over_time(groups),
        open_age(groups),
        time_to_end(groups),
        groups.section(
            "by_agency",
            "agency",
            _("Agencies"),
            _("Agency"),
            _("Each case counts for the agency that leads it now."),
        ),
        *time_with_agencies(groups),
        groups.section("by_category", "category", _("What it was about"), _("Category"), "", is_whole=True),
        *place_sections(groups),
        channels(groups),
        stages(groups),
        course(groups),
        escalations(groups),
    ]


def over_time(groups: Groups) -> Section:
    rows = groups.data["figures"]["by_step"]
    spans = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in rows]
    names = words.steps(spans)
    section = Section(
        "over_time",
        _("Over time"),
        _("By the day of receipt: of what came in then, what has ended and what is still open."),
    )
    hidden = [groups.hidden("by_step", "from", row) for row in rows]
    if not any({"received", "ended", "open"} & each for each in hidden):
        drawn = [
            Column(name, row["ended"], row["open"], words.number(row["received"]))
            for name, row in zip(names, rows, strict=True)
        ]
        desc = "; ".join(f"{column.label} {column.words}" for column in drawn)
        title = _("Received cases: ended and still open")
        legend = (_("ended"), _("still open (hatched)"))
        section.charts.append(Chart(title, columns(title, desc, drawn, legend, groups.colours)))
    points = [
        _point(name, row, is_hidden=bool({"met_target", "late"} & each))
        for name, row, each in zip(names, rows, hidden, strict=True)
    ]
    if len([value for _name, value, _words in points if value is not None]) > 2:
        desc = "; ".join(f"{name} {shown}" for name, _value, shown in points)
        title = _(
            "Share in time, by time of receipt; where fewer than twenty were in time or late it is left out"
        )
        section.charts.append(Chart(title, line(title, desc, points, groups.colours)))
    days = [words.span(*each) for each in spans]
    named = list(zip(days, rows, hidden, strict=True))
    if len(rows) > 1:
        named.append((_("Together"), groups.together(rows, "from"), groups.totals))
    section.tables += groups.named_tables(_("From – to"), named, has_total=len(rows) > 1)
    if groups.public and section.tables:
        section.tables[0] = replace(section.tables[0], notes=[why_hidden(groups.data)])
    return section


def _point(name: str, row: dict[str, Any], *, is_hidden: bool) -> tuple[str, float | None, str]:
    if is_hidden or row["met_target"] + row["late"] < FEW:
        return name, None, words.NONE
    return name, row["on_time_share"], words.per_cent(row["on_time_share"])


def open_age(groups: Groups) -> Section:
    rows = groups.data["figures"]["open_by_age"]
    names = [words.band(row["from_days"], row["below_days"], "days") for row in rows]
    told = (
        ("count", "late")
        if not groups.public
        else groups.marks.told_in_band("open_by_age", rows, "from_days")
    )
    section = Section(
        "open_by_age",
        _("Open cases by age"),
        _("Days since receipt of the cases that were still open when this report was made."),
    )
    if _none_was_open(groups):
        section.lead = _("No case was open any more.")
        return section
    if not any("count" in groups.hidden(section.key, "from_days", row) for row in rows):
        drawn = [
            Bar(name, row["count"], words.number(row["count"])) for name, row in zip(names, rows, strict=True)
        ]
        title = _("Open cases")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.primary)))
    cells = [
        [
            name,
            *(words.count(row[code], code in groups.hidden(section.key, "from_days", row)) for code in told),
        ]
        for name, row in zip(names, rows, strict=True)
    ]
    if not told:
        section.lead = too_few(groups.data)
        return section
    names_of = {"count": _("Open"), "late": _("of these late")}
    heads = [(_("Age"), False), *((names_of[code], True) for code in told)]
    caption = _("The figures of the chart") if section.charts else _("Open cases")
    section.tables.append(Table(caption, heads, cells))
    return section


def _none_was_open(groups: Groups) -> bool:
    return "open" not in groups.totals and not groups.data["figures"]["open"]


def _time_to_end_lead(groups: Groups) -> str:
    figures = groups.data["figures"]
    if {"ended", "hours_to_end_median"} & groups.totals:
        return ""
    if figures["hours_to_end_median"] is None:
        return _("No case has a known moment of ending yet.")
    return _(
        "From receipt to the answer or other end, all hours counted. Half of the cases took less than %(median)s, "
        "nine of ten less than %(p90)s; the mean is %(mean)s."
    ) % {
        "median": words.duration(figures["hours_to_end_median"]),
        "p90": words.duration(figures["hours_to_end_p90"]),
        "mean": words.duration(figures["hours_to_end_mean"]),
    }


def time_to_end(groups: Groups) -> Section:
    rows = groups.data["figures"]["hours_to_end_bands"]
    section = Section("time_to_end", _("Time to an end"), _time_to_end_lead(groups))
    whole, hides_whole = sum(row["count"] for row in rows), groups.hides_timed
    hidden = [bool(groups.hidden("hours_to_end_bands", "from_hours", row)) for row in rows]
    drawn = [
        Bar(
            words.band(row["from_hours"], row["below_hours"], "hours"),
            row["count"],
            words.count(row["count"], is_hidden),
        )
        for row, is_hidden in zip(rows, hidden, strict=True)
    ]
    if whole and not any(hidden):
        title = _("Ended cases by the time they took")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.primary)))
    cells = [
        [
            bar.label,
            bar.words,
            words.HIDDEN if hides_whole or bar.words == words.HIDDEN else words.share(int(bar.value), whole),
        ]
        for bar in drawn
    ]
    heads = [(_("Time taken"), False), (_("Cases"), True), (_("Share"), True)]
    caption = _("The figures of the chart") if section.charts else _("Ended cases by the time they took")
    section.tables.append(
        Table(caption, heads, cells, total=[_("Together"), words.count(whole, hides_whole), ""])
    )
    return section


def channels(groups: Groups) -> Section:
    section = Section("channels", _("Channels and kinds"))
    for figure, key, head in (("by_channel", "channel", _("Channel")), ("by_kind", "kind", _("Kind"))):
        rows = groups.rows(figure, key)
        if len(rows) > 1:
            section.charts += groups.received_chart(head, figure, key, rows)
        if len(rows) > 1 or (rows and not groups.public):
            section.tables += groups.tables(figure, head, key, rows)
    if not section.tables:
        section.lead = too_few(groups.data)
    return section


def stages(groups: Groups) -> Section:
    lead = _("How the targets of each stage were kept, by the first promise made for it.")
    section = Section("stages", _("Stages"), lead)
    rows = [row for row in groups.data["figures"]["stages"] if row["clocks"]]
    if not rows:
        of_history = _("These cases came from another system: they have no targets by stage.")
        section.lead = of_history if groups.figures["received"] else too_few(groups.data)
        return section
    reasons = sorted({reason for row in rows for reason in row["not_needed"]})
    hidden = _stages_hidden(groups, rows, reasons)
    drawn = [
        Bar(
            name_of(groups.data, "stage", row["stage"]),
            row["share"],
            f"{words.per_cent(row['share'])} ({words.number(row['met'] + row['late'])})",
        )
        for row, out in zip(rows, hidden, strict=True)
        if row["met"] + row["late"] >= FEW and not {"met", "late"} & out
    ]
    if len(drawn) > 1:  # one bar compares nothing
        title = _("Share in time (in brackets: of how many in time or late)")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.accent, top=100)))
    names = [name_of(groups.data, "stage", row["stage"]) for row in rows]
    section.tables.append(_stages_table(names, rows, hidden, public=groups.public))
    if reasons:
        # Reasons downwards: there may be ten, and their names are long.
        heads = [(_("Reason"), False), *((name, True) for name in names)]
        each = list(zip(rows, hidden, strict=True))
        cells = [
            [
                name_of(groups.data, "stopped", reason),
                *(words.count(row["not_needed"].get(reason, 0), reason in out) for row, out in each),
            ]
            for reason in reasons
        ]
        together = [_("Together"), *(_not_needed(row, out, reasons) for row, out in each)]
        section.tables.append(Table(_("Not needed, by reason"), heads, cells, total=together))
    return section


STAGE_PARTS = ("met", "late", "not_yet_due", "paused")
# A case whose resolution stands so counts so: what is hidden there is hidden here.
SAME_AS_CASE = {"met": "met_target", "late": "late", "not_yet_due": "not_yet_due", "paused": "standing_still"}


def _stages_hidden(groups: Groups, rows: list[dict[str, Any]], reasons: list[str]) -> list[Hidden]:
    if not groups.public:
        return [set() for _row in rows]
    also: list[Hidden] = [set() for _row in rows]
    for row, out in zip(rows, also, strict=True):
        if row["stage"] == "resolution":
            out |= {name for name, of_case in SAME_AS_CASE.items() if of_case in groups.totals}
            out |= groups.totals & set(reasons)
    flat_rows = [row | dict.fromkeys(reasons, 0) | row["not_needed"] for row in rows]
    return hide(flat_rows, (*STAGE_PARTS, *reasons), "clocks", also=also)


def _not_needed(row: dict[str, Any], out: Hidden, reasons: list[str]) -> str:
    return words.count(sum(row["not_needed"].values()), bool({*STAGE_PARTS, "clocks"} & out))


def _stages_table(
    names: list[str], rows: list[dict[str, Any]], hidden: list[Hidden], *, public: bool
) -> Table:
    heads = [
        (_("Stage"), False),
        (_("Targets"), True),
        (_("In time"), True),
        (_("Late"), True),
        (_("Still running"), True),
        (_("Standing still"), True),
        (_("Not needed"), True),
        (_("Share in time"), True),
        (_("… if more time counts"), True),
    ]
    cells = []
    for name, row, out in zip(names, rows, hidden, strict=True):
        is_hidden = bool({"met", "late"} & out)
        extended = row["met_extended"], row["late_extended"]
        tells_few = public and is_small(extended[0] - row["met"], row["late"] - extended[1], *extended)
        cells.append(
            [
                name,
                *(words.count(row[part], part in out) for part in ("clocks", *STAGE_PARTS)),
                _not_needed(row, out, []),
                words.HIDDEN if is_hidden else words.share(row["met"], row["met"] + row["late"]),
                words.HIDDEN if is_hidden or tells_few else words.share(extended[0], sum(extended)),
            ]
        )
    return Table(_("Targets by stage"), heads, cells)


def escalations(groups: Groups) -> Section:
    rows = groups.data["figures"]["escalations"]
    section = Section("escalations", _("Escalations"))
    if not any(row["raised"] for row in rows):
        section.lead = _("No case of this period was raised.")
        return section
    section.lead = _("How often a case was raised to a higher level, and what came of it.")
    names = ("raised", "waiting", "acknowledged", "decided", "lifted")
    heads = [
        (_("Level"), False),
        (_("Raised"), True),
        (_("Not acknowledged yet"), True),
        (_("Acknowledged"), True),
        (_("Decided"), True),
        (_("Lifted: resolved first"), True),
    ]
    hidden = hide(rows, names[1:], "raised") if groups.public else [set() for _row in rows]
    cells = [
        [
            name_of(groups.data, "level", row["level"]),
            *(words.count(row[name], name in out) for name in names),
        ]
        for row, out in zip(rows, hidden, strict=True)
    ]
    section.tables.append(Table(_("Escalations by level"), heads, cells))
    return section
