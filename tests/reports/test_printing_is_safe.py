"""Whatever people typed ends as text on paper: no request, no file, nothing hidden in the PDF (PD-01, PD-02)."""

import socket
import threading
from datetime import date

import pytest

from accounts.roles import Role
from complaints.history.timeline import TimelineItem
from complaints.models import Category
from complaints.services import handling
from reports.figures.periods import Period
from reports.figures.snapshot import freeze
from reports.pages import pdf, render
from reports.pages.case_file import MAX_LINES, MAX_TEXT, _clipped, case_file_context, case_file_pdf, clip
from reports.pages.pdf import RenderFailed, run_child
from reports.pages.report import report_pdf
from tests import factories
from tests.factories import FRIDAY, make_agency, make_user
from tests.reports.printed import carries_files, everything, open_pdf, words_of

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def sink():
    """A server that notes whoever calls."""
    calls, listener = [], socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    is_over = threading.Event()

    def listen():
        while not is_over.is_set():
            try:
                connection, _address = listener.accept()
            except TimeoutError:
                continue
            calls.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", calls
    is_over.set()
    thread.join()
    listener.close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("CNRY-secret-on-disk", encoding="utf-8")
    return path


def payloads(base: str, secret: str) -> list[str]:
    return [
        f'<img src="{base}/img">',
        f'<link rel="stylesheet" href="{base}/css">',
        f"<style>@import url({base}/import)</style>",
        f'<div style="background:url({base}/bg)">x</div>',
        f"<style>@font-face{{font-family:x;src:url({base}/font)}}</style>",
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{base}/svg"/></svg>',
        f'<object data="{base}/object"></object>',
        f'<embed src="{base}/embed">',
        f'<link rel="attachment" href="file://{secret}">',
        f'<a rel="attachment" href="file://{secret}">x</a>',
        '<img src="data:image/svg+xml,<svg/>">',
        f'<table background="{base}/hint"><tr><td>x</td></tr></table>',
    ]


def test_the_printer_itself_fetches_nothing_even_when_markup_gets_through(sink, secret):
    base, calls = sink
    html = "<html lang=en><title>t</title><body>" + "".join(payloads(base, str(secret)))
    made = run_child(html, f"body {{ background: url({base}/css) }}", {}, "00" * 16)
    assert calls == []
    assert not carries_files(made)
    assert b"CNRY" not in everything(made)


@pytest.mark.django_db
@pytest.mark.long
def test_hostile_words_in_a_case_are_printed_as_they_were_typed(sink, secret):
    base, calls = sink
    words = payloads(base, str(secret))
    agency = make_agency("X", name=words[0], short_name="X")
    case = factories.in_progress(
        agency=agency,
        subject=words[8],
        description="\n".join([*words, "In no font: \U0010fffd", "z" + "\u0301" * 60]),
        location=words[1][:200],
    )
    officer = factories.officer_of(case)
    handling.add_note(case.pk, actor=officer, now=FRIDAY, text=words[9])
    case.refresh_from_db()
    made = case_file_pdf(case, actor=officer, now=FRIDAY, language="en")
    said = words_of(made)
    for payload in words:
        assert payload.replace(" ", "") in said
    assert "Innofont:□" in said and "□standsforasign" in said, "it says what it cannot print"
    assert "\u0301" * 4 not in said, "no heap of accents over the lines around"
    assert calls == []
    assert not carries_files(made)
    assert b"CNRY" not in everything(made)


@pytest.mark.django_db
@pytest.mark.long
def test_hostile_names_in_a_report_are_printed_as_they_were_typed(sink, secret):
    base, calls = sink
    agency = make_agency("X", name=f'<img src="{base}/a">', short_name="X")
    category = Category.objects.create(code="x", name_id=f'<a rel="attachment" href="file://{secret}">x</a>')
    factories.assigned(agency=agency, category=category)
    snapshot = freeze(NOVEMBER, agency, actor=None, now=FRIDAY)
    made = report_pdf(snapshot, language="id")
    said = words_of(made)
    assert f'<imgsrc="{base}/a">' in said
    assert 'rel="attachment"' in said and "□" not in said
    assert calls == []
    with open_pdf(made) as document:
        assert list(document.attachments) == ["tuntas-snapshot.json"]  # its own, and no other
    assert b"CNRY" not in everything(made)


def test_the_fetcher_hands_out_what_it_was_given_and_nothing_else():
    fetcher = render.make_fetcher({"asset:a.svg": ("image/svg+xml", b"<svg/>")})
    assert fetcher.fetch("asset:a.svg").read() == b"<svg/>"
    for url in ("asset:b.svg", "file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x"):
        with pytest.raises(ValueError, match="nothing is fetched"):
            fetcher.fetch(url)


def test_the_printer_knows_nothing_of_the_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://CNRY")
    assert set(pdf.ENVIRONMENT) == {"PATH", "LANG", "OPENBLAS_NUM_THREADS", "HOME"}


def test_a_page_that_cannot_be_printed_is_an_error_and_not_the_end_of_the_worker():
    with pytest.raises(RenderFailed):
        run_child("<html>" + "<div>" * 3000, "", {}, "00" * 16)


def test_a_printer_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf, "TIMEOUT_SECONDS", 0.05)
    with pytest.raises(RenderFailed, match="too long"):
        run_child("<html><body>x", "", {}, "00" * 16)


@pytest.mark.django_db
@pytest.mark.long
def test_a_very_long_text_is_cut_and_the_paper_says_so():
    case = factories.file_complaint(description="d" * (MAX_TEXT + 1))
    context = case_file_context(case, make_user(Role.SUPERVISOR), FRIDAY)
    assert len(context["description"]) == MAX_TEXT
    assert context["is_cut"]


@pytest.mark.parametrize("text", ["a" + "\n" * 9000 + "b", "a" + "\n \t" * 9000 + "\nb"])
def test_thousands_of_blank_lines_are_one(text):
    assert clip(text) == ("a\n\nb", False)


def test_blank_lines_in_the_history_of_a_case_are_one_too():
    assert _clipped(TimelineItem(1, FRIDAY, "", "", "", words="a" + "\n" * 9000 + "b")).words == "a\n\nb"


def test_thousands_of_short_lines_are_cut():
    text, is_cut = clip("x\n" * 9000)
    assert (text.count("\n") + 1, is_cut) == (MAX_LINES, True)
