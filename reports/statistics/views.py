"""Statistics on screen: frozen figures for everybody, live ones for staff who may read reports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import role_of
from accounts.models import Agency, User
from accounts.roles import Role
from complaints import choices
from complaints.catalogue import catalogue
from complaints.clock.city_time import day_of
from complaints.desk.access import staff, staff_page
from complaints.permissions import role_may
from escalation.rights import EscalationAct
from reports.opendata.models import PublicEdition
from reports.rights import ReportAct
from reports.statistics.blocks import MONTHS, Block
from reports.statistics.models import RollUpMonth
from reports.statistics.publishing import PREFIX, code_of
from reports.statistics.reading import figures_of, hours_with, labels_of, seen_by
from reports.statistics.shown import (
    Sheet,
    block_name,
    breakdowns,
    cards,
    course,
    district_map,
    name_of,
    of_edition,
    of_figures,
    times_with,
)

BACK = {"month": 12, "quarter": 8, "year": 5}  # how many periods the course shows
CHOICES = {"month": 36, "quarter": 16, "year": 15}
NOUGHT = "0"
ROWS = {"agency": "agency", "area": "district"}  # what a page can be narrowed to


def _no_link(dimension: str, code: str) -> str:
    return ""


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """What is over, as it stood when it was frozen. Sets no cookie and asks for a few rows."""
    blocks = [
        Block.read(code.removeprefix(PREFIX))
        for code in PublicEdition.objects.statistics().order_by("-last").values_list("code", flat=True)
    ]
    if not blocks:
        return render(request, "statistics/public.html", {"blocks": []})
    block = _chosen(request, blocks)
    wanted = _back(block)
    editions = PublicEdition.objects.filter(code__in=[code_of(each) for each in wanted]).defer(
        "cells", "marks"
    )
    found = {each.code: each for each in editions}
    sheets = {each: of_edition(found[code_of(each)]) for each in wanted if code_of(each) in found}
    context = _page(request, block, sheets)
    context |= {
        "edition": found[code_of(block)],
        "choices": _choices(blocks),
        "files": [
            (name, reverse("reports:statistics-data", args=[block.code, name]))
            for name in _files(found, block)
        ],
    }
    return render(request, "statistics/public.html", context)


def _files(found: Mapping[str, PublicEdition], block: Block) -> list[str]:
    return [*(f"{name}.csv" for name in found[code_of(block)].tables), "data.json", "datapackage.json"]


def _chosen(request: HttpRequest, blocks: list[Block]) -> Block:
    """The period of the address, or the last quarter that is out. 404 for one that is not."""
    asked = request.GET.get("period", "")
    if asked:
        for block in blocks:
            if block.code == asked:
                return block
        raise Http404
    return max(blocks, key=lambda block: (block.kind == "quarter", block.first))


def _back(block: Block) -> list[Block]:
    """The block and those before it, oldest first."""
    found = [block]
    for _n in range(BACK[block.kind] - 1):
        found.append(found[-1].before)
    return found[::-1]


def _choices(blocks: list[Block]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Periods to choose, by kind, the newest first."""
    return [
        (kind, [(each.code, block_name(each)) for each in blocks if each.kind == kind][: CHOICES[kind]])
        for kind in reversed(MONTHS)
    ]


def _page(request: HttpRequest, block: Block, sheets: Mapping[Block, Sheet]) -> dict[str, Any]:
    """What both pages show; narrowed to the row of an agency or a district where the address says so."""
    now, before = sheets[block], sheets.get(block.before)
    row, was, narrowed = now.main, before.main if before else None, ""
    line = [(each, sheet.main) for each, sheet in sheets.items()]
    for parameter, dimension in ROWS.items():
        if code := request.GET.get(parameter, ""):
            row = now.row(dimension, code)
            if not row:
                raise Http404
            was = before.row(dimension, code) if before else None
            narrowed = name_of(now, dimension, code)
            line = [(each, sheet.row(dimension, code)) for each, sheet in sheets.items()]
            break
    name_before = block_name(block.before) if before else ""
    return {
        "chosen": block.code,
        "period": block_name(block),
        "narrowed": narrowed,
        "cards": cards(row, was or None, name_before),
        "course": course(line) if len(line) > 1 else [],
        "breakdowns": [] if narrowed else breakdowns(now, before, name_before, _no_link),
        "map": [] if narrowed else district_map(now),
        "times": _times(request, now),
        "agencies": _row_choices(now, "agency"),
        "districts": _row_choices(now, "district"),
        "agency": request.GET.get("agency", ""),
        "area": request.GET.get("area", ""),
        "is_one_way": now.is_one_way,
    }


def _times(request: HttpRequest, sheet: Sheet) -> list[dict[str, Any]]:
    """Of a district nothing is published."""
    return [] if request.GET.get("area") else times_with(sheet, request.GET.get("agency", ""))


def _row_choices(sheet: Sheet, dimension: str) -> list[tuple[str, str]]:
    rows = [
        row[dimension]
        for row in sheet.rows(dimension)
        if row[dimension] and not row[dimension].startswith("_")
    ]
    return sorted(((code, name_of(sheet, dimension, code)) for code in rows), key=lambda each: each[1])


@staff_page(ReportAct.READ_REPORTS)
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Any month, quarter or year as it stands now, in the scope of who asks; each figure opens to its cases."""
    user, now = staff(request), timezone.now()
    block = _asked(request, day_of(now))
    scope, code = _scope(request, user)
    blocks = _back(block)
    figures = figures_of(blocks, scope, code, counted=seen_by(user, blocks, now))
    labels, hours = labels_of(figures[-1]), hours_with(figures[-1], user, block, scope, code)
    now_sheet, before = of_figures(figures[-1], labels), of_figures(figures[-2], labels)
    link = _cases(block, scope, code, now_sheet)
    name_before = block_name(block.before)
    counted = RollUpMonth.objects.filter(month__lte=block.last).order_by("-month").first()
    context = {
        "chosen": block.code,
        "period": block_name(block),
        "is_running": block.last >= day_of(now),
        "counted_at": counted.counted_at if counted else None,
        "cards": _opened(cards(now_sheet.main, before.main, name_before), link),
        "course": course(
            [(each, of_figures(found, {}).main) for each, found in zip(blocks, figures, strict=True)]
        ),
        "breakdowns": breakdowns(now_sheet, before, name_before, link),
        "map": district_map(now_sheet),
        "times": _opened_times(
            times_with(now_sheet, hours=hours), user, block, code if scope == "area" else ""
        ),
        "has_days": bool(hours),
        "choices": _choices(_until(day_of(now))),
        "agencies": _agencies(user),
        "districts": [
            (area.code, area.name) for area in catalogue().areas.values() if area.level == "district"
        ],
        "agency": code if scope == "agency" else "",
        "area": code if scope == "area" else "",
    }
    return render(request, "statistics/live.html", context)


def _opened(made: list[dict[str, str]], link: Any) -> list[dict[str, str]]:
    for card, standing in zip(made, ("", "ended", "open", "on_time"), strict=False):
        card["url"] = link("standing", standing)
    return made


def _opened_times(rows: list[dict[str, Any]], user: User, block: Block, area: str) -> list[dict[str, Any]]:
    """Each number with its cases, for supervisors: all others see a case while it is theirs, and these times are of
    cases that may be anywhere now. Of a closed agency the search knows none."""
    if not role_may(role_of(user), EscalationAct.OVERSEE):
        return rows
    active = set(Agency.objects.filter(is_active=True).values_list("code", flat=True))
    base = {"received_from": block.first.isoformat(), "received_to": block.last.isoformat()}
    base |= {"area": area} if area else {}
    search = reverse("escalation:oversight-search")
    for row in rows:
        asked = base | {"was_with": row["code"]}
        for name, part in (("stays", {}), ("late", {"time": "late"}), ("handed_on", {"time": "handed_on"})):
            if row["code"] in active and row[name] != NOUGHT:
                row[f"{name}_url"] = f"{search}?{urlencode(asked | part)}"
    return rows


def _asked(request: HttpRequest, today: date) -> Block:
    """The period of the address, or this month. 404 for none, and for one that has not begun."""
    asked = request.GET.get("period", "")
    try:
        block = Block.read(asked) if asked else Block.of(today, "month")
    except ValueError:
        raise Http404 from None
    if block.first > today:
        raise Http404
    return block


def _scope(request: HttpRequest, user: Any) -> tuple[str, str]:
    """What the figures are of: a head's own agency or one below it, else what was chosen. 404 outside their reach."""
    reachable = dict(_agencies(user))
    code, area = request.GET.get("agency", ""), request.GET.get("area", "")
    if user.role == Role.AGENCY_HEAD:
        code = code or user.agency.code
        area = ""
    if code:
        if code not in reachable:
            raise Http404
        return "agency", code
    if area and area not in catalogue().areas:
        raise Http404
    return ("area", area) if area else ("", "")


def _agencies(user: Any) -> list[tuple[str, str]]:
    agencies = Agency.objects.filter(is_external=False)
    if user.role == Role.AGENCY_HEAD:
        agencies = agencies.filter(pk__in=user.agency_scope)
    return [(each.code, each.local_name) for each in agencies.order_by("name")]


def _until(day: Any) -> list[Block]:
    """The periods that can be chosen, the newest first."""
    found = []
    for kind in MONTHS:
        block = Block.of(day, kind)
        for _n in range(CHOICES[kind]):
            found.append(block)
            block = block.before
    return found


def _is_offered(dimension: str, code: str) -> bool:
    """Whether the list has a filter that finds the cases of this row and no others: of what was closed and of what
    has none it knows nothing, and with a category or a district it finds those below as well."""
    if dimension == "agency":
        return any(row.code == code for row in choices.agencies())
    if dimension == "district":
        return code in catalogue().areas
    rows: Any = {"category": catalogue().categories, "area": catalogue().areas}.get(dimension)
    return rows is None or (code in rows and len(choices.with_children(rows, code)) == 1)


def _cases(block: Block, scope: str, code: str, sheet: Sheet) -> Any:
    """Addresses of the desk's list with the cases of a row, as who asks may see them."""
    base = {"queue": "all", "received_from": block.first.isoformat(), "received_to": block.last.isoformat()}
    base["counted"] = code if scope == "agency" else "city"
    if scope == "area":
        base["area"] = code
    names = {"district": "area"}

    def link(dimension: str, of: str) -> str:
        if dimension == "standing":
            more = {"standing": of} if of else {}
        elif _is_offered(dimension, of):
            more = {names.get(dimension, dimension): of}
        else:
            more = {"row": f"{dimension}:{of}"}
        return f"{reverse('complaints:desk-queue')}?{urlencode({**base, **more})}"

    return link
