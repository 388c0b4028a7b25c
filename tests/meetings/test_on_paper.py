"""Published minutes as PDF: made once by the worker, for everybody, and never of a text that is not what was signed."""

import io

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from complaints.ledger.checkpoints import make_checkpoint
from reports.minutes import mending
from reports.minutes.models import MinutesPaper, PaperState
from reports.minutes.printing import print_minutes
from surveys.forums.meetings.models.minutes import Minutes
from surveys.forums.meetings.services import minutes, signing
from tests.meetings.people import HOUR, behind_everybodys_back, head, officer
from tests.meetings.test_minutes import AFTER, circulated, objection, over, signed
from tests.shared import on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english"), pytest.mark.long]


def test_the_worker_prints_what_was_published_and_everybody_fetches_it(client: Client) -> None:
    row = signed()
    url = reverse("reports:minutes-pdf", args=[row.forum.code])
    assert print_minutes(over(row)) == 0  # signed, and not published yet
    published = minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    assert client.get(url).status_code == 404
    make_checkpoint(over(row))
    assert [print_minutes(over(row)), print_minutes(over(row))] == [1, 0]
    page = client.get(reverse("surveys:forum-minutes", args=[row.forum.code])).content.decode()
    assert url in page
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.Root.Lang) == "id"
        assert "/StructTreeRoot" in pdf.Root
    assert published.forum_id == row.forum_id


def test_the_worker_prints_no_text_that_is_not_what_was_signed() -> None:
    row = signed()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    behind_everybodys_back("minutesversion", summary="Lain.")
    now = over(row)
    for _try in range(4):
        print_minutes(now)
        now += HOUR
    paper = MinutesPaper.objects.get()
    assert (paper.state, paper.last_error) == (PaperState.FAILED, "Altered")


def test_a_file_that_was_changed_is_not_handed_out(client: Client) -> None:
    row = signed()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    print_minutes(over(row))
    on_disk(MinutesPaper.objects.get().stored).write_bytes(b"%PDF-1.7 lain")
    assert client.get(reverse("reports:minutes-pdf", args=[row.forum.code])).status_code == 404


def objected() -> Minutes:
    """Signed, with an objection and its answer."""
    row = circulated()
    forum, answer = row.forum.pk, "Benar."
    minutes.answer_objection(forum, objection(row).pk, actor=officer(), now=AFTER + HOUR, answer=answer)
    signing.name_representative(forum, actor=officer(), now=AFTER, name="Beni", capacity="warga")
    signing.sign_for_provider(forum, actor=head(), now=over(row))
    row.refresh_from_db()
    signing.sign_by_link(row, now=over(row))
    row.refresh_from_db()
    return row


def test_a_lost_file_comes_back_and_words_that_were_taken_out_do_not(client: Client) -> None:
    row = objected()
    minutes.publish(row.forum.pk, actor=officer(), now=over(row))
    make_checkpoint(over(row))
    print_minutes(over(row))
    make_checkpoint(over(row) + HOUR)
    paper = MinutesPaper.objects.get()
    path, url = on_disk(paper.stored), reverse("reports:minutes-pdf", args=[row.forum.code])
    was = path.read_bytes()
    path.unlink()
    assert list(mending.files_missing(over(row))) == [row.forum.code]
    assert "cannot be handed out just now" in client.get(url).content.decode()
    assert list(mending.put_back(over(row))) == [(row.forum.code, "put_back")] and path.read_bytes() == was
    assert print_minutes(over(row)) == 0
    minutes.erase_objection(row.forum.pk, row.objections.get().pk, actor=officer(), now=over(row))
    assert client.get(url).status_code == 404, "not handed out from then on"
    assert print_minutes(over(row)) == 1 and path.read_bytes() != was
    assert print_minutes(over(row)) == 0
    assert client.get(url).status_code == 200
