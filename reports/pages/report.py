"""The report as PDF: put together from a snapshot alone, and from what people bound into it before it was published."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.figures.definitions import PREVIOUS
from reports.figures.figure import Rule
from reports.figures.snapshot import Snapshot
from reports.pages import words
from reports.pages.bound import Bound
from reports.pages.charts import Colours
from reports.pages.groups import Groups, too_few
from reports.pages.labels import in_language
from reports.pages.main import (
    MAIN,
    NOTHING,
    detail_rows,
    hidden_before,
    hidden_main,
    key_figures,
    marks_alone,
    says_nothing,
    title_of,
    titles_of,
)
from reports.pages.parts import Section, Table
from reports.pages.pdf import ARCHIVE, PUBLIC, Enclosed, Page, make_pdf
from reports.pages.published import published_file
from reports.pages.qr import qr_svg
from reports.pages.sections import all_sections
from reports.pages.summary import summary
from reports.pages.voices import voice_sections
from reports.suppression.columns import STAYS
from reports.suppression.report import BARE_BELOW, Marks
from reports.suppression.rows import Hidden


def report_pdf(
    snapshot: Snapshot,
    *,
    language: str,
    public: bool = False,
    marks: Marks | None = None,
    bound: Bound | None = None,
) -> bytes:
    """The PDF of a snapshot; the same snapshot and words give the same bytes. Raises RenderFailed.

    The internal one is made for the archive (PDF/A-3) and carries the snapshot; the public one is made to be read
    aloud (PDF/UA-1) and carries what it shows. `marks`: what was decided to be hidden in public.
    """
    if public:  # once for the paper and for the file in it
        marks = marks or marks_alone(snapshot.figures)
    with translation.override(language):
        context = report_context(snapshot, public=public, marks=marks, bound=bound)
        file = published_file(snapshot, marks) if public else snapshot_file(snapshot)
    colours = snapshot.data["city"]["colours"]
    number = sha256(file.text.encode()).hexdigest()[:32]
    variant = PUBLIC if public else ARCHIVE
    return make_pdf(Page("reports/report.html", context, language, colours, number, (file,), variant))


def snapshot_file(snapshot: Snapshot) -> Enclosed:
    """Figures, definitions and pseudonymous rows, exactly as they were frozen: its SHA-256 is the digest."""
    words_about = _("The figures, what they mean, and the rows that they were counted from")
    return Enclosed(
        "tuntas-snapshot.json", words_about, snapshot.content.decode(), snapshot.built_at, "application/json"
    )


def report_context(
    snapshot: Snapshot, *, public: bool = False, marks: Marks | None = None, bound: Bound | None = None
) -> dict[str, Any]:
    """Everything the template `reports/report.html` shows; `marks`: what was decided to be hidden in public."""
    data, figures = snapshot.data, snapshot.figures
    if public:
        marks = marks or marks_alone(figures)
    groups = Groups(data, Colours(**data["city"]["colours"]), public=public, marks=marks)
    counted = all_sections(groups)
    if not figures["received"] or groups.marks.is_bare:
        counted = _only_counted(counted, groups)
    counted = _telling(counted) if public else counted
    sections = [*_gathered(counted, groups), *voice_sections(groups)]
    hidden: Hidden = hidden_main(groups.totals) if public else set()
    before = hidden_before(figures, marks) if public else set()
    details = detail_rows(figures, hidden, before)
    return {
        **_cover(snapshot, public=public),
        "bound": bound,
        "qr": qr_svg(bound.check_url, "check__qr") if bound else "",
        "answers": [(title_of(each.figure), each) for each in bound.answers] if bound else [],
        "sentences": _sentences(snapshot, public, marks, bound),
        "figures": key_figures(details, figures),
        "details": [row for row in details if not _says_nothing(row)],
        "not_shown": titles_of([code for code, row in zip(MAIN, details, strict=True) if _says_nothing(row)]),
        "definitions": _definitions(data, counted, public=public),
        "sections": sections,
        "contents": _contents(sections, bound),
    }


def _says_nothing(row: tuple[str, str, str, str]) -> bool:
    _name, now, before, _moved = row
    return says_nothing(now, before)


def _hides_all(table: Table) -> bool:
    """Asterisks, and noughts between them; its sum is told elsewhere."""
    cells = [cell for row in table.rows for cell in row[1:]]
    hidden = [cell for cell in cells if cell.startswith(words.HIDDEN)]
    return bool(hidden) and all(cell in NOTHING or cell in hidden for cell in cells)


def _without_hidden_columns(table: Table) -> Table:
    """A column of asterisks says nothing either; the first one has the names."""
    rows = [*table.rows, table.total] if table.total else table.rows
    kept = [
        n for n in range(len(table.heads)) if not n or any(row[n] not in ("", words.HIDDEN) for row in rows)
    ]
    heads = [table.heads[n] for n in kept]
    cells = [[row[n] for n in kept] for row in rows]
    whole = cells.pop() if table.total else ()
    return replace(table, heads=heads, rows=cells, total=whole)


def _telling(sections: Sequence[Section]) -> list[Section]:
    """Without tables that hide all they have. What one of them says of the asterisk, the next table says."""
    notes: Sequence[str] = ()
    found = []
    for section in sections:
        tables = []
        for table in section.tables:
            if _hides_all(table):
                notes = notes or table.notes
            else:
                tables.append(replace(_without_hidden_columns(table), notes=notes or table.notes))
                notes = ()
        is_left = tables or section.charts or not section.tables
        found.append(replace(section, tables=tables) if is_left else Section(section.key, section.title))
    return found


def _only_counted(sections: Sequence[Section], groups: Groups) -> list[Section]:
    """Where no case came in, or only how many can be told: stages and escalations tell of the same cases. Times with
    agencies are of older cases too."""
    silence, keeps_times = too_few(groups.data), not groups.marks.is_bare
    return [
        each if keeps_times and each.key == STAYS and each.tables else Section(each.key, each.title, silence)
        for each in sections
    ]


def _gathered(sections: Sequence[Section], groups: Groups) -> list[Section]:
    """What too few cases tell nothing of stands in one section behind the others, and not under a heading each."""
    silence = too_few(groups.data)
    silent = [
        section
        for section in sections
        if not (section.tables or section.charts or section.paragraphs) and section.lead in ("", silence)
    ]
    if not silent:
        return [*sections]
    names = "; ".join(section.title for section in silent)
    if groups.marks.is_bare and groups.figures["received"] >= BARE_BELOW:
        silence = _("Beside what is out already, such as an earlier version, it would tell of single cases.")
    left_out = Section("left_out", _("Left out"), silence, paragraphs=[f"{names}."])
    return [*(section for section in sections if section not in silent), left_out]


def _sentences(
    snapshot: Snapshot, public: bool, marks: Marks | None, bound: Bound | None
) -> list[tuple[str, str]]:
    """Each with the names of the figures behind it."""
    others = bound.sentences if bound else {}
    definitions = snapshot.data["definitions"]
    return [
        (
            others.get(each.key) or each.text,
            "; ".join(in_language(definitions[code]["name"]) for code in each.figures if code in definitions),
        )
        for each in summary(snapshot, public=public, marks=marks)
    ]


def _cover(snapshot: Snapshot, *, public: bool) -> dict[str, Any]:
    data, scope, period = snapshot.data, snapshot.data["scope"], snapshot.period
    ends = {"first": words.day(period.first), "last": words.day(period.last)}
    days = _("%(first)s to %(last)s, both days included") % ends
    return {
        "language": get_language(),
        "city_name": in_language(data["city"]["name"]),
        "government": in_language(data["city"]["government"]),
        "period": words.period(period),
        "period_days": ends["first"] if period.first == period.last else days,
        "is_running": snapshot.built_at < period.bounds(ZoneInfo(data["city"]["time_zone"]))[1],
        "before": words.period(snapshot.before),
        "scope": in_language(scope["name"]) if scope["name"] else _("The whole city"),
        "is_agency": bool(scope["name"]),
        "has_oversight": scope["oversight"],
        "edition": _("Public edition") if public else _("Internal edition"),
        "is_public": public,
        "made_at": words.moment(snapshot.built_at, data["city"]["time_zone"], data["city"]["zone_label"]),
        "built_iso": data["built_at"],
        "digest": snapshot.digest,
        "head": data.get("ledger", ""),
    }


def _contents(sections: list[Section], bound: Bound | None) -> list[tuple[str, str]]:
    own = [("short", _("In short"))]
    if bound and bound.foreword:
        own.append(("foreword", _("The city's answer")))
    own += [("figures", _("All main figures")), *((s.key, s.title) for s in sections)]
    return [
        *own,
        ("limits", _("What the figures do not say")),
        ("how", _("What the figures mean")),
        ("check", _("How to check this report")),
    ]


def _definitions(data: dict[str, Any], sections: Sequence[Section], *, public: bool) -> list[tuple[str, str]]:
    """As they were frozen, so that an older snapshot says what it counted; not of a table that is empty, nor of one
    whose section tells nothing."""
    empty = {code for code, value in data["figures"].items() if value == []}
    empty |= {each.key for each in sections if not (each.tables or each.charts or each.paragraphs)}
    shown = [
        each
        for code, each in data["definitions"].items()
        if code not in empty and not (public and each["rule"] == Rule.INTERNAL)
    ]
    ordered = sorted(shown, key=lambda each: each["place"])
    said = [(in_language(each["name"]), in_language(each["definition"])) for each in ordered]
    return [*said, (_(PREVIOUS[0]), _(PREVIOUS[1]))]
