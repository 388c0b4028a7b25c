"""The six parts of the report and its annexes."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from reports.pages import words
from reports.pages.labels import in_language
from reports.pages.parts import Chart, Section, Table
from reports.surveys.frozen import PRINTED_ROWS, SurveySnapshot
from surveys.aftercase.quarters import quarter_of
from surveys.index.bands import half_up
from surveys.index.charts import FILL, PAPER
from surveys.index.drawn import element_chart, index_chart, trend_chart
from surveys.index.numbers import HIDDEN, NONE, between, decimal, grade_words, performance, whole
from surveys.index.shown import Breakdown, Shown
from surveys.index.words import notices
from surveys.questionnaires.models import Element

LOWEST = 3
SERVICE = "service"  # the key of the question that asks which service was used
Heads = list[tuple[str, bool]]


def all_sections(snapshot: SurveySnapshot, shown: Shown) -> list[Section]:
    colour = snapshot.data["city"]["colours"]["primary"]
    sections = [
        introduction(shown),
        method(snapshot, shown),
        results(shown, colour),
        profile(shown),
        analysis(snapshot, shown, colour),
        last_plan(snapshot),
        conclusion(snapshot, shown),
        annex_questions(snapshot),
    ]
    return [*sections, annex_answers(snapshot, shown)]


def chart(title: str, svg: str, colour: str) -> Chart:
    """A chart in the city's colour."""
    return Chart(title, mark_safe(svg.replace(FILL, colour)))  # noqa: S308 - drawn by charts.py, which escapes


def introduction(shown: Shown) -> Section:
    section = Section("introduction", _("I. Introduction"))
    section.paragraphs = [
        _(
            "Who serves the public has to ask its users at least once a year how satisfied they are. This report says "
            "whom this unit asked, how, what came of it, and what follows from it."
        )
    ]
    if shown.is_national:
        section.paragraphs.append(
            _(
                "It follows %(source)s: nine elements of the service, each answered on four steps, counted with "
                "the same exact weight."
            )
            % {"source": "Permenpan-RB 14/2017"}
        )
        section.paragraphs.append(
            _("The elements are: %(elements)s.")
            % {"elements": ", ".join(str(label) for label in Element.labels)}
        )
    return section


def method(snapshot: SurveySnapshot, shown: Shown) -> Section:
    section = Section("method", _("II. How answers were collected"))
    sample, row = shown.sample, shown.round
    share = sample.response_share
    facts = [
        (_("Carried out by"), in_language(snapshot.data["agency"])),
        (_("Asked about"), row.service.name if row.service else _("all services of the unit")),
        (_("From"), words.day(row.opens_on)),
        (_("To"), words.day(row.closes_on)),
        (_("Users of the service"), whole(sample.population)),
        (_("Sample asked for"), whole(sample.target) if sample.is_known else NONE),
        (_("Respondents"), whole(sample.respondents)),
        (
            _("Of the sample asked for"),
            words.per_cent(float(share)) if share is not None and sample.is_known else NONE,
        ),
    ]
    heads: Heads = [(_("What"), False), (_("Value"), True)]
    section.tables.append(Table(_("The round"), heads, facts))
    if shown.channels:
        heads = [(_("How answers came in"), False), (_("Answers"), True)]
        rows = [(label[:1].upper() + label[1:], whole(count)) for label, count in shown.channels]
        section.tables.append(Table(_("How answers came in"), heads, rows))
    section.paragraphs = [f"{each.title}. {each.body}" for each in notices(shown)]
    section.notes = [
        _(
            "The sample asked for is that of Krejcie and Morgan for 95 % and an error of 5 points. What was left open "
            "is no answer and never counted as zero."
        )
    ]
    return section


def results(shown: Shown, colour: str) -> Section:
    section = Section("results", _("III. Results"))
    index = shown.index
    if index is None:
        section.lead = _("Nobody has answered yet: there is no index.")
        return section
    section.lead = _sentence(shown)
    section.charts.append(
        chart(_("The index"), index_chart(index, is_graded=shown.is_national, width=PAPER), colour)
    )
    section.charts.append(chart(_("Elements, the lowest first"), element_chart(shown, PAPER), colour))
    heads: Heads = [
        (_("Element"), False),
        (_("Mean, 1 to 4"), True),
        (_("at 95 % between"), True),
        (_("Weighted mean"), True),
        (_("Answered"), True),
    ]
    rows = [
        (
            shown.name_of(each.key),
            decimal(each.mean, 3),
            between(each.low, each.high),
            decimal(each.mean * each.weight if each.mean is not None else None, 4),
            whole(each.answered),
        )
        for each in index.elements
    ]
    weighted = sum((each.mean * each.weight for each in index.elements if each.mean is not None), Fraction(0))
    total = (_("Together, times 25 the index"), "", "", decimal(weighted, 4), whole(index.respondents))
    section.tables.append(Table(_("Value of each element"), heads, rows, total=total))
    return section


def _sentence(shown: Shown) -> str:
    index = shown.index
    assert index is not None
    said = _("The index is %(index)s, counted from %(count)s respondents.") % {
        "index": decimal(index.value),
        "count": whole(index.respondents),
    }
    if index.margin is not None:
        said += " " + _("At 95 %% it lies between %(interval)s.") % {
            "interval": between(index.low, index.high)
        }
    if shown.is_national and index.is_uncertain:
        said += " " + _("The grade is uncertain: %(grades)s.") % {"grades": grade_words(index.grades)}
    elif shown.is_national:
        said += " " + _("That is grade %(grade)s, %(words)s.") % {
            "grade": index.grade,
            "words": performance(index.grade),
        }
    return said


def profile(shown: Shown) -> Section:
    section = Section("profile", _("III. Results: respondents and services"))
    known = [each for each in shown.breakdowns if each.groups]
    if not known:
        section.lead = _("Groups are printed once a round has closed and ten people and more have answered.")
        return section
    told = [each for each in known if any(group.index is not None for group in each.groups)]
    if not told:
        section.lead = _(
            "No group is printed: each has fewer than ten respondents, or would tell of one that has."
        )
        return section
    for each in sorted(told, key=lambda breakdown: breakdown.key == SERVICE):
        section.tables.append(_groups(each, shown))
    section.notes = [
        _(
            "Groups of fewer than ten are hidden (*), and others where they could be worked out by subtraction."
        )
    ]
    return section


def _groups(breakdown: Breakdown, shown: Shown) -> Table:
    heads: Heads = [
        (_("Group"), False),
        (_("Respondents"), True),
        (_("Index"), True),
        (_("at 95 % between"), True),
        (_("Grade"), True),
    ]
    rows = [
        (group.label, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
        if group.index is None
        else (
            group.label,
            whole(group.index.respondents),
            decimal(group.index.value),
            between(group.index.low, group.index.high),
            grade_words(group.index.grades) if shown.is_national else NONE,
        )
        for group in breakdown.groups
    ]
    return Table(breakdown.name, heads, rows)


def analysis(snapshot: SurveySnapshot, shown: Shown, colour: str) -> Section:
    section = Section("analysis", _("IV. Analysis"))
    lowest = shown.lowest_first[:LOWEST]
    if lowest:
        names = ", ".join(f"{shown.name_of(each.key)} ({decimal(each.mean)})" for each in lowest)
        section.lead = _("The lowest elements are: %(names)s.") % {"names": names}
        plans = snapshot.data["plans"]["now"]
        rows = [row for each in lowest for row in _plan_rows(shown.name_of(each.key), each.key, plans)]
        rows += [
            row
            for key in sorted({plan["element"] for plan in plans} - {each.key for each in lowest})
            for row in _plan_rows(shown.name_of(key), key, plans)
        ]
        section.tables.append(Table(_("What is to be done"), _plan_heads(), rows))
    if len(shown.trend) > 1:
        section.charts.append(
            chart(
                _("The index over the rounds"),
                trend_chart(shown.trend, is_graded=shown.is_national, width=PAPER),
                colour,
            )
        )
        section.tables.append(_trend(shown))
        section.notes = [
            _(
                "Where two intervals overlap, the difference may be chance. Annulled rounds are in no comparison."
            )
        ]
    else:
        section.notes = [_("There is no earlier round of this unit to compare with.")]
    return section


def _plan_heads() -> Heads:
    return [(_("Element"), False), (_("Plan"), False), (_("Owner"), False), (_("Quarter"), False)]


def _plan_rows(name: str, key: str, plans: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What is promised on an element; none is said as such."""
    found = [plan for plan in plans if plan["element"] == key]
    if not found:
        return [(name, _("none promised yet"), NONE, NONE)]
    return [
        (
            name,
            f"{plan['number']}: {plan['title']}",
            plan["owner"],
            words.quarter(quarter_of(date.fromisoformat(plan["due_on"]))),
        )
        for plan in found
    ]


def _trend(shown: Shown) -> Table:
    heads: Heads = [
        (_("Period"), False),
        (_("Index"), True),
        (_("at 95 % between"), True),
        (_("Respondents"), True),
    ]
    rows = [
        (
            words.span(point.round.opens_on, point.round.closes_on),
            decimal(point.index.value),
            between(point.index.low, point.index.high),
            whole(point.index.respondents),
        )
        for point in shown.trend
    ]
    return Table(_("The index of each round"), heads, rows)


def last_plan(snapshot: SurveySnapshot) -> Section:
    section = Section("last_plan", _("V. What became of the last plan"))
    plans = snapshot.data["plans"]["before"]
    if not plans:
        section.lead = _("Nothing was promised here after an earlier round.")
        return section
    heads: Heads = [
        (_("Element"), False),
        (_("Plan"), False),
        (_("Promised for"), False),
        (_("What became of it"), False),
    ]
    rows = [
        (
            str(Element(plan["element"]).label),
            f"{plan['number']}: {plan['title']}",
            words.day(date.fromisoformat(plan["due_on"])),
            _standing(plan),
        )
        for plan in plans
    ]
    section.tables.append(Table(_("Promises after the round before"), heads, rows))
    return section


def _standing(plan: dict[str, Any]) -> str:
    known = {
        "kept": _("kept"),
        "broken": _("broken"),
        "overdue": _("not kept yet, overdue"),
        "reported": _("reported as done, not judged yet"),
    }
    return known.get(plan["standing"], _("promised, not due yet"))


def conclusion(snapshot: SurveySnapshot, shown: Shown) -> Section:
    section = Section("conclusion", _("VI. Conclusion"))
    if shown.index is None:
        section.paragraphs = [_("There is nothing to conclude before anybody has answered.")]
        return section
    lowest, best = shown.lowest_first[:LOWEST], shown.lowest_first[::-1][:LOWEST]
    section.paragraphs = [
        _sentence(shown),
        _("Best are %(best)s; lowest are %(lowest)s.")
        % {
            "best": ", ".join(shown.name_of(each.key) for each in best),
            "lowest": ", ".join(shown.name_of(each.key) for each in lowest),
        },
        _("Promises that rest on this round: %(count)d.") % {"count": len(snapshot.data["plans"]["now"])},
    ]
    if shown.sample.is_too_small or shown.sample.is_below_floor:
        section.paragraphs.append(
            _("The sample is too small for a firm conclusion: more users have to be asked in the next round.")
        )
    return section


def annex_questions(snapshot: SurveySnapshot) -> Section:
    section = Section("questions", _("Annex A. The questionnaire"), new_page=True)
    heads: Heads = [(_("Question"), False), (_("Answers to choose from"), False)]
    rows = [
        (in_language(each["text"]), "; ".join(in_language(option) for option in each["options"]) or NONE)
        for each in snapshot.data["questions"]
    ]
    section.tables.append(Table(_("What was asked"), heads, rows))
    return section


def annex_answers(snapshot: SurveySnapshot, shown: Shown) -> Section:
    section = Section("answers", _("Annex B. The answers"), new_page=True)
    lines, index = snapshot.lines, shown.index
    if not lines or index is None or shown.moments is None:
        section.lead = _("Answers are printed once a round has closed and ten people and more have answered.")
        return section
    section.lead = _("What each respondent answered, in no order, without anything about them.")
    legend = "; ".join(f"{n} {shown.name_of(item)}" for n, item in enumerate(shown.moments.items, start=1))
    section.notes = [_("Columns: %(legend)s.") % {"legend": legend}]
    if len(lines) > PRINTED_ROWS:
        section.lead = _(
            "The answers of %(count)s respondents are too many to be printed. They are in the file "
            "%(name)s that this document carries."
        ) % {"count": whole(len(lines)), "name": f"{shown.round.code}-answers.csv"}
        return section
    heads: Heads = [(_("No."), False), *((str(n), True) for n in range(1, len(shown.moments.items) + 1))]
    rows = [
        (str(n), *(NONE if digit == "0" else digit for digit in line))
        for n, line in enumerate(lines, start=1)
    ]
    means = [each.mean for each in index.elements]
    foot = [
        (_("Sum"), *(whole(shown.moments.total(item)) for item in shown.moments.items)),
        (_("Mean"), *(decimal(mean) for mean in means)),
    ]
    section.tables.append(Table(_("Respondents and elements"), heads, [*rows, *foot]))
    section.notes.append(
        _("Index: %(index)s.") % {"index": str(half_up(index.value)) if index.value is not None else NONE}
    )
    return section
