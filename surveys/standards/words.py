"""Standards in words: values in the reader's language, weekly hours, the history, and what cannot be shown yet."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.roles import Role
from complaints.clock.dates import day_words
from surveys.standards import hours
from surveys.standards.causes import CAUSES
from surveys.standards.in_force import SAMPLE, CounterNow, PartNow, Standard
from surveys.standards.models import OPTIONAL, OWED, Part, StandardChange


def value_words(part: str, value: dict[str, Any]) -> str:
    """The value in the reader's language, in Indonesian where the English is missing; "" where there is none."""
    if part == Part.HOURS:
        return (
            "\n".join(f"{row['days']}: {row['hours']}" for row in week_rows(value.get("weekly", {})))
            if value
            else ""
        )
    words = (value.get("en") if get_language() == "en" else "") or value.get("id") or value.get("en") or ""
    days = value.get("days")
    return "\n".join(each for each in (days_words(days) if days else "", str(words)) if each)


def days_words(days: int) -> str:
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}


def week_rows(weekly: hours.Weekly) -> list[dict[str, str]]:
    """Weekdays in a row with the same hours, as a table has them."""
    return [
        {
            "days": str(WEEKDAYS[first]) if first == last else f"{WEEKDAYS[first]}–{WEEKDAYS[last]}",
            "hours": hours.day_text(stretches) or _("closed"),
        }
        for first, last, stretches in hours.runs(weekly)
    ]


def owed_rows(standard: Standard) -> list[dict[str, Any]]:
    return [part_row(standard.parts[part]) for part in OWED]


def optional_rows(standard: Standard) -> list[dict[str, Any]]:
    """Only those that were given."""
    rows = (part_row(standard.parts[part]) for part in OPTIONAL)
    return [row for row in rows if row["words"] or row["coming"]]


def part_row(now: PartNow) -> dict[str, Any]:
    return {
        "part": now.part.value,
        "label": str(now.part.label),
        "words": value_words(now.part, now.value),
        "cause": cause_of(now.change),
        "since": now.change.starts_on if now.change and now.change.cause != SAMPLE else None,
        "coming": [coming_row(row) for row in now.coming],
    }


def coming_row(row: StandardChange) -> dict[str, Any]:
    return {
        "from": row.starts_on,
        "until": row.ends_on,
        "words": value_words(row.part, row.after),
        "reason": row.reason,
        "cause": cause_of(row),
    }


def counter_row(now: CounterNow, today: date) -> dict[str, Any]:
    return {
        "counter": now.counter,
        "week": week_rows(now.hours.value["weekly"]) if now.hours.value else [],
        "row": part_row(now.hours),
        "coming": [{**coming_row(row), "week": week_rows(row.after["weekly"])} for row in now.hours.coming],
        "closures": [
            {"from": row.starts_on, "until": row.ends_on, "words": value_words(row.part, row.after)}
            for row in now.closures
        ],
        "today": today_words(now, today),
    }


def today_words(now: CounterNow, today: date) -> str:
    """Whether people are served today, as far as the standard says; the city's days off are beside it."""
    if not now.hours.value:
        return ""
    shut = any(
        row.starts_on <= today and (row.ends_on is None or row.ends_on >= today) for row in now.closures
    )
    stretches = [] if shut else hours.of_day(now.hours.value["weekly"], today)
    if not stretches:
        return _("closed today")
    return _("today %(hours)s") % {"hours": hours.day_text(stretches)}


def cause_of(row: StandardChange | None) -> dict[str, str] | None:
    """What led to a change, where an app above says so: words, page, and the forum where it began."""
    if row is None or row.cause not in CAUSES:
        return None
    cause = CAUSES[row.cause]
    words = str(cause.words) % {"number": row.cause_number}
    if row.forum is not None:
        day = date_format(row.forum.starts_at, "j F Y")
        words = _("%(cause)s (from the forum on %(day)s)") % {"cause": words, "day": day}
    return {"words": words, "url": cause.url(row)}


def history(changes: Iterable[StandardChange], *, names: bool = False) -> list[dict[str, Any]]:
    """Lines for the component timeline, the newest first: from what to what, who decided, why. In public by role."""
    return [_line(row, names) for row in sorted(changes, key=lambda row: row.pk, reverse=True)]


def _line(row: StandardChange, names: bool) -> dict[str, Any]:
    label = str(Part(row.part).label)
    title = f"{label} · {row.counter.name}" if row.counter else label
    about = {"what": title, "day": day_words(row.starts_on)}
    if row.ends_on:
        about["last"] = day_words(row.ends_on)
        said = _("%(what)s, from %(day)s until %(last)s") % about
    else:
        said = _("%(what)s, from %(day)s") % about
    cause = cause_of(row)
    return {
        "at": row.made_at,
        "title": said,
        "who": _who(row, names),
        "body": "\n\n".join(filter(None, (_from_to(row), _("Why: %(reason)s") % {"reason": row.reason}))),
        "icon": "flag" if cause else "edit",
        "tone": "success" if cause else "info",
        "files": [],
        "url": cause["url"] if cause else "",
        "url_label": cause["words"] if cause else "",
    }


def _from_to(row: StandardChange) -> str:
    before, after = (
        value_words(row.part, row.before),
        value_words(row.part, row.after) or _("nothing any more"),
    )
    if not before:
        return after
    return _("Before: %(before)s") % {"before": before} + "\n" + _("Now: %(after)s") % {"after": after}


def _who(row: StandardChange, names: bool) -> str:
    if row.made_by is None:
        return _("taken over from a file")
    agency = row.made_by.agency.short_name if row.made_by.agency else ""
    parts = (str(row.made_by) if names else "", str(Role(row.role).label), agency)
    return " · ".join(part for part in parts if part)


def gaps(standard: Standard) -> list[str]:
    """What cannot be shown to everybody as it is, in words for the head of the agency."""
    found = []
    missing = [str(part.label) for part in OWED if not value_words(part, standard.parts[part].value)]
    if missing:
        found.append(_("Nothing is said yet about: %(parts)s") % {"parts": ", ".join(missing)})
    untranslated = [
        str(part.label)
        for part, now in (*standard.parts.items(), (Part.PLEDGE, standard.pledge))
        if now.value.get("id") and not now.value.get("en")
    ]
    if untranslated:
        words = _("Without English, so its readers see the Indonesian: %(parts)s")
        found.append(words % {"parts": ", ".join(untranslated)})
    if not standard.counters:
        found.append(
            _("No counter is named, so no opening hours can be shown. The administrator adds counters.")
        )
    unopened = [each.counter.name for each in standard.counters if not each.hours.value]
    if unopened:
        found.append(_("Without opening hours: %(counters)s") % {"counters": ", ".join(unopened)})
    if not standard.pledge.value:
        found.append(_("Your agency has given no pledge."))
    if standard.is_sample:
        found.append(
            _("Some of it is a sample that nobody at the office has checked. Change it, and the mark goes.")
        )
    return found


def change_url(part: str, standard: Standard, counter_code: str = "") -> str:
    if counter_code:
        return reverse("surveys:counter-change", args=[counter_code, part])
    if part == Part.PLEDGE:
        return reverse("surveys:pledge-change", args=[standard.service.agency.code])
    return reverse("surveys:standard-change", args=[standard.service.code, part])
