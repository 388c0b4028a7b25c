"""The report as PDF: put together from a snapshot alone."""

from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.clock.kept import EXCLUDED, Kept
from complaints.shares import FEW, kept_words
from reports.figures.counting.cases import SHARES
from reports.figures.definitions import PREVIOUS, name_of
from reports.figures.snapshot import Snapshot
from reports.pages import words
from reports.pages.charts import Colours
from reports.pages.groups import Groups, excluded, hides_excluded
from reports.pages.labels import in_language
from reports.pages.parts import Figure, Section
from reports.pages.pdf import ARCHIVE, PUBLIC, Enclosed, Page, make_pdf
from reports.pages.sections import all_sections
from reports.suppression.report import EXTENDED, PARTS, Marks, decide, flat
from reports.suppression.rows import Hidden

KEY_FIGURES = ("received", "ended", "open", "on_time_share", "on_time_share_extended", "hours_to_end_median")
HOURS = (
    "hours_to_end_median",
    "hours_to_end_p90",
    "hours_to_end_mean",
    "hours_without_pauses_median",
    "hours_without_pauses_p90",
)
# Received is the sum of PARTS, and each share stands under what it divides.
MAIN = (
    "received",
    *PARTS,
    "on_time_share",
    "met_target_extended",
    "late_extended",
    "on_time_share_extended",
    "late_ended",
    "on_time_share_ended",
    "ended",
    "open",
    "waiting_for_citizen",
    "end_unknown",
    *HOURS,
)


def report_pdf(
    snapshot: Snapshot, *, language: str, public: bool = False, marks: Marks | None = None
) -> bytes:
    """The PDF of a snapshot; the same snapshot gives the same bytes. Raises RenderFailed.

    The internal one is made for the archive (PDF/A-3) and carries the snapshot; the public one is made to be read
    aloud (PDF/UA-1).
    """
    with translation.override(language):
        context = report_context(snapshot, public=public, marks=marks)
        files = () if public else (snapshot_file(snapshot),)
    colours = snapshot.data["city"]["colours"]
    variant = PUBLIC if public else ARCHIVE
    return make_pdf(
        Page("reports/report.html", context, language, colours, snapshot.digest[:32], files, variant)
    )


def snapshot_file(snapshot: Snapshot) -> Enclosed:
    """Figures, definitions and pseudonymous rows, exactly as they were frozen: its SHA-256 is the digest."""
    words_about = _("The figures, what they mean, and the rows that they were counted from")
    return Enclosed(
        "tuntas-snapshot.json", words_about, snapshot.content.decode(), snapshot.built_at, "application/json"
    )


def report_context(snapshot: Snapshot, *, public: bool = False, marks: Marks | None = None) -> dict[str, Any]:
    """Everything the template `reports/report.html` shows; `marks`: what was decided to be hidden in public."""
    data, figures = snapshot.data, snapshot.figures
    groups = Groups(data, Colours(**data["city"]["colours"]), public=public, marks=marks)
    sections = all_sections(groups)
    hidden: Hidden = hidden_main(groups.totals) if public else set()
    before: Hidden = hidden_main(_alone(figures["previous"])) if public else set()
    details = detail_rows(figures, hidden, before)
    scope = data["scope"]
    return {
        "language": get_language(),
        "city_name": in_language(data["city"]["name"]),
        "government": in_language(data["city"]["government"]),
        "period": words.period(snapshot.period),
        "period_days": _("%(first)s to %(last)s, both days included")
        % {"first": words.day(snapshot.period.first), "last": words.day(snapshot.period.last)},
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
        "sentences": sentences(figures, hidden),
        "figures": key_figures(details),
        "details": details,
        "definitions": _definitions(data["definitions"]),
        "sections": sections,
        "contents": _contents(sections),
    }


def _contents(sections: list[Section]) -> list[tuple[str, str]]:
    own = [("short", _("In short")), ("how", _("How to read this report"))]
    return [*own, *((s.key, s.title) for s in sections), ("limits", _("What the figures do not say"))]


def _definitions(kept: dict[str, Any]) -> list[tuple[str, str]]:
    """As they were frozen, so that an older snapshot says what it counted."""
    ordered = sorted(kept.values(), key=lambda each: each["place"])
    said = [(in_language(each["name"]), in_language(each["definition"])) for each in ordered]
    return [*said, (_(PREVIOUS[0]), _(PREVIOUS[1]))]


def title_of(code: str) -> str:
    """The words for a main figure; reasons why a case is in no share are called as in the tables."""
    if code in EXCLUDED:
        return _("In no share: %(reason)s") % {"reason": kept_words(Kept(code))}
    return name_of(code)


def printed(figures: dict[str, Any], hidden: Hidden) -> dict[str, str]:
    """The main figures as text; what the public edition may not show is an asterisk."""
    values, shown = flat(figures), {}
    for code in MAIN:
        if code in hidden:
            shown[code] = words.HIDDEN
        elif code in SHARES:
            shown[code] = words.share(*_divided(figures, code))
        elif code in HOURS:
            shown[code] = words.duration(values[code])
        else:
            shown[code] = words.number(values[code])
    return shown


def _divided(figures: dict[str, Any], code: str) -> tuple[int, int]:
    part, rest = (figures[name] for name in SHARES[code])
    return part, part + rest


def _alone(figures: dict[str, Any]) -> Hidden:
    """What is hidden of a whole of which no table is printed."""
    return decide({code: value for code, value in figures.items() if not isinstance(value, list)})[0].main


def hidden_main(totals: Hidden) -> Hidden:
    """What the public edition does not show of the main figures: hidden counts, and all that is made of one."""
    if "received" in totals:
        return set(MAIN)
    hidden = totals & set(MAIN)
    if {"met_target", "late"} & totals:
        hidden |= {*EXTENDED, "late_ended", *SHARES}
    if totals.intersection(EXTENDED):
        hidden |= {*EXTENDED, "on_time_share_extended"}
    if "late_ended" in totals:
        hidden.add("on_time_share_ended")
    if "ended" in totals:
        hidden |= set(HOURS)
    return hidden


def sentences(figures: dict[str, Any], hidden: Hidden) -> list[str]:
    """The report in a few sentences."""
    shown = printed(figures, hidden)
    said = [_("%(received)s cases were received. Ended: %(ended)s. Still open: %(open)s.") % shown]
    if figures["on_time_share"] is not None and not {"late", "met_target"} & hidden:
        judged = words.number(figures["met_target"] + figures["late"])
        said.append(
            _(
                "Of %(judged)s cases whose promise is kept or past, %(met_target)s were answered in time: "
                "%(on_time_share)s."
            )
            % (shown | {"judged": judged})
        )
    if figures["on_time_share_extended"] is not None and not {"on_time_share_extended"} & hidden:
        said.append(_("If more time that was given counts as promised: %(on_time_share_extended)s.") % shown)
    left_out = excluded(figures)
    if left_out and not hides_excluded(hidden):
        said.append(
            _("%(open)s more are open in time; %(count)s are in no share.")
            % {"open": shown["not_yet_due"], "count": words.number(left_out)}
        )
    if figures["hours_to_end_median"] is not None and shown["hours_to_end_median"] != words.HIDDEN:
        said.append(
            _(
                "Half of the ended cases took less than %(hours_to_end_median)s, "
                "nine of ten less than %(hours_to_end_p90)s."
            )
            % shown
        )
    return said


def detail_rows(
    figures: dict[str, Any], hidden: Hidden, before_hidden: Hidden
) -> list[tuple[str, str, str, str]]:
    """All main figures beside those before: (name, now, before, change)."""
    previous = figures["previous"]
    now, before = printed(figures, hidden), printed(previous, before_hidden)
    rows = []
    for code in MAIN:
        is_hidden = code in hidden | before_hidden
        rows.append(
            (
                title_of(code),
                now[code],
                before[code],
                words.NONE if is_hidden else _moved(code, figures, previous),
            )
        )
    return rows


def _moved(code: str, figures: dict[str, Any], previous: dict[str, Any]) -> str:
    """A count in per cent, a share in points, a time in time; of few cases a share does not move, it jumps."""
    if code in SHARES:
        few = min(_divided(figures, code)[1], _divided(previous, code)[1]) < FEW
        return words.NONE if few else words.points(figures[code], previous[code])
    now, before = flat(figures)[code], flat(previous)[code]
    if code in HOURS:
        return words.NONE if None in (now, before) else words.signed(now - before, words.duration)
    return words.change(now, before)


def key_figures(rows: list[tuple[str, str, str, str]]) -> list[Figure]:
    """The first of the page, out of all `detail_rows`."""
    found = dict(zip(MAIN, rows, strict=True))
    shown = []
    for code in KEY_FIGURES:
        title, now, before, moved = found[code]
        text = _("before: %(value)s") % {"value": before}
        shown.append(Figure(title, now, text if moved == words.NONE else f"{text} ({moved})"))
    return shown
