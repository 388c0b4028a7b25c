"""How long the index of many answers takes, beside the least that nine sums over them cost in plain Python.

python -m bench.survey_index [ANSWERS]
"""

import json
import sys
from random import Random
from time import perf_counter

from surveys.index.columns import ELEMENTS
from surveys.index.counting import answers_frame, count
from surveys.index.figures import index_of

ANSWERS = 100_000


def main(answers: int = ANSWERS) -> None:
    random = Random(1)
    texts = [
        json.dumps({key: random.choice((1, 2, 3, 3, 4, 4)) for key in ELEMENTS if random.random() > 0.02})
        for _ in range(answers)
    ]
    count(answers_frame([json.loads(texts[0])], ELEMENTS), {key: key for key in ELEMENTS})  # pandas is loaded

    begun = perf_counter()
    sums = dict.fromkeys(ELEMENTS, 0)
    for text in texts:
        for key, step in json.loads(text).items():
            sums[key] += step
    least = perf_counter() - begun

    begun = perf_counter()
    frame = answers_frame((json.loads(text) for text in texts), ELEMENTS)
    index = index_of(count(frame, {key: key for key in ELEMENTS}))
    taken = perf_counter() - begun
    assert sum(sums.values()) == sum(int(each.mean * each.answered) for each in index.elements if each.mean)
    print(
        json.dumps({"answers": answers, "seconds": taken, "nine_sums_seconds": least, "ratio": taken / least})
    )


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
