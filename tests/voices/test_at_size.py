"""A discussion of thousands stays quick: the real one of another city, 80 proposals and 5,633 comments."""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.ledger.verify import verify_ledger
from surveys.forums.inputs.services.importing import Line, import_thread
from surveys.forums.models import Forum, ForumInput
from tests.module_rows import ModuleRows
from tests.shared import shared_data
from tests.voices.people import make_forum

MOST_QUERIES = 10


def madrid() -> Iterator[Line]:
    """Proposals as contributions, comments as replies, the latest first. Of 268 what they reply to was gone there."""
    with shared_data("forum", "decide_madrid_proposals.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
            text = f"{row['title']}\n{row['summary']}"
            yield Line(f"p{row['id']}", text, at, "", row["userId"], supports=int(row["numSupports"]))
    with gzip.open(shared_data("forum", "decide_madrid_comments.csv.gz"), "rt", encoding="utf-8") as file:
        comments = list(csv.DictReader(file))
    for row in reversed(comments):
        at = datetime.fromisoformat(f"{row['date']} {row['time'].rpartition(' ')[2]}").replace(tzinfo=UTC)
        head = f"p{row['proposalId']}"
        parent = head if row["parentId"] == "-1" else f"c{row['parentId']}"
        yield Line(f"c{row['id']}", row["text"], at, parent, row["userId"], head)


def make_thread() -> Forum:
    shared_data("forum")
    forum = make_forum()
    import_thread(forum, madrid(), actor=None, now=datetime(2026, 11, 20, 3, tzinfo=UTC))
    return forum


@pytest.fixture(scope="module")
def made(module_rows: ModuleRows) -> Forum:
    return module_rows.make(make_thread)


pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("made")]


def test_it_is_all_there_once_and_proven(made: Forum, client: Client) -> None:
    assert ForumInput.objects.filter(parent=None).count() == 80
    assert ForumInput.objects.filter(parent__isnull=False).count() == 5633
    again = import_thread(made, madrid(), actor=None, now=datetime(2026, 11, 20, 3, tzinfo=UTC))
    assert (again.created, again.read, again.duplicates) == (0, 80 + 5633, 80 + 5633)
    assert verify_ledger(files=False).ok
    lost = ForumInput.objects.filter(parent_lost=True)
    assert lost.count() == 268 and not lost.filter(parent=None).exists()
    page = client.get(f"/forums/{made.code}/thread/{lost[0].root.number}/").content.decode()
    assert "Menanggapi sesuatu yang tidak ikut diambil alih" in page


def test_the_most_supported_elsewhere_stands_first_and_its_supports_are_not_ours(
    made: Forum, client: Client
) -> None:
    first = client.get(f"/forums/{made.code}/thread/").context["page"].entries[0].row
    most = max(ForumInput.objects.filter(parent=None).values_list("supports_elsewhere", flat=True))
    assert (first.supports, first.supports_elsewhere) == (0, most) and most > 1000


@pytest.mark.parametrize("order", ["support", "new"])
def test_each_page_takes_a_few_queries(made: Forum, client: Client, order: str) -> None:
    after, pages, seen = "", 0, set[str]()
    while pages == 0 or after:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(f"/forums/{made.code}/thread/", {"order": order, "after": after})
        assert len(queries) <= MOST_QUERIES
        seen |= {entry.row.number for entry in page.context["page"].entries}
        after, pages = page.context["page"].next, pages + 1
    assert (pages, len(seen)) == (4, 80)


def test_the_longest_discussion_is_read_to_its_end(made: Forum, client: Client) -> None:
    busiest = max(
        ForumInput.objects.filter(parent=None), key=lambda row: ForumInput.objects.filter(root=row).count()
    )
    count, after, seen = ForumInput.objects.filter(root=busiest).count(), "", list[int]()
    while len(seen) < count:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/forums/{made.code}/thread/{busiest.number}/", {"after": after})
        assert len(queries) <= MOST_QUERIES
        seen += [row.pk for row in page.context["page"].entries[0].replies]
        after = page.context["page"].next
    assert after == "" and len(set(seen)) == count
