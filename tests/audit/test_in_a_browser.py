"""An audit from the draw to the results, by two people in a browser, on pages that everybody can use."""

import pytest
from django.utils import timezone

from complaints.ledger.checkpoints import make_checkpoint
from escalation.audits.drawing import draw_due
from escalation.audits.models import AuditSample
from tests.audit.people import checklist, drawn, file_cases, numbers, review, says, supervisor
from tests.browser import WINDOWS, check_page
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


def sign_in(page, who: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", supervisor(who).email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()


def test_pages_are_accessible_and_fit(new_window) -> None:
    file_cases(6)
    sample = drawn(6)
    first, second = numbers(sample, twice=True)[:2]
    for who in ("Sari", "Lena"):
        review(
            sample,
            first,
            who,
            says(complete="no" if who == "Sari" else "yes", severity="minor", words="Lihat"),
        )
    page = new_window()
    sign_in(page, "Sari")
    base = f"/oversight/audits/{sample.pk}/"
    for path in (
        "/oversight/audits/",
        "/oversight/audits/new/",
        base,
        f"{base}results/",
        f"{base}cases/{first}/",
        f"{base}cases/{second}/",
    ):
        page.goto(path)
        check_page(page, WINDOWS)


def test_two_people_audit_one_sample(new_window) -> None:
    checklist()
    file_cases(1)
    supervisor("Lena")
    sari = new_window(1280, 900)
    sign_in(sari, "Sari")
    sari.goto("/oversight/audits/")
    sari.click("a:has-text('Announce a draw') >> nth=0")
    sari.check("input[name=basis][value=received]")
    sari.fill("[name=first]", "2026-11-01")
    sari.fill("[name=last]", "2026-11-21")
    sari.click("button[name=count]")
    assert sari.locator("#count").inner_text() == "1 case to draw from"
    sari.select_option("[name=second]", label="Lena")
    sari.click("button[name=draw]")
    sari.wait_for_load_state()
    sample = AuditSample.objects.get()
    check_page(sari, WINDOWS)
    now = timezone.now()
    make_checkpoint(now)
    assert draw_due(now) == 1
    path = f"/oversight/audits/{sample.pk}/cases/{numbers(sample)[0]}/"
    answer_all(sari, path, polite="no")
    lena = new_window(360, 740)
    sign_in(lena, "Lena")
    lena.goto("/oversight/")
    lena.click(f"a[href='{path}']")
    answer_all(lena, path, polite="yes")
    lena.goto(path)
    lena.check("input[name=q_polite][value=no]")
    lena.fill("#agree-words", "Dibahas bersama")
    lena.click("button:has-text('Put on record')")
    lena.wait_for_load_state()
    sari.goto(f"/oversight/audits/{sample.pk}/results/")
    row = sari.locator("tr", has_text="polite?").inner_text()
    assert "0 of 1" in row


def answer_all(page, path: str, *, polite: str) -> None:
    page.goto(path)
    page.check("input[name=q_complete][value=yes]")
    page.check(f"input[name=q_polite][value={polite}]")
    page.click("button[name=final]")
    page.wait_for_load_state()
