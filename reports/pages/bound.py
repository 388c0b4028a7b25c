"""What people add to a report before it is published, and what the paper says of itself then."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What was remarked beside a figure, and what the city says to it."""

    figure: str  # its code
    question: str
    answer: str


@dataclass(frozen=True)
class Bound:
    """In the language of the paper. `sentences`: other words for sentences of the summary, by their key."""

    code: str
    version: int
    check_url: str
    sentences: dict[str, str] = field(default_factory=dict)
    foreword: str = ""
    foreword_language: str = ""  # where it is in another than the paper
    signed_by: str = ""
    answers: tuple[Answer, ...] = ()
