"""Whole columns at once: a step of Python's for each value of a large city is what takes the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CLOCK = "0001-01-02", "9999-12-30"  # what a clock of any time zone can still say, as in config/database.py
POSTGRES_BEGINS = "2000-01-01"
NONE = -(2**63)  # no number
MARKS_AT_ONCE = 16
SECOND, DAY = 10**6, 24 * 3600  # in microseconds, in seconds


def moments_from_bytes(content: bytes) -> np.ndarray[Any, Any]:
    """As PostgreSQL sends them: microseconds since its year 2000. The least number is no moment, as numpy has it too.
    What no clock can say becomes the first or the last that one can."""
    import numpy as np

    since = np.frombuffer(content, dtype=">i8").astype("int64")
    first, last, begins = (np.datetime64(day, "us").astype("int64") for day in (*CLOCK, POSTGRES_BEGINS))
    is_known = since != np.iinfo("int64").min
    since[is_known] = np.clip(since[is_known], first - begins, last - begins) + begins
    return since.view("datetime64[us]")


def moments_from_texts(texts: Sequence[str | None]) -> np.ndarray[Any, Any]:
    """As SQLite has them, in UTC."""
    import numpy as np

    return np.array(texts, dtype="datetime64[us]")


def moments_from_datetimes(moments: Sequence[datetime | None]) -> np.ndarray[Any, Any]:
    import pandas as pd

    found: Any = pd.to_datetime(pd.Series(list(moments), dtype="object"), utc=True)
    moments_in_utc: np.ndarray[Any, Any] = found.dt.tz_localize(None).to_numpy("datetime64[us]")
    return moments_in_utc


def in_utc(moments: np.ndarray[Any, Any]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(moments, copy=False).dt.tz_localize("UTC")


def is_known(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Of moments, or of whole numbers."""
    known: np.ndarray[Any, Any] = values.view("int64") != NONE  # numpy has no moment as the same number
    return known


def whole(values: Sequence[int | None]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.array([NONE if value is None else value for value in values], dtype="int64")


def whole_from_bytes(content: bytes) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.frombuffer(content, dtype=">i8").astype("int64")


def numbers(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Some of which are missing."""
    import numpy as np

    return np.where(values == NONE, np.nan, values)


def words(values: Sequence[str]) -> Any:
    """As numbers, since few of them stand in many rows; the least word has the least."""
    import pandas as pd

    found: Any = pd.Categorical(pd.Series(values, dtype="object"))
    return found


def words_from_bytes(content: bytes) -> Any:
    """The same of words with a zero byte between them."""
    import numpy as np
    import pandas as pd

    codes, found = pd.factorize(np.array(content.split(b"\0"), dtype="object"))
    known = [word.decode() for word in found]
    ranks = np.empty(len(known), "int64")
    ranks[sorted(range(len(known)), key=known.__getitem__)] = range(len(known))
    return pd.Categorical.from_codes(ranks[codes], pd.Index(sorted(known)))


def names(values: Sequence[str]) -> Any:
    """The same of words that all differ and are no longer than a pseudonym."""
    import numpy as np
    import pandas as pd

    order = np.argsort(np.array(values, dtype="S20"))
    ranks: Any = np.empty(len(order), dtype="int32")
    ranks[order] = np.arange(len(order))
    return pd.Categorical.from_codes(ranks, pd.Index(np.array(values, dtype="object")[order], dtype="object"))


def distinct(keys: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Of each row which of the keys it has, and the keys."""
    import pandas as pd

    return pd.factorize(keys)


def table_of(size: int, places: Any, values: Any, otherwise: Any) -> np.ndarray[Any, Any]:
    """These values at these places, the last where there are several, and something else at all other places."""
    import numpy as np

    table = np.full(size, otherwise)
    table[places] = values
    return table


def called(keys: np.ndarray[Any, Any], words_of: Mapping[int | None, str]) -> Any:
    """The word of each of these keys, of which few stand in many rows."""
    return told(lambda key: words_of[None if key == NONE else key], keys)


def told(tell: Callable[..., str], *columns: Any) -> Any:
    """What is told of each row by its values in these columns: once of each combination."""
    which, one = combined(*columns)
    return words([tell(*row) for row in zip(*(column[one].tolist() for column in columns), strict=True)])[
        which
    ]


def combined(*columns: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Which combination of values in these columns each row has, and of each combination the place of one row."""
    import numpy as np
    import pandas as pd

    which, found = np.zeros(len(columns[0]), "int64"), np.zeros(1)
    for n, column in enumerate(columns, 1):
        is_mark = column.dtype == bool
        codes, known = (column, "01") if is_mark else pd.factorize(column, use_na_sentinel=False)
        which = which * len(known) + codes
        if not is_mark or n % MARKS_AT_ONCE == 0 or n == len(columns):  # so that it stays in its bounds
            which, found = pd.factorize(which)
    one = np.empty(len(found), "int64")
    one[which] = np.arange(len(which))
    return which, one


def where(is_so: Any, one: Any, other: Any) -> np.ndarray[Any, Any]:
    import numpy as np

    chosen: np.ndarray[Any, Any] = np.where(is_so, one, other)
    return chosen


def places_in(keys: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where each of the wanted lies among these keys, which all differ; -1: nowhere."""
    import pandas as pd

    places: np.ndarray[Any, Any] = pd.Index(keys).get_indexer(wanted)
    return places


def numbered(*columns: pd.Series[Any]) -> tuple[list[np.ndarray[Any, Any]], int]:
    """Each of these columns of words as numbers from 0 on, of which every word has its own; and how many there are."""
    import numpy as np
    import pandas as pd

    if isinstance(columns[0].dtype, pd.CategoricalDtype):
        known = columns[0].cat.categories
        if all(getattr(each.dtype, "categories", None) is known for each in columns):
            return [each.cat.codes.to_numpy() for each in columns], len(known)
    codes, found = pd.factorize(pd.concat([each.astype("object") for each in columns]), use_na_sentinel=False)
    return np.split(codes, np.cumsum([len(each) for each in columns])[:-1]), len(found)


def ruled(*rules: tuple[Any, str], otherwise: Any = None) -> Any:
    """Of each row the word of the last rule that is true of it; where none is, the one that it has."""
    import numpy as np
    import pandas as pd

    own = pd.Categorical(otherwise) if otherwise is not None else None
    known = list(
        dict.fromkeys([*(own.categories if own is not None else ()), *(word for _rule, word in rules)])
    )
    codes = own.codes.astype("int64") if own is not None else np.full(len(rules[0][0]), -1)
    for rule, word in rules:
        codes[np.asarray(rule, dtype=bool)] = known.index(word)
    return pd.Categorical.from_codes(codes, pd.Index(known))


def only(columns: Sequence[Any], wanted: np.ndarray[Any, Any]) -> list[Any]:
    """Of each column the values of the wanted rows."""
    return list(columns) if wanted.all() else [column[wanted] for column in columns]


def joined(columns: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Each column of numbers, moments or words with the other's after it."""
    import numpy as np
    import pandas as pd

    return [
        words([*one, *other]) if isinstance(one, pd.Categorical) else np.concatenate([one, other])
        for one, other in zip(columns, others, strict=True)
    ]


def last_by(keys: np.ndarray[Any, Any], case: Any, turn: Any, said: Any) -> Any:
    """Of each key the word that was said last, by turns; empty where nothing was."""
    import numpy as np
    import pandas as pd

    places, order = places_in(keys, case), np.argsort(turn, kind="stable")
    found = np.zeros(len(keys) + 1, "int64")  # the last one is of none of them
    found[places[order]] = said.codes[order] + 1
    return pd.Categorical.from_codes(found[:-1], pd.Index(["", *said.categories]))


def counted_by(keys: np.ndarray[Any, Any], case: Any, began: Any, ended: Any) -> tuple[Any, Any]:
    """Of each key how many there are, and for how many seconds those lasted that have an end."""
    import numpy as np

    places = places_in(keys, case)
    is_own, size = places >= 0, len(keys)
    lasted = np.rint((ended - began) / np.timedelta64(1, "s"))
    lasted[np.isnat(ended)] = 0
    counts = np.bincount(places[is_own], minlength=size)
    return counts, np.bincount(places[is_own], lasted[is_own], size).astype("int64")


def spelled_moments(moments: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """As `iso` spells them, in the marks of JSON."""
    import numpy as np

    is_known = ~np.isnat(moments)
    since = np.where(is_known, moments.view("int64"), 0)
    seconds = since // SECOND
    days = seconds // DAY
    spelled = np.empty(len(moments), dtype=[("day", "S12"), ("time", "S10")])
    spelled["day"] = _days(days)
    spelled["time"] = _times_of_day()[seconds - days * DAY]
    found: np.ndarray[Any, Any] = spelled.view("S22")
    has_more = seconds * SECOND != since
    if has_more.any():
        found = found.astype("S29")
        found[has_more] = np.char.add(np.char.add(b'"', moments[has_more].astype("S26")), b'Z"')
    found[~is_known] = b"null"
    return found


def _days(days: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Days since 1970 as a moment begins with them. Each is spelled once."""
    import numpy as np
    import pandas as pd

    places, known = pd.factorize(days)
    texts = [b'"%bT' % day for day in known.astype("datetime64[D]").astype("S10").tolist()]
    return np.array(texts, dtype="S12")[places]


@cache
def _times_of_day() -> np.ndarray[Any, Any]:
    """Each second of a day: 864 kB."""
    import numpy as np

    seconds = np.arange(24 * 3600).astype("datetime64[s]").astype("S19")
    return np.array([b'%bZ"' % text[11:] for text in seconds.tolist()], dtype="S10")
