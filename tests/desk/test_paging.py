"""A queue read page by page loses no row and shows none twice, whatever happens to other rows meanwhile."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from complaints.models import Complaint
from complaints.paging import BadCursor, Cursor, Order, page_of
from tests.factories import FRIDAY, file_complaint

BY_DUE = Order("due_at")
MOST_PAGES = 30  # a list that never ends is a failure too
NEWEST = Order("received_at", newest_first=True)
KEPT_OR_NOT = st.sampled_from([None, "all cases"])  # whether the statement of a page is put together once


class WalkThroughTheQueue(TestCase):
    """Twelve cases, four of which fall due at one moment; between pages some of the others move or leave."""

    def setUp(self):
        self.keys = [file_complaint(FRIDAY).pk for _ in range(12)]

    def place(self, hours):
        for pk, offset in zip(self.keys, hours, strict=True):
            due = FRIDAY + timedelta(hours=offset)
            Complaint.objects.filter(pk=pk).update(due_at=due, received_at=due)

    @settings(max_examples=40)
    @given(
        hours=st.lists(st.integers(0, 4), min_size=12, max_size=12),
        size=st.integers(1, 5),
        moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 9)), max_size=8),
        order=st.sampled_from([BY_DUE, NEWEST]),
        key=KEPT_OR_NOT,
    )
    def test_rows_that_stay_are_seen_exactly_once(self, hours, size, moves, order, key):
        self.place(hours)
        steady = self.keys[6:]
        seen, cursor = [], None
        for _page in range(MOST_PAGES):
            page = page_of(Complaint.objects.all(), order, cursor, size, key=key)
            seen += [row.pk for row in page.rows]
            if not page.next:
                break
            cursor = Cursor.decode(page.next)
            if moves:
                which, offset = moves.pop()
                due = FRIDAY + timedelta(hours=offset)
                Complaint.objects.filter(pk=self.keys[which]).update(due_at=due, received_at=due)
        assert sorted(pk for pk in seen if pk in steady) == steady

    @settings(max_examples=40)
    @given(
        hours=st.lists(st.integers(0, 4), min_size=12, max_size=12), size=st.integers(1, 5), key=KEPT_OR_NOT
    )
    def test_going_back_shows_the_page_one_came_from(self, hours, size, key):
        self.place(hours)
        pages, cursor = [], None
        for _page in range(MOST_PAGES):
            page = page_of(Complaint.objects.all(), BY_DUE, cursor, size, key=key)
            pages.append(page)
            if not page.next:
                break
            cursor = Cursor.decode(page.next)
        for before, after in pairwise(pages):
            back = page_of(Complaint.objects.all(), BY_DUE, Cursor.decode(after.previous), size, key=key)
            assert [row.pk for row in back.rows] == [row.pk for row in before.rows]
            assert bool(back.previous) == bool(before.previous)
        assert pages[0].previous == ""
        ordered = Complaint.objects.order_by("due_at", "pk").values_list("pk", flat=True)
        assert [row.pk for page in pages for row in page.rows] == list(ordered)


@given(
    at=st.datetimes(
        min_value=FRIDAY.replace(tzinfo=None, year=1990), max_value=FRIDAY.replace(tzinfo=None, year=2900)
    ).map(lambda at: at.replace(tzinfo=FRIDAY.tzinfo)),
    pk=st.integers(1, 2**63 - 1),
    backwards=st.booleans(),
)
def test_a_cursor_says_what_was_put_into_it(at, pk, backwards):
    cursor = Cursor(at, pk, backwards)
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text(max_size=80))
def test_anything_else_is_no_cursor(text):
    try:
        cursor = Cursor.decode(text)
    except BadCursor:
        return
    assert cursor.encode() == text


@pytest.mark.parametrize(
    "text", ["x", "Zi4xLjE=", "Zi4xLi0x", "\0", "ä", "A" * 61, "Zi45OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE"]
)
def test_what_cannot_be_a_place_in_the_list_is_refused(text):
    with pytest.raises(BadCursor):
        Cursor.decode(text)
