"""Whole columns at once: a step of Python's for each value of a large city is what takes the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

CLOCK = "0001-01-02", "9999-12-30"  # what a clock of any time zone can still say, as in config/database.py
POSTGRES_BEGINS = "2000-01-01"


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


def is_known(values: Any) -> np.ndarray[Any, Any]:
    """Of moments, or of a list with None where there is nothing."""
    import numpy as np

    if isinstance(values, list):
        return np.array([value is not None for value in values], dtype=bool)
    known: np.ndarray[Any, Any] = ~np.isnat(values)
    return known


def whole(values: Sequence[int]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.array(values, dtype="int64")


def numbers(values: Sequence[int | None]) -> np.ndarray[Any, Any]:
    """Some of which are missing."""
    import numpy as np

    return np.array(values, dtype="float64")


def words(values: list[str]) -> Any:
    """As numbers, since few of them stand in many rows; the least word has the least."""
    import pandas as pd

    found: Any = pd.Categorical(pd.Series(values, dtype="object"))
    return found


def names(values: Sequence[str]) -> Any:
    """The same of words that all differ and are no longer than a pseudonym."""
    import numpy as np
    import pandas as pd

    called = np.array(values, dtype="U20")
    order = np.argsort(called)
    ranks: Any = np.empty(len(order), dtype="int32")
    ranks[order] = np.arange(len(order))
    return pd.Categorical.from_codes(ranks, pd.Index(called[order]))


def named(keys: np.ndarray[Any, Any], name: Callable[[int], str]) -> Any:
    """What each row is called, of which several may have the same key."""
    import numpy as np

    known, places = np.unique(keys, return_inverse=True)
    return names([name(key) for key in known.tolist()])[places]


def places_in(keys: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where each of the wanted lies among these keys, which all differ; -1: nowhere."""
    import pandas as pd

    places: np.ndarray[Any, Any] = pd.Index(keys).get_indexer(wanted)
    return places


def taken(column: Any, places: np.ndarray[Any, Any]) -> Any:
    """The values at these places of an array or a list."""
    return column[places] if hasattr(column, "dtype") else list(map(column.__getitem__, places.tolist()))


def only(columns: Sequence[Any], wanted: np.ndarray[Any, Any]) -> list[Any]:
    """Of each column the values of the wanted rows."""
    if wanted.all():
        return list(columns)
    return [taken(column, wanted.nonzero()[0]) for column in columns]


def joined(columns: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Each column with the other's after it."""
    import numpy as np

    return [
        np.concatenate([one, other]) if hasattr(one, "dtype") else [*one, *other]
        for one, other in zip(columns, others, strict=True)
    ]


def is_one_of(values: Sequence[str], known: set[str]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.fromiter((value in known for value in values), dtype=bool, count=len(values))


def last_by(
    keys: np.ndarray[Any, Any], case: Sequence[int], turn: Sequence[int], said: Sequence[str]
) -> list[str]:
    """Of each key what was said last, by turns; empty where nothing was."""
    import numpy as np

    places, order = places_in(keys, whole(case)), np.argsort(whole(turn), kind="stable")
    found = [""] * (len(keys) + 1)  # the last one is of none of them
    for n in order.tolist():
        found[places[n]] = said[n]
    return found[:-1]


def counted_by(keys: np.ndarray[Any, Any], case: Sequence[int], began: Any, ended: Any) -> tuple[Any, Any]:
    """Of each key how many there are, and for how many seconds those lasted that have an end."""
    import numpy as np

    places = places_in(keys, whole(case))
    is_own, size = places >= 0, len(keys)
    lasted = np.rint((ended - began) / np.timedelta64(1, "s"))
    lasted[np.isnat(ended)] = 0
    counts = np.bincount(places[is_own], minlength=size)
    return counts, np.bincount(places[is_own], lasted[is_own], size).astype("int64")


def spelled_moments(moments: np.ndarray[Any, Any]) -> list[bytes]:
    """As `iso` spells them, in the marks of JSON."""
    import numpy as np

    seconds = moments.astype("datetime64[s]")
    days = seconds.astype("datetime64[D]")
    known, places = np.unique(days, return_inverse=True)
    spelled = np.empty(len(moments), dtype=[("day", "S12"), ("time", "S10")])
    spelled["day"] = np.char.add(np.char.add(b'"', known.astype("S10")), b"T")[places]
    spelled["time"] = _times_of_day()[np.where(np.isnat(moments), 0, (seconds - days).astype("int64"))]
    found: list[bytes] = spelled.view("S22").tolist()
    for n in np.flatnonzero(np.isnat(moments)).tolist():
        found[n] = b"null"
    for n in np.flatnonzero((seconds != moments) & ~np.isnat(moments)).tolist():
        found[n] = b'"%bZ"' % str(moments[n]).encode()
    return found


@cache
def _times_of_day() -> np.ndarray[Any, Any]:
    """Each second of a day: 864 kB."""
    import numpy as np

    seconds = np.arange(24 * 3600).astype("datetime64[s]").astype("S19")
    return np.array([b'%bZ"' % text[11:] for text in seconds.tolist()], dtype="S10")
