"""The report as PDF: put together from a snapshot alone."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.figures.definitions import DEFINITIONS
from reports.figures.snapshot import Snapshot
from reports.pages import words
from reports.pages.charts import Colours
from reports.pages.groups import Groups
from reports.pages.labels import in_language
from reports.pages.parts import Figure, Section
from reports.pages.pdf import Page, make_pdf
from reports.pages.sections import all_sections
from reports.pages.suppression import is_small

KEY_FIGURES = (
    "received",
    "ended",
    "open",
    "on_time_share",
    "hours_to_end_median",
    "hours_to_end_p90",
)
SHARES = ("on_time_share", "on_time_share_extended", "on_time_share_ended")
HOURS = (
    "hours_to_end_median",
    "hours_to_end_p90",
    "hours_to_end_mean",
    "hours_without_pauses_median",
    "hours_without_pauses_p90",
)
MAIN = (
    "received",
    "ended",
    "open",
    "waiting_for_citizen",
    "with_target",
    "met_target",
    "late",
    "not_yet_due",
    "end_unknown",
    *SHARES,
    *HOURS,
)
# The public edition hides counts under five, each with all from which it could be worked out.
HIDES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("received",), MAIN),
    (("ended", "open"), HOURS),
    (("waiting_for_citizen",), ()),
    (("end_unknown",), ()),
    (("with_target", "met_target", "late", "not_yet_due"), SHARES),
)


def report_pdf(snapshot: Snapshot, *, language: str, public: bool = False) -> bytes:
    """The PDF of a snapshot; the same snapshot gives the same bytes. Raises RenderFailed."""
    with translation.override(language):
        context = report_context(snapshot, public=public)
    colours = snapshot.data["city"]["colours"]
    return make_pdf(Page("reports/report.html", context, language, colours, snapshot.digest[:32]))


def report_context(snapshot: Snapshot, *, public: bool = False) -> dict[str, Any]:
    """Everything the template `reports/report.html` shows."""
    data = snapshot.data
    groups = Groups(data, Colours(**data["city"]["colours"]), public=public)
    sections = all_sections(groups)
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
        "sentences": sentences(data["figures"], public=public),
        "figures": key_figures(data["figures"], public=public),
        "details": detail_rows(data["figures"], public=public),
        "definitions": [(title_of(code), _(data["definitions"][code])) for code in DEFINITIONS],
        "sections": sections,
        "contents": _contents(sections),
    }


def _contents(sections: list[Section]) -> list[tuple[str, str]]:
    own = [("short", _("In short")), ("how", _("How to read this report"))]
    return [*own, *((s.key, s.title) for s in sections), ("limits", _("What the figures do not say"))]


def title_of(code: str) -> str:
    """The words for a figure's code."""
    return {
        "received": _("Received"),
        "ended": _("Ended"),
        "open": _("Open"),
        "with_target": _("Judged by a promise"),
        "met_target": _("In time"),
        "not_yet_due": _("Open in time"),
        "late": _("Late"),
        "excluded": _("In no share"),
        "on_time_share": _("Share in time"),
        "on_time_share_extended": _("Share in time, extensions counted as kept"),
        "on_time_share_ended": _("Share in time of the ended"),
        "hours_to_end_median": _("Median time"),
        "hours_to_end_p90": _("Nine of ten within"),
        "hours_to_end_mean": _("Mean time"),
        "hours_without_pauses_median": _("Median time without waiting for the citizen"),
        "hours_without_pauses_p90": _("Nine of ten within, without waiting for the citizen"),
        "end_unknown": _("Moment of ending unknown"),
        "waiting_for_citizen": _("Waiting for the citizen"),
        "stages": _("Stages"),
        "escalations": _("Escalations"),
        "previous": _("The period before"),
    }[code]


def printed(figures: dict[str, Any], *, public: bool) -> dict[str, str]:
    """The main figures as text; what the public edition may not show is an asterisk."""
    shown = {}
    hidden = _hidden(figures) if public else frozenset()
    for code in MAIN:
        say: Callable[[Any], str] = words.number
        if code in SHARES:
            say = words.per_cent
        elif code in HOURS:
            say = words.duration
        shown[code] = words.HIDDEN if code in hidden else say(figures[code])
    return shown


def _hidden(figures: dict[str, Any]) -> frozenset[str]:
    hidden: set[str] = set()
    for counts, derived in HIDES:
        if is_small(*(figures[code] for code in counts)):
            hidden.update(counts, derived)
    return frozenset(hidden)


def sentences(figures: dict[str, Any], *, public: bool) -> list[str]:
    """The report in a few sentences."""
    shown = printed(figures, public=public)
    said = [_("%(received)s cases were received. Ended: %(ended)s. Still open: %(open)s.") % shown]
    if figures["on_time_share"] is not None and words.HIDDEN not in (shown["late"], shown["met_target"]):
        counted = words.number(figures["with_target"] - figures["not_yet_due"])
        said.append(
            _("Of %(counted)s cases whose target has come, %(met_target)s ended in time: %(on_time_share)s.")
            % (shown | {"counted": counted})
        )
    without = figures["received"] - figures["with_target"]
    if without and not (public and is_small(without)):
        said.append(
            _("%(count)s cases have no target and are in no share.") % {"count": words.number(without)}
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


def detail_rows(figures: dict[str, Any], *, public: bool) -> list[tuple[str, str, str, str]]:
    """All main figures beside those before: (name, now, before, change)."""
    now, before = printed(figures, public=public), printed(figures["previous"], public=public)
    rows = []
    for code in MAIN:
        moved = words.change(figures[code], figures["previous"][code], is_share=code in SHARES)
        is_hidden = words.HIDDEN in (now[code], before[code])
        rows.append((title_of(code), now[code], before[code], words.NONE if is_hidden else moved))
    return rows


def key_figures(figures: dict[str, Any], *, public: bool) -> list[Figure]:
    rows = dict(zip(MAIN, detail_rows(figures, public=public), strict=True))
    shown = []
    for code in KEY_FIGURES:
        title, now, before, moved = rows[code]
        text = _("before: %(value)s") % {"value": before}
        shown.append(Figure(title, now, text if moved == words.NONE else f"{text} ({moved})"))
    return shown
