"""Text search over cases: number, subject, description, place, outside reference, and the names of agency and area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, F, Func

from accounts.models import Agency
from complaints.database.one_of import OneOf
from complaints.database.triggers import PLACES, SEARCH, WORDS
from complaints.models import Area
from complaints.models.complaint import Complaints
from complaints.numbers import is_number
from complaints.searchable import Term, Word, asked, words_of

MAX_TERMS = 8
TRIED = 1500  # of them, for a count that is shown as 1,000+
MOST = 5000  # keys that are read at once; of what stands in more cases, one in some hundred has it
COMMON = 2 * MOST  # where they are all met up to this key, most cases have the word
SECONDS = 60  # for so long the names of agencies and areas are kept
SHORTEST_NAME = 2  # letters by which a name may be meant
AGENCY, AREA = PLACES


class Place(NamedTuple):
    """An agency or area: its column on the case, its key, and the words of its names."""

    column: str
    key: int
    words: list[str]


class _Ask(NamedTuple):
    """What one text asks for: each term, with the places that it may mean, and with which agencies the case lies."""

    terms: list[tuple[Term, list[Place]]]
    agencies: Sequence[int]


@dataclass(frozen=True)
class Hits:
    """What the index holds of a text: the keys of all cases, or where they are `many`, of some; `own` where SQLite
    finds the rest sooner by what the cases themselves have."""

    query: str
    keys: list[int]
    many: bool
    own: _Ask | None = None

    def among(self, cases: Complaints) -> Complaints:
        """All of them, in whatever order `cases` are read: few are looked up by their keys; of many the next is found
        soonest by looking at one case after the other."""
        if not self.many:
            return cases.filter(OneOf(F("pk"), keys=self.keys))
        if self.own is not None:
            return cases.filter(_Tells(*map(F, (WORDS, *PLACES)), ask=self.own))
        return cases.filter(_Holds(F("pk"), query=self.query))

    def some_among(self, cases: Complaints) -> Complaints:
        """For counting that stops at a cap: if these do not reach it, `among` has to be counted."""
        return cases.filter(OneOf(F("pk"), keys=self.keys[:TRIED]))

    @property
    def has_more(self) -> bool:
        """Than `some_among` looks at."""
        return len(self.keys) > TRIED


class _Holds(Func):
    """Whether the index holds this one case under the query, where cases are looked at one after the other.

    PostgreSQL reads the case's own row of words. FTS5 has none: asked for one case it walks all that begin with the
    word, so there all keys are read, once a statement (of what most cases have, `_Tells`); the + keeps them from being
    the way in.
    """

    output_field = BooleanField()

    def __init__(self, key: F, *, query: str) -> None:
        super().__init__(key, query=query)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        key, params = compiler.compile(self.source_expressions[0])
        query = self.extra["query"]
        if connection.vendor == "postgresql":
            return f"(SELECT document @@ %s::tsquery FROM {SEARCH} WHERE rowid = {key})", [query, *params]
        return f"+{key} IN (SELECT rowid FROM {SEARCH} WHERE {SEARCH} MATCH %s)", [*params, query]


class _Tells(Func):
    """The same of what the case itself has, as FTS5 is given it: on SQLite to read and sort the keys of what most cases
    have takes longer than to read the words of those that are walked past."""

    output_field = BooleanField()

    def __init__(self, *columns: F, ask: _Ask) -> None:
        super().__init__(*columns, ask=ask)

    def as_sql(self, compiler: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        words, *places = (compiler.compile(each)[0] for each in self.source_expressions)
        columns, (terms, agencies) = dict(zip(PLACES, places, strict=True)), self.extra["ask"]
        params, parts = list[Any](), list[str]()
        for term, meant in terms:
            ways = []
            for way in term.ways:
                ways.append(" AND ".join([f"' ' || {words} || ' ' LIKE %s"] * len(way)))
                params += [f"% {word.text}{'' if word.is_beginning else ' '}%" for word in way]
            ways += [f"+{columns[place.column]} = {int(place.key)}" for place in meant]
            parts.append(f"({' OR '.join(ways)})")
        if agencies:
            parts.append(f"+{columns[AGENCY]} IN ({', '.join(str(int(key)) for key in agencies)})")
        return f"({' AND '.join(parts)})", params


def hits(text: str, agencies: Sequence[int] = ()) -> Hits:
    """What is found where everything stands that `text` asks for (beginnings of words count); one query.

    `agencies`: only what lies with these, where the reader sees no other. Text without any letter or digit finds
    nothing. Who complained is sealed and not searched (docs/decisions/0008).
    """
    terms = asked(text, MAX_TERMS)
    if not terms:
        return Hits("", [], many=False)
    places = _places()
    if connection.vendor == "postgresql":
        asks = [_in_postgresql(term, places) for term in terms]
        scope = " | ".join(f"':{AGENCY}:{key}'" for key in agencies)
        query, condition = " & ".join([f"({scope})", *asks] if scope else asks), "document @@ %s::tsquery"
    else:
        asks = [_in_sqlite(term, places) for term in terms]
        scope = " OR ".join(f'{AGENCY} : "{key}"' for key in agencies)
        query, condition = " AND ".join([f"({scope})", *asks] if scope else asks), f"{SEARCH} MATCH %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {SEARCH} WHERE {condition} LIMIT {MOST + 1}", [query])
        keys = [key for (key,) in cursor.fetchall()]
    many = len(keys) > MOST
    # FTS5 gives the least keys first.
    is_common = many and connection.vendor == "sqlite" and keys[-1] <= COMMON
    own = _Ask([(term, _meant(term, places)) for term in terms], agencies) if is_common else None
    return Hits(query, keys, many, own)


def search(cases: Complaints, text: str) -> Complaints:
    """The cases of `cases` in which the text is found; a whole case number finds that case only."""
    text = text.strip()
    return cases.filter(number=text.upper()) if is_number(text) else hits(text).among(cases)


def unindexed() -> list[str]:
    """Numbers of cases that the index does not hold, a few of them."""
    held, key = (SEARCH, "rowid") if connection.vendor == "postgresql" else (f"{SEARCH}_docsize", "id")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM complaints_complaint c "
            f"WHERE NOT EXISTS (SELECT 1 FROM {held} WHERE {held}.{key} = c.id) ORDER BY id LIMIT 5"
        )
        return [number for (number,) in cursor.fetchall()]


def _in_postgresql(term: Term, places: list[Place]) -> str:
    ways = [" & ".join(f"'{word.text}'{':*' * word.is_beginning}" for word in way) for way in term.ways]
    ways += [f"':{place.column}:{place.key}'" for place in _meant(term, places)]
    return "(" + " | ".join(f"({way})" for way in ways) + ")"


def _in_sqlite(term: Term, places: list[Place]) -> str:
    ways = [
        " AND ".join(f'{WORDS} : "{word.text}"{"*" * word.is_beginning}' for word in way) for way in term.ways
    ]
    ways += [f'{place.column} : "{place.key}"' for place in _meant(term, places)]
    return "(" + " OR ".join(f"({way})" for way in ways) + ")"


def _meant(term: Term, places: list[Place]) -> list[Place]:
    """The agencies and areas whose names the term may mean."""
    return [place for place in places if any(_names(way, place) for way in term.ways)]


def _names(way: tuple[Word, ...], place: Place) -> bool:
    if sum(len(word.text) for word in way) < SHORTEST_NAME:
        return False
    return all(
        any(name.startswith(word.text) if word.is_beginning else name == word.text for name in place.words)
        for word in way
    )


def _places() -> list[Place]:
    places: list[Place] | None = cache.get("search:places")
    if places is None:
        places = [*_agencies(), *_areas()]
        cache.set("search:places", places, SECONDS)
    return places


def _agencies() -> Iterable[Place]:
    for key, *names in Agency.objects.order_by().values_list("pk", "code", "name", "name_en", "short_name"):
        yield Place(AGENCY, key, words_of(*names).split())


def _areas() -> Iterable[Place]:
    """A ward is found by its district's name as well."""
    rows = Area.objects.order_by().values_list("pk", "name", "parent__name", "parent__level")
    for key, name, above, level in rows:
        names = [name, above] if above and level != Area.Level.CITY else [name]
        yield Place(AREA, key, words_of(*names).split())
