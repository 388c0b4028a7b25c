"""Puts the printed report together from a snapshot, in the current language."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.charts import Colours
from reports.content import words
from reports.content.groups import Groups
from reports.content.labels import in_language
from reports.content.parts import Figure, Section
from reports.content.sections import all_sections
from reports.content.suppression import is_small
from reports.snapshot import Snapshot

# Of each key figure: (code, is a share, is a time).
KEY_FIGURES = (
    ("received", False, False),
    ("ended", False, False),
    ("open", False, False),
    ("on_time_share", True, False),
    ("hours_to_end_median", False, True),
    ("hours_to_end_p90", False, True),
)
DEFINED = (
    "received",
    "ended",
    "open",
    "with_target",
    "met_target",
    "not_yet_due",
    "on_time_share",
    "on_time_share_ended",
    "hours_to_end_median",
    "hours_to_end_p90",
    "hours_to_end_mean",
    "end_unknown",
    "stages",
    "escalations",
    "previous",
)


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
        "sentences": sentences(data["figures"]),
        "figures": key_figures(data["figures"], public=public),
        "details": detail_rows(data["figures"], public=public),
        "definitions": [(title_of(code), _(data["definitions"][code])) for code in DEFINED],
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
        "with_target": _("With a target"),
        "met_target": _("In time"),
        "not_yet_due": _("Not yet due"),
        "late": _("Late"),
        "on_time_share": _("Share in time"),
        "on_time_share_ended": _("Share in time of the ended"),
        "hours_to_end_median": _("Median time"),
        "hours_to_end_p90": _("Nine of ten within"),
        "hours_to_end_mean": _("Mean time"),
        "end_unknown": _("Moment of ending unknown"),
        "waiting_for_citizen": _("Waiting for the citizen"),
        "stages": _("Stages"),
        "escalations": _("Escalations"),
        "previous": _("The period before"),
    }[code]


def sentences(figures: dict[str, Any]) -> list[str]:
    """The report in a few sentences."""
    said = [
        _("%(received)s cases were received; %(ended)s of them have ended, %(open)s are still open.")
        % {name: words.number(figures[name]) for name in ("received", "ended", "open")}
    ]
    if figures["on_time_share"] is not None:
        counted = figures["with_target"] - figures["not_yet_due"]
        said.append(
            _("Of %(counted)s cases whose target has come, %(met)s ended in time: %(share)s.")
            % {
                "counted": words.number(counted),
                "met": words.number(figures["met_target"]),
                "share": words.per_cent(figures["on_time_share"]),
            }
        )
    without = figures["received"] - figures["with_target"]
    if without:
        said.append(
            _("%(count)s cases have no target and are in no share.") % {"count": words.number(without)}
        )
    if figures["hours_to_end_median"] is not None:
        said.append(
            _("Half of the ended cases took less than %(median)s, nine of ten less than %(p90)s.")
            % {
                "median": words.duration(figures["hours_to_end_median"]),
                "p90": words.duration(figures["hours_to_end_p90"]),
            }
        )
    return said


def key_figures(figures: dict[str, Any], *, public: bool) -> list[Figure]:
    shown = []
    for code, is_share, is_time in KEY_FIGURES:
        value, before = figures[code], figures["previous"][code]
        if not is_time and not is_share and public and is_small(before):
            before = None
        say = words.per_cent if is_share else words.duration if is_time else words.number
        text = _("before: %(value)s") % {"value": say(before)}
        moved = words.change(value, before, is_share=is_share)
        shown.append(Figure(title_of(code), say(value), text if moved == words.NONE else f"{text} ({moved})"))
    return shown


def detail_rows(figures: dict[str, Any], *, public: bool) -> list[tuple[str, str, str, str]]:
    """All main figures beside those before: (name, now, before, change)."""
    rows = []
    for code in (
        *("received", "ended", "open", "waiting_for_citizen", "with_target", "met_target", "late"),
        *("not_yet_due", "end_unknown", "on_time_share", "on_time_share_ended"),
        *("hours_to_end_median", "hours_to_end_p90", "hours_to_end_mean"),
    ):
        now, before = figures[code], figures["previous"][code]
        is_share, is_time = code.startswith("on_time"), code.startswith("hours")
        say = words.per_cent if is_share else words.duration if is_time else words.number
        shown = [
            words.HIDDEN if public and not (is_share or is_time) and is_small(value) else say(value)
            for value in (now, before)
        ]
        moved = words.NONE if words.HIDDEN in shown else words.change(now, before, is_share=is_share)
        rows.append((title_of(code), shown[0], shown[1], moved))
    return rows
