"""The sections of the report in their order."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.charts import Bar, Column, bars, columns, line
from reports.pages.groups import Groups
from reports.pages.labels import name_of
from reports.pages.parts import Chart, Section, Table
from reports.pages.suppression import is_small, merge_small


def all_sections(groups: Groups) -> list[Section]:
    """What the report prints after its key figures."""
    sections = [
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
        groups.section("by_category", "category", _("What it was about"), _("Category"), ""),
        by_area(groups),
        channels(groups),
        stages(groups),
        course(groups),
        escalations(groups),
    ]
    full = groups.rows("by_category", "category")
    if len(full) > len(groups.top("category", full)):
        table = groups.table(_("Category"), "category", full)
        sections.append(Section("all_categories", _("All categories"), tables=[table], new_page=True))
    return sections


def _count(groups: Groups, value: int, *related: int) -> str:
    return words.HIDDEN if groups.public and is_small(value, *related) else words.number(value)


def over_time(groups: Groups) -> Section:
    rows = groups.data["figures"]["by_step"]
    spans = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in rows]
    names = [words.step(*span) for span in spans]
    section = Section(
        "over_time",
        _("Over time"),
        _("By the day of receipt: of what came in then, what has ended and what is still open."),
        new_page=True,
    )
    hidden = groups.public and any(is_small(row["ended"], row["open"]) for row in rows)
    if not hidden:
        drawn = [
            Column(name, row["ended"], row["open"], words.number(row["received"]))
            for name, row in zip(names, rows, strict=True)
        ]
        desc = "; ".join(f"{column.label} {column.words}" for column in drawn)
        title = _("Received cases: ended and still open")
        legend = (_("ended"), _("still open (hatched)"))
        section.charts.append(Chart(title, columns(title, desc, drawn, legend, groups.colours)))
    points = [
        (name, row["on_time_share"], words.per_cent(row["on_time_share"]))
        for name, row in zip(names, rows, strict=True)
    ]
    if len(points) > 1 and not hidden and any(value is not None for _name, value, _words in points):
        desc = "; ".join(f"{name} {shown}" for name, _value, shown in points)
        title = _("Share in time, by time of receipt")
        section.charts.append(Chart(title, line(title, desc, points, groups.colours)))
    section.tables.append(_steps_table(groups, rows, spans))
    return section


def _steps_table(groups: Groups, rows: list[dict[str, Any]], spans: list[tuple[date, date]]) -> Table:
    heads = [
        (_("From – to"), False),
        (_("Received"), True),
        (_("Ended"), True),
        (_("Open"), True),
        (_("With target"), True),
        (_("In time"), True),
        (_("Share in time"), True),
    ]
    cells = []
    for row, (first, last) in zip(rows, spans, strict=True):
        late = row["with_target"] - row["not_yet_due"] - row["met_target"]
        hide = groups.public and is_small(row["with_target"], row["met_target"], late)
        cells.append(
            [
                words.day(first) if first == last else f"{words.day(first)} – {words.day(last)}",
                _count(groups, row["received"]),
                _count(groups, row["ended"], row["open"]),
                _count(groups, row["open"], row["ended"]),
                words.HIDDEN if hide else words.number(row["with_target"]),
                words.HIDDEN if hide else words.number(row["met_target"]),
                words.HIDDEN if hide else words.per_cent(row["on_time_share"]),
            ]
        )
    return Table(_("The figures of the charts"), heads, cells)


def open_age(groups: Groups) -> Section:
    rows = groups.data["figures"]["open_by_age"]
    names = [words.band(row["from_days"], row["below_days"], "days") for row in rows]
    section = Section(
        "open_by_age",
        _("Open cases by age"),
        _("Days since receipt of the cases that were still open when this report was made."),
    )
    if not (groups.public and any(is_small(row["count"]) for row in rows)):
        drawn = [
            Bar(name, row["count"], words.number(row["count"])) for name, row in zip(names, rows, strict=True)
        ]
        title = _("Open cases")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.primary)))
    cells = [
        [name, _count(groups, row["count"]), _count(groups, row["late"], row["count"] - row["late"])]
        for name, row in zip(names, rows, strict=True)
    ]
    heads = [(_("Age"), False), (_("Open"), True), (_("of these past their target"), True)]
    section.tables.append(Table(_("The figures of the chart"), heads, cells))
    return section


def time_to_end(groups: Groups) -> Section:
    figures = groups.data["figures"]
    rows = figures["hours_to_end_bands"]
    lead = _(
        "From receipt to the answer or other end, all hours counted. Half of the cases took less than %(median)s, "
        "nine of ten less than %(p90)s; the mean is %(mean)s."
    ) % {
        "median": words.duration(figures["hours_to_end_median"]),
        "p90": words.duration(figures["hours_to_end_p90"]),
        "mean": words.duration(figures["hours_to_end_mean"]),
    }
    if groups.public and is_small(figures["ended"], figures["open"]):
        lead = ""
    elif figures["hours_to_end_median"] is None:
        lead = _("No case has a known moment of ending yet.")
    section = Section("time_to_end", _("Time to an end"), lead)
    whole = sum(row["count"] for row in rows)
    drawn = [
        Bar(
            words.band(row["from_hours"], row["below_hours"], "hours"),
            row["count"],
            _count(groups, row["count"]),
        )
        for row in rows
    ]
    if whole and not (groups.public and any(is_small(row["count"]) for row in rows)):
        title = _("Ended cases by the time they took")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.primary)))
    cells = [
        [bar.label, bar.words, words.per_cent(100 * bar.value / whole) if whole and bar.words != "*" else "–"]
        for bar in drawn
    ]
    heads = [(_("Time taken"), False), (_("Cases"), True), (_("Share"), True)]
    section.tables.append(Table(_("The figures of the chart"), heads, cells))
    return section


def by_area(groups: Groups) -> Section:
    section = groups.section("by_area", "area", _("Areas"), _("Area"), "")
    rows = groups.data["figures"]["by_area"]
    if {row["area"] for row in rows} <= {""}:
        section.charts, section.tables = [], []
        section.lead = _("None of these cases names one of the city's areas.")
        section.new_page = False
    return section


def channels(groups: Groups) -> Section:
    section = Section("channels", _("Channels and kinds"), new_page=True)
    for figure, key, head in (
        ("by_channel", "channel", _("Channel")),
        ("by_kind", "kind", _("Kind")),
        ("by_state", "state", _("State now")),
    ):
        rows = groups.rows(figure, key)
        if len(rows) > 1:
            section.charts.append(groups.received_chart(head, key, rows))
        if rows:
            section.tables.append(groups.table(head, key, rows, total_row=False))
    return section


def stages(groups: Groups) -> Section:
    section = Section("stages", _("Stages"), _("How the targets of each stage were kept."))
    rows = [row for row in groups.data["figures"]["stages"] if row["clocks"]]
    if not rows:
        section.lead = _("These cases came from another system: they have no targets by stage.")
        return section
    drawn = [
        Bar(name_of(groups.data, "stage", row["stage"]), row["share"], words.per_cent(row["share"]))
        for row in rows
        if row["share"] is not None and not (groups.public and is_small(row["met"], row["late"]))
    ]
    if drawn:
        title = _("Targets kept, per cent")
        desc = "; ".join(f"{bar.label} {bar.words}" for bar in drawn)
        section.charts.append(Chart(title, bars(title, desc, drawn, groups.colours.accent, top=100)))
    section.tables.append(_stages_table(groups, rows))
    return section


def _stages_table(groups: Groups, rows: list[dict[str, Any]]) -> Table:
    heads = [
        (_("Stage"), False),
        (_("Targets"), True),
        (_("In time"), True),
        (_("Late"), True),
        (_("Still running"), True),
        (_("Standing still"), True),
        (_("Share in time"), True),
    ]
    cells = []
    for row in rows:
        hide = groups.public and is_small(row["met"], row["late"])
        cells.append(
            [
                name_of(groups.data, "stage", row["stage"]),
                _count(groups, row["clocks"]),
                words.HIDDEN if hide else words.number(row["met"]),
                words.HIDDEN if hide else words.number(row["late"]),
                _count(groups, row["not_yet_due"]),
                _count(groups, row["paused"]),
                words.HIDDEN if hide else words.per_cent(row["share"]),
            ]
        )
    return Table(_("Targets by stage"), heads, cells)


def course(groups: Groups) -> Section:
    figures = groups.data["figures"]
    section = Section("course", _("How cases went"))
    facts = [
        (_("Disputed by the citizen"), figures["disputed"]),
        (_("Taken up again after an answer"), figures["reopened"]),
        (_("Handed back by an agency at least once"), figures["handed_back"]),
        (_("Times a case was handed back"), figures["hand_backs"]),
        (_("Ratings given"), figures["ratings"]),
    ]
    cells = [[name, _count(groups, value)] for name, value in facts]
    if figures["rating_mean"] is not None and not (groups.public and is_small(figures["ratings"])):
        cells.append([_("Mean rating, 1 to 4"), words.decimal(figures["rating_mean"], 2)])
    section.tables.append(Table(_("On the way"), [(_("What"), False), (_("Count"), True)], cells))
    for caption, name, key in (
        (_("How they ended"), "ended_how", "how"),
        (_("Rejected, by reason"), "rejected", "reason"),
    ):
        head = _("Outcome") if key == "how" else _("Reason")
        rows = merge_small(figures[name], key, "count") if groups.public else figures[name]
        if rows:
            counted = [[groups.name(key, row), words.number(row["count"])] for row in rows]
            section.tables.append(Table(caption, [(head, False), (_("Cases"), True)], counted))
    return section


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
    cells = [
        [name_of(groups.data, "level", row["level"]), *(_count(groups, row[name]) for name in names)]
        for row in rows
    ]
    section.tables.append(Table(_("Escalations by level"), heads, cells))
    return section
