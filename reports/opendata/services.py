"""The last look before something is published, and the row that it leaves. In the worker only: the attack takes its
time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from reports.figures.periods import Period
from reports.figures.snapshot import Snapshot
from reports.opendata.models import PublicEdition, Series, packed
from reports.suppression.attack import protect_and_attack
from reports.suppression.cells import Cells, Key
from reports.suppression.columns import EVERYTHING
from reports.suppression.editions import Edition, published
from reports.suppression.report import Marks, alone, decide
from reports.suppression.tables import Table, public_tables

Labels = dict[str, dict[str, dict[str, str]]]
LABELS = ("agency", "service", "category", "area", "district", "reason")


@dataclass(frozen=True)
class Prepared:
    """An edition that could be published, if `weak` is empty."""

    edition: Edition
    stood_at: datetime
    marks: Marks
    tables: dict[str, Table]
    labels: Labels
    weak: list[Key]
    beside: list[tuple[str, str]] = field(
        default_factory=list
    )  # what it was held against, by code and digest

    @property
    def refusal(self) -> str:
        """Why it may not be published; empty where it may."""
        if not self.weak:
            return ""
        places = sorted(
            {f"{table or 'figures'} {row} {column}".strip() for _name, table, row, column in self.weak}
        )
        return _(
            "What was published before would give away counts under five, and nothing is left to hide beside them: "
            "%(places)s."
        ) % {"places": "; ".join(places[:10])}


def prepare(snapshot: Snapshot, *, code: str, is_bare: bool = False) -> Prepared:
    """What a report may show beside everything that is public already. `code` is its stable address."""
    scope = snapshot.data["scope"]["agency"]
    edition = _edition(code, snapshot.period, scope, Series.REPORT)
    figures, labels = snapshot.public_data()["figures"], snapshot.data["labels"]
    return prepare_figures(edition, figures, labels, snapshot.built_at, is_bare=is_bare)


def prepare_figures(
    edition: Edition, figures: Mapping[str, Any], labels: Labels, stood_at: datetime, *, is_bare: bool = False
) -> Prepared:
    beside = _names_beside(edition)
    earlier = _beside(edition)
    marks, cells, weak = decide(
        figures, edition=edition, earlier=earlier, how=protect_and_attack, is_bare=is_bare
    )
    if is_bare:  # how many cases there were is told of every period, whatever else is out
        marks.before, weak = set(EVERYTHING - {"received"}), []
    elif "previous" in figures:
        marks.before, more = _before(edition, figures["previous"])
        weak = [*weak, *more]
    kept = published(replace(edition, cells=cells))
    named = {group: labels[group] for group in LABELS if group in labels}
    return Prepared(kept, stood_at, marks, public_tables(figures, marks), named, weak, beside)


def _before(edition: Edition, figures: Mapping[str, Any]) -> tuple[set[str], list[Key]]:
    """The figures beside those of the period are an edition of the period before."""
    period = Period(edition.first, edition.last).before()
    own = _edition(f"{edition.name}~before", period, edition.scope, edition.series)
    marks, _cells, weak = decide(alone(figures), edition=own, earlier=_beside(own), how=protect_and_attack)
    return marks.main, weak


def _edition(code: str, period: Period, scope: str, series: str) -> Edition:
    return Edition(code, period.first, period.last, scope, str(series), Cells())


def _beside(edition: Edition) -> list[Edition]:
    return [row.edition for row in PublicEdition.objects.beside(edition)]


def _names_beside(edition: Edition) -> list[tuple[str, str]]:
    return list(PublicEdition.objects.beside(edition).values_list("code", "digest"))


def release(prepared: Prepared, *, now: datetime | None, digest: str = "") -> PublicEdition:
    """In the transaction that publishes: its files are there from now on. ValueError while it is weak, and where
    something came out beside it since it was decided."""
    if prepared.weak:
        raise ValueError(prepared.refusal)
    own = prepared.edition
    if prepared.beside != _names_beside(own):
        raise ValueError(f"something came out beside {own.name} meanwhile")
    return PublicEdition.objects.create(
        code=own.name,
        series=own.series,
        first=own.first,
        last=own.last,
        scope=own.scope,
        stood_at=prepared.stood_at,
        published_at=now,
        digest=digest,
        marks=prepared.marks.as_json(),
        tables=prepared.tables,
        labels=prepared.labels,
        cells=packed(own.cells),
    )


def marks_of(code: str, *, digest: str) -> Marks | None:
    """What the edition of a snapshot with this digest hides; None where there is no edition of that code. ValueError
    where it is of another snapshot: what one hides may stand open in the other."""
    row = PublicEdition.objects.filter(code=code).only("marks", "digest").first()
    if row is not None and row.digest not in ("", digest):  # "": from before it was kept
        raise ValueError(f"{code} has an edition of another snapshot")
    return Marks.from_json(row.marks) if row else None


def weigh(snapshot: Snapshot, *, code: str) -> Prepared:
    """What the public edition of a report hides; what cannot be protected leaves only the number of cases."""
    prepared = prepare(snapshot, code=code)
    return prepare(snapshot, code=code, is_bare=True) if prepared.weak else prepared


def reserve(prepared: Prepared, *, digest: str) -> Marks:
    """In the transaction that keeps the snapshot with this digest, so that the two are never of different counts.
    Heeded by all that is published after, though it is not out before `open_to_all`. Of the same snapshot it stays the
    same."""
    code = prepared.edition.name
    row = PublicEdition.objects.filter(code=code).first()
    if row is not None and (row.published_at or row.digest == digest):
        return Marks.from_json(row.marks)
    PublicEdition.objects.filter(code=code, published_at=None).delete()
    release(prepared, now=None, digest=digest)
    return prepared.marks


def open_to_all(code: str, *, digest: str, now: datetime) -> None:
    """In the transaction that publishes the report with this snapshot. ValueError where the edition is of another."""
    marks_of(code, digest=digest)
    PublicEdition.objects.filter(code=code, published_at=None).update(published_at=now)


def give_up(code: str) -> None:
    """The report is not going to be published: what it would have shown binds nobody."""
    PublicEdition.objects.filter(code=code, published_at=None).delete()


def take_back(code: str) -> None:
    """Its files answer no more, since somebody could be recognised in them; what was out stays known to later ones."""
    PublicEdition.objects.filter(code=code).update(published_at=None)
