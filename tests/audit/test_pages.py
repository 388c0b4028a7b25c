"""The pages of audits: for supervisors, blind where they must be, and as quick for fifty cases as for five."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from complaints.models import Complaint, EventContent
from complaints.models.party import ReportedParty
from config.fixtures import load_city
from escalation.audits import sampling
from escalation.audits.models import AuditChecklist, AuditReview, AuditSample
from escalation.audits.services import agree
from tests import factories
from tests.audit.people import (
    NOW,
    checklist,
    drawn,
    file_cases,
    numbers,
    review,
    review_all,
    says,
    supervisor,
)

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("in_english")]

READ = ["detail", "frame", "results", "results-csv", "answers-csv"]


def url(name: str, *args: object) -> str:
    return reverse(f"escalation:audit-{name}", args=args)


@pytest.fixture
def sample() -> AuditSample:
    file_cases(7)
    return drawn(7)


@pytest.fixture
def twice(sample: AuditSample) -> str:
    return numbers(sample, twice=True)[0]


def signed_in(who: str) -> Client:
    client = Client()
    client.force_login(supervisor(who))
    return client


def ticked(**said: str) -> dict[str, str]:
    return {"q_complete": "yes", "q_polite": "yes", "severity": "none", "words": ""} | said


ROLES = [role for role in Role if role not in (Role.CITIZEN, Role.SYSTEM)]


@pytest.mark.parametrize("role", ROLES)
def test_only_a_supervisor_reaches_the_pages(sample: AuditSample, twice: str, role: Role) -> None:
    client = Client()
    client.force_login(supervisor("Tiga") if role == Role.SUPERVISOR else factories.make_user(role))
    expected = 200 if role == Role.SUPERVISOR else 403
    gets = [
        url("list"),
        url("new"),
        *(url(name, sample.pk) for name in READ),
        url("review", sample.pk, twice),
    ]
    assert {path: client.get(path).status_code for path in gets} == dict.fromkeys(gets, expected)
    # The third supervisor has no part in this sample, so that writing is refused to them as well.
    assert client.post(url("review", sample.pk, twice), ticked(final="1")).status_code == 403
    assert client.get(url("agree", sample.pk, twice)).status_code == 405
    assert client.post(url("agree", sample.pk, twice), {"words": "x"}).status_code == 403
    assert client.get(url("release", sample.pk, twice)).status_code == 405
    nothing_stuck = 409 if role == Role.SUPERVISOR else 403
    assert client.post(url("release", sample.pk, twice)).status_code == nothing_stuck
    assert client.post(url("new"), {"draw": "1"}).status_code == (422 if role == Role.SUPERVISOR else 403)
    assert not AuditReview.objects.exists()


def test_nobody_signed_out_reaches_them(sample: AuditSample, twice: str) -> None:
    paths = [url("list"), url("new"), *(url(name, sample.pk) for name in READ)]
    paths += [url("review", sample.pk, twice)]
    for path in paths:
        answer = Client().get(path)
        assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("name", READ)
def test_reading_pages_refuse_to_be_written_to_and_unknown_samples_are_missing(sample, name) -> None:
    client = signed_in("Sari")
    assert client.post(url(name, sample.pk)).status_code == 405
    assert client.get(url(name, sample.pk + 1)).status_code == 404


def hide(number: str, who: str) -> None:
    """The case is about them."""
    case = Complaint.objects.get(number=number)
    ReportedParty.objects.create(complaint=case, user=supervisor(who), named_at=NOW)


def test_a_case_outside_the_scope_or_the_sample_is_missing(sample, twice) -> None:
    (other,) = file_cases(1)
    client = signed_in("Sari")
    assert client.get(url("review", sample.pk, other.number)).status_code == 404
    assert client.get(url("review", 10**25, twice)).status_code == 404
    hide(twice, "Sari")
    assert client.get(url("review", sample.pk, twice)).status_code == 404
    assert twice not in client.get(url("frame", sample.pk)).content.decode().split()
    assert client.post(url("review", sample.pk, twice), ticked(final="1")).status_code == 404
    assert client.post(url("agree", sample.pk, twice), {"words": "x"}).status_code == 404
    assert twice not in client.get(url("detail", sample.pk)).content.decode()


def test_counting_says_how_many_are_needed_and_draws_nothing() -> None:
    file_cases(4)
    checklist(), supervisor("Lena")
    client = signed_in("Sari")
    form = {"basis": "received", "first": "2026-11-01", "last": "2026-11-20", "size": "3"}
    page = client.post(url("new"), form | {"count": "1"})
    assert page.status_code == 200 and "4 cases to draw from" in page.content.decode()
    assert not AuditSample.objects.exists()
    assert client.post(url("new"), form | {"draw": "1"}).status_code == 422  # a second reviewer is needed
    asked = form | {"draw": "1", "second": str(supervisor("Lena").pk)}
    answer = client.post(url("new"), asked)
    sample = AuditSample.objects.get()
    assert answer["Location"] == url("detail", sample.pk)
    assert sample.is_waiting and not numbers(sample)
    again = client.post(url("new"), asked)
    assert again.status_code == 409 and "announced this draw already" in again.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": "2026-10-31"},
        {"last": "2199-01-01"},
        {"first": "2001-01-01"},
        {"first": "0001-01-01", "last": "0001-02-01"},
        {"size": "0"},
        {"size": "501"},
        {"basis": "dreamt"},
        {"category": "nothing"},
    ],
)
def test_a_form_filled_in_wrong_comes_back(wrong: dict[str, str]) -> None:
    file_cases(1)
    form = {"basis": "received", "first": "2026-11-01", "last": "2026-11-20", "size": "3"}
    assert signed_in("Sari").post(url("new"), form | wrong | {"count": "1"}).status_code == 422


def test_the_page_says_all_that_draws_it_again(sample: AuditSample) -> None:
    page = signed_in("Tiga").get(url("detail", sample.pk)).content.decode()
    assert sample.seed in page and sample.frame_digest in page and "sha256sum" in page
    listed = re.findall(r"/cases/([A-Z0-9-]+)/", page[page.index("<table") :])
    assert listed == numbers(sample)
    frame = signed_in("Tiga").get(url("frame", sample.pk))
    assert frame.content.decode() == sample.frame_text
    assert frame["Cache-Control"] == "private, no-store" and "attachment" in frame["Content-Disposition"]


def test_a_draft_is_kept_for_its_writer_and_then_made_final(sample: AuditSample, twice: str) -> None:
    path, client = url("review", sample.pk, twice), signed_in("Sari")
    assert client.post(path, ticked(q_polite="", words="Kenari", draft="1")).status_code == 302
    assert "Kenari" in client.get(path).content.decode()
    assert "Kenari" not in signed_in("Lena").get(path).content.decode()
    missing = client.post(path, ticked(q_polite="", final="1"))
    assert missing.status_code == 422 and not AuditReview.objects.get().is_final
    assert client.post(path, ticked(severity="minor", words="", final="1")).status_code == 422
    assert client.post(path, ticked(final="1"))["Location"] == url("detail", sample.pk)
    assert AuditReview.objects.get().is_final
    again = client.post(path, ticked(q_polite="no", final="1"))
    assert again.status_code == 409 and AuditReview.objects.get().answers["polite"] == "yes"


@pytest.mark.parametrize("reader", ["Lena", "Tiga"])
def test_no_page_shows_a_first_review_before_the_second_is_final(sample, twice, reader) -> None:
    review(sample, twice, "Sari", says(complete="no", severity="grave", words="Kenari tiga"))
    client = signed_in(reader)
    case_pages = [
        reverse("complaints:case-detail", args=[twice]),
        reverse("complaints:case-print", args=[twice]),
    ]
    pages = [url("list"), url("review", sample.pk, twice), *(url(name, sample.pk) for name in READ)]
    for path in [*pages, *case_pages]:
        text = client.get(path).content.decode()
        assert "Kenari" not in text and "Grave: <strong>" not in text, path
    assert twice not in client.get(url("answers-csv", sample.pk)).content.decode()
    review(sample, twice, "Lena", says())
    assert "Kenari tiga" in client.get(url("review", sample.pk, twice)).content.decode()
    assert "Kenari tiga" in client.get(url("results", sample.pk)).content.decode()


def test_reviewers_agree_on_the_page_where_they_differ(sample: AuditSample, twice: str) -> None:
    review(sample, twice, "Sari", says(complete="no"))
    review(sample, twice, "Lena", says())
    client, path = signed_in("Sari"), url("review", sample.pk, twice)
    assert url("agree", sample.pk, twice) in client.get(path).content.decode()
    assert url("agree", sample.pk, twice) not in signed_in("Tiga").get(path).content.decode()
    post = {"q_complete": "na", "words": "Tidak ada butir kedua"}
    assert client.post(url("agree", sample.pk, twice), post | {"words": ""}).status_code == 422
    assert client.post(url("agree", sample.pk, twice), post)["Location"] == path
    page = client.get(path).content.decode()
    assert "Tidak ada butir kedua" in page and url("agree", sample.pk, twice) not in page
    assert client.post(url("agree", sample.pk, twice), post).status_code == 409


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.content.decode(), newline="")))


def test_the_figures_can_be_counted_again_from_the_answers(sample: AuditSample) -> None:
    order = numbers(sample)
    for place, number in enumerate(order):
        review(sample, number, "Sari", says(complete="no" if place % 3 == 0 else "yes"))
    for number in numbers(sample, twice=True):
        review(sample, number, "Lena", says())
    agree(sample.pk, order[0], actor=supervisor("Sari"), now=NOW, answers={"complete": "na"}, words="Ya")
    client = signed_in("Tiga")
    results, answers = (
        rows(client.get(url("results-csv", sample.pk))),
        rows(client.get(url("answers-csv", sample.pk))),
    )
    assert [row["question"] for row in results] == ["complete", "polite"]
    for row in results:
        given = [line for line in answers if line["question"] == row["question"]]
        for answer in ("yes", "no", "na"):
            assert int(row[answer]) == sum(line["counted"] == answer for line in given)
        pairs = [(line["first"], line["second"]) for line in given if line["second"]]
        assert int(row["reviewed_twice"]) == len(pairs) == 5
        assert int(row["same_answer"]) == sum(a == b for a, b in pairs)
        assert float(row["share_yes"]) == int(row["yes"]) / (int(row["yes"]) + int(row["no"]))
        assert (row["seed"], row["frame_sha256"]) == (sample.seed, sample.frame_digest)
    assert [line["number"] for line in answers[::2]] == order
    assert results[0]["unsettled"] == "1"


def test_the_files_hold_no_name_and_no_word_that_somebody_wrote(sample: AuditSample) -> None:
    review_all(sample, says(severity="minor", words="Kenari lima"))
    for name in ("results-csv", "answers-csv", "frame"):
        text = signed_in("Tiga").get(url(name, sample.pk)).content.decode()
        assert not any(word in text for word in ("Kenari", "Sari", "Lena", "Jalan", "@"))


def test_the_results_page_says_shares_margins_and_agreement(sample: AuditSample) -> None:
    review_all(sample, says(polite="no", severity="minor", words="Nadanya kasar"))
    page = signed_in("Tiga").get(url("results", sample.pk)).content.decode()
    assert "7 of 7" in page and "0 of 7" in page and "5 of 5" in page
    shown = page.partition('id="main"')[2].partition("</main>")[0]
    assert "7 of 7" in shown
    assert "%" not in shown.replace("95 %", "")  # of fewer than twenty nothing is said in per cent
    assert "Both always gave the same one answer, so kappa cannot be computed." in page
    assert page.count("Nadanya kasar") == 12
    EventContent.objects.all().delete()
    assert "These words were erased." in signed_in("Tiga").get(url("results", sample.pk)).content.decode()


def test_what_was_found_in_a_hidden_case_is_not_counted_for_its_reader_either(sample) -> None:
    hidden, *others = numbers(sample, twice=False)
    review(sample, hidden, "Sari", says(severity="grave", words="Kenari enam"))
    for number in others:
        review(sample, number, "Sari", says(severity="minor", words="Lihat berkas"))
    client, path = signed_in("Tiga"), url("results", sample.pk)
    whole = client.get(path).content.decode()
    assert "Grave: <strong>1</strong>" in whole
    hide(hidden, "Tiga")
    page = client.get(path).content.decode()
    assert "Grave" not in page and "Kenari" not in page and "Minor: <strong>" in page
    AuditReview.objects.exclude(item__complaint__number=hidden).delete()
    page = client.get(path).content.decode()
    assert "0 of 6 cases are reviewed to the end" in page and "Share of yes" not in page


def test_whoever_stands_aside_from_a_drawn_case_sees_the_draw_without_it(sample) -> None:
    """Counts, ranks, list and digest are those of the same draw had there been no such case."""
    review_all(sample)
    order = numbers(sample)
    gone = order[2]
    hide(gone, "Tiga")
    client = signed_in("Tiga")
    frame = client.get(url("frame", sample.pk)).content.decode()
    rest = [number for number in order if number != gone]
    assert gone not in frame
    assert sampling.draw(sampling.numbers_in(frame), len(rest), sample.seed) == rest
    page = client.get(url("detail", sample.pk)).content.decode()
    shown = re.findall(r'data-label="Drawn as">(\d+)<', page)
    assert [int(rank) for rank in shown] == list(range(1, len(rest) + 1))
    assert f"SIZE={len(rest)}" in page and gone not in page
    assert sampling.frame_digest(frame) == sample.frame_digest and sample.frame_digest in page
    assert f"6 of {sample.frame_size - 1}" in client.get(url("list")).content.decode()
    results = rows(client.get(url("results-csv", sample.pk)))
    assert {(row["sample_size"], row["reviewed"], row["reviewed_twice"]) for row in results} == {
        ("6", "6", "4")
    }
    answers = rows(client.get(url("answers-csv", sample.pk)))
    assert [int(row["rank"]) for row in answers[::2]] == list(range(1, 7))
    assert sample.frame_digest in signed_in("Sari").get(url("detail", sample.pk)).content.decode()


def test_a_sample_of_hidden_cases_alone_does_not_exist(sample) -> None:
    for number in numbers(sample):
        hide(number, "Tiga")
    client = signed_in("Tiga")
    assert f"Audit {sample.pk}" not in client.get(url("list")).content.decode()
    assert {client.get(url(name, sample.pk)).status_code for name in READ} == {404}


def test_before_the_first_review_is_done_there_are_no_figures(sample: AuditSample) -> None:
    client = signed_in("Tiga")
    page = client.get(url("results", sample.pk)).content.decode()
    assert "0 of 7 cases are reviewed to the end" in page and "Share of yes" not in page
    assert {row["share_yes"] for row in rows(client.get(url("results-csv", sample.pk)))} == {""}


def test_pages_ask_as_little_for_many_cases_as_for_few() -> None:
    def asked(sample: AuditSample) -> dict[str, int]:
        client, found = signed_in("Sari"), {}
        paths = {name: url(name, sample.pk) for name in READ} | {"list": url("list"), "new": url("new")}
        paths["review"] = url("review", sample.pk, numbers(sample)[0])
        for name, path in paths.items():
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found[name] = len(queries)
        return found

    file_cases(5)
    few = drawn(5)
    review_all(few, says(polite="no", severity="minor", words="Lihat berkas"))
    first = asked(few)
    file_cases(45)
    many = drawn(50)
    review_all(many, says(polite="no", severity="minor", words="Lihat berkas"))
    assert asked(many) == first
    assert max(first.values()) <= 15, first


def test_the_checklist_of_the_fixtures_is_loaded_once_and_whole() -> None:
    assert load_city("kupang")["checklists"] == 1
    assert load_city("kupang")["checklists"] == 0
    questions = AuditChecklist.objects.get().questions.all()
    assert [q.position for q in questions] == list(range(1, 12))
    assert all(q.name_id and q.name_en and q.rule_id and q.rule_en for q in questions)
