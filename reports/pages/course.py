"""What happened to cases on their way: disputed, given more time, handed back; where they stand and how they ended."""

from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.groups import Groups, says_no_more_than_the_whole
from reports.pages.parts import Section, Table
from reports.suppression.columns import TOGETHER
from reports.suppression.rows import OTHERS, is_small, merge_small

# A number, what it is of, how many of these there are, and whether that is hidden.
Fact = tuple[str, int, tuple[str, int, bool]]


def _not_shown(names: list[str]) -> str:
    """In place of rows that would say nothing."""
    said = _("Not shown, since they are under five or would give away such a number: %(names)s.")
    return said % {"names": "; ".join(names)}


def course(groups: Groups) -> Section:
    figures = groups.data["figures"]
    section = Section("course", _("How cases went"))
    hidden = {
        _("Rejected"): bool(groups.marks.hidden("rejected", TOGETHER)),
        _("Typed in by staff"): _hides_typed(groups),
    }
    heads = [(_("What"), False), (_("Cases"), True), (_("Of how many"), True), (_("Share"), True)]
    cells = [_fact(groups, *fact, is_hidden=hidden.get(fact[0], False)) for fact in _facts(groups)]
    told = [row for row in cells if row[1] != words.HIDDEN]
    if told:
        section.tables.append(Table(_("On the way"), heads, told))
    if len(told) < len(cells):
        section.notes.append(_not_shown([row[0] for row in cells if row not in told]))
    times = [
        (_("Times a case was handed back"), figures["hand_backs"]),
        (_("Questions for which a case was paused"), figures["pauses"]),
    ]
    cells = [[name, _count(groups, value)] for name, value in times]
    if figures["rating_mean"] is not None and not (groups.public and is_small(figures["ratings"])):
        cells.append([_("Mean rating, 1 to 4"), words.decimal(figures["rating_mean"], 2)])
    section.tables.append(Table(_("How often"), [(_("What"), False), (_("Count"), True)], cells))
    for caption, name, key in (
        (_("State now"), "by_state", "state"),
        (_("How they ended"), "ended_how", "how"),
        (_("Rejected, by reason"), "rejected", "reason"),
    ):
        section.tables += _counted(groups, caption, name, key)
    return section


def _facts(groups: Groups) -> list[Fact]:
    figures = groups.figures
    received = _("cases received"), figures["received"], "received" in groups.totals
    hides_answered = bool(groups.marks.hidden("course", "answered"))
    answered = _("answered cases"), figures["answered"], hides_answered
    rejected = sum(row["count"] for row in figures["rejected"])
    return [
        (_("Disputed by the citizen"), figures["disputed"], answered),
        (_("Taken up again after an answer"), figures["reopened"], answered),
        (_("Given more time by a decision"), figures["extended"], received),
        (_("Paused to ask the citizen"), figures["paused"], received),
        (_("Rejected"), rejected, received),
        (_("Handed back by an agency at least once"), figures["handed_back"], received),
        (_("Rated by the citizen"), figures["ratings"], answered),
        (_("Typed in by staff"), figures["typed_by_staff"], received),
    ]


def _hides_typed(groups: Groups) -> bool:
    """What staff type comes by some channels: where one of these is hidden, all of them would tell it."""
    if not groups.public:
        return False
    rows = groups.rows("by_channel", "channel")
    return any(
        row.get("code") == OTHERS or "received" in groups.hidden("by_channel", "channel", row) for row in rows
    )


def _fact(groups: Groups, name: str, count: int, of: tuple[str, int, bool], *, is_hidden: bool) -> list[str]:
    what, whole, hides_whole = of
    said = f"{words.count(whole, hides_whole)} {what}"
    if is_hidden or hides_whole or (groups.public and is_small(count, whole, whole - count)):
        return [name, words.HIDDEN, said, words.HIDDEN]
    return [name, words.number(count), said, words.share(count, whole)]


def _counted(groups: Groups, caption: str, figure: str, key: str) -> list[Table]:
    """Counts that add up, each against all of them."""
    rows = groups.data["figures"][figure]
    if not groups.marks.told_of(figure, ""):
        return []
    column = "received" if "received" in (rows[0] if rows else {}) else "count"
    rows = merge_small(rows, key, column) if groups.public else rows
    whole = sum(row[column] for row in rows)
    hides_whole = bool(groups.marks.hidden(figure, TOGETHER)) or (
        (figure == "by_state" and "received" in groups.totals)
        or (figure == "ended_how" and "ended" in groups.totals)
    )
    cells = []
    for row in rows:
        is_hidden = column in groups.hidden(figure, key, row)
        share = words.HIDDEN if is_hidden or hides_whole else words.share(row[column], whole)
        cells.append([groups.name(key, row), words.count(row[column], is_hidden), share])
    if groups.public and says_no_more_than_the_whole(rows, cells):
        return []
    heads = [(groups.head(key), False), (_("Cases"), True), (_("Share"), True)]
    total_row = [_("Together"), words.count(whole, hides_whole), ""] if len(rows) > 1 else []
    return [Table(caption, heads, cells, total=total_row)] if rows else []


def _count(groups: Groups, value: int) -> str:
    return words.HIDDEN if groups.public and is_small(value) else words.number(value)
