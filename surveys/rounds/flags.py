"""What makes an answer worth a second look, found without keeping a time or an address. A flag removes nothing.

What comes from one network is compared in this process's memory alone, under the day's pseudonym of the throttle; of
an answer it holds a digest under a key that ends with the process.
"""

import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from secrets import token_bytes
from threading import Lock
from typing import Any

from complaints.public.throttle import spend
from surveys.questionnaires.asking import Questionnaire
from surveys.questionnaires.models import Question
from surveys.rounds.models import Flag, Round

LEAST_SCALES = 5  # below, the same step everywhere says nothing
SECONDS_A_QUESTION = 1.0
ALIKE_IN_A_ROW = 5
BURST_A_MINUTE = 12  # a counter's wifi has queues; what is above is looked at, and still counts
MOST_KEPT = 5_000

_lock = Lock()
_rows: OrderedDict[tuple[int, str], tuple[bytes, int]] = OrderedDict()


@cache
def _key() -> bytes:
    """Each process's own, made when it is asked for: what is loaded is the same in all of them."""
    return token_bytes(32)


def forget() -> None:
    """Tests begin with it."""
    with _lock:
        _rows.clear()


def of_answers(asked: Questionnaire, answers: Mapping[str, Any]) -> list[str]:
    """What the answers themselves show."""
    steps = [answers.get(each.key) for each in asked if each.question.type == Question.Type.SCALE]
    given = [step for step in steps if step is not None]
    return [Flag.STRAIGHT.value] if len(given) >= LEAST_SCALES and len(set(given)) == 1 else []


def of_speed(seconds: float, answers: Mapping[str, Any]) -> list[str]:
    return [Flag.FAST.value] if seconds < SECONDS_A_QUESTION * len(answers) else []


def of_network(row: Round, who: str, answers: Mapping[str, Any], now: datetime) -> list[str]:
    """`who`: the throttle's pseudonym of today."""
    found = of_row(row, who, answers)
    if spend(f"survey-burst-{row.pk}", who, BURST_A_MINUTE, now=now):
        found.append(Flag.BURST.value)
    return found


def of_row(row: Round, who: str, answers: Mapping[str, Any]) -> list[str]:
    """From the fifth alike in a row on."""
    text = json.dumps(answers, sort_keys=True)
    said = hmac.new(_key(), text.encode(), "sha256").digest()
    place = hmac.new(_key(), who.encode(), "sha256").hexdigest()
    with _lock:
        last, count = _rows.pop((row.pk, place), (b"", 0))
        count = count + 1 if last == said else 1
        _rows[row.pk, place] = (said, count)
        while len(_rows) > MOST_KEPT:
            _rows.popitem(last=False)
    return [Flag.ALIKE.value] if count >= ALIKE_IN_A_ROW else []
