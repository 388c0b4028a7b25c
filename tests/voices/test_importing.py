"""A discussion that was held elsewhere is taken over whole, whatever the order of its lines."""

from datetime import UTC, datetime
from io import StringIO
from itertools import permutations
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from surveys.forums.inputs.services.importing import Line, _parents_first
from surveys.forums.models import ForumInput
from tests.voices.people import make_forum

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def line(key: str, parent: str = "", thread: str = "") -> Line:
    return Line(key, key, AT, parent, thread=thread)


def test_what_is_replied_to_comes_first_in_whatever_order_the_lines_are() -> None:
    lines = [line("a"), line("b", "a"), line("c", "b"), line("d", "gone", "a"), line("e", "e")]
    for order in permutations(lines):
        places = {each.key: place for place, each in enumerate(_parents_first(order))}
        assert len(places) == 5
        assert places["a"] < places["b"] < places["c"] and places["a"] < places["d"]


def test_a_ring_of_replies_is_taken_over_once() -> None:
    assert sorted(each.key for each in _parents_first([line("a", "b"), line("b", "c"), line("c", "a")])) == [
        "a",
        "b",
        "c",
    ]


@pytest.mark.django_db
def test_a_reply_whose_parent_is_gone_stands_below_its_thread_or_alone_and_says_so(tmp_path: Path) -> None:
    forum = make_forum()
    file = tmp_path / "thread.csv"
    file.write_text(
        "key,parent,at,text,thread,supports\n"
        "r,gone,2026-11-20T10:00,Setuju,h,\nh,,2026-11-20T09:00,Loket,,7\nx,gone,2026-11-20T10:00,Sendiri,,\n"
    )
    out = StringIO()
    call_command("import_thread", str(file), forum=forum.code, json=True, stdout=out)
    assert '"without_parent": 2' in out.getvalue() and '"created": 3' in out.getvalue()
    reply = ForumInput.objects.get(words__text="Setuju")
    head = ForumInput.objects.get(words__text="Loket")
    alone = ForumInput.objects.get(words__text="Sendiri")
    assert (reply.parent, reply.parent_lost, head.supports_elsewhere) == (head, True, 7)
    assert (alone.parent, alone.parent_lost, alone.state) == (None, True, "waiting")
    file.write_text("key,parent,at,text,supports\na,,2026-11-20T10:00,x,-3\n")
    with pytest.raises(CommandError, match="no number of supports"):
        call_command("import_thread", str(file), forum=forum.code)
