"""Who works on a share of a case sees the others; whoever leads hears who still works before they type."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Citizen
from accounts.models import User
from accounts.roles import Role
from complaints.mail import letters
from complaints.models import Attachment, Complaint, Message
from complaints.public.standing import standing_of
from complaints.services import handling, verification
from tests import factories
from tests.factories import DAY, FRIDAY, HOUR
from tests.tracking.mine import MINE, citizen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared() -> tuple[Complaint, Complaint, User, User]:
    """Lead and part, each in the hands of somebody."""
    case = factories.file_complaint(email="ani@warga.test", description="Lubang dan sampah.")
    agencies = [factories.make_agency("PUPR"), factories.make_agency("DLHK")]
    oka = factories.make_user(Role.OFFICER, agencies[0])
    dewi = factories.make_user(Role.OFFICER, agencies[1], name="Dewi")
    verifier = factories.make_user(Role.VERIFIER)
    verification.assign(case.pk, actor=verifier, now=FRIDAY, routing=verification.Routing(agencies))
    part = case.children.get()
    handling.accept(case.pk, actor=oka, now=FRIDAY, handler=oka)
    handling.accept(part.pk, actor=dewi, now=FRIDAY, handler=dewi)
    return Complaint.objects.get(pk=case.pk), Complaint.objects.get(pk=part.pk), oka, dewi


def page(case: Complaint, user: User, do: str = "") -> str:
    client = Client()
    client.force_login(user)
    path = reverse("complaints:case-detail", args=[case.number])
    return client.get(path, {"do": do}).content.decode()


def both_answered(shared: tuple[Complaint, Complaint, User, User]) -> Complaint:
    lead, part, oka, dewi = shared
    handling.resolve(part.pk, actor=dewi, now=FRIDAY + HOUR, answer="Sampah sudah diangkut.")
    return handling.resolve(lead.pk, actor=oka, now=FRIDAY + DAY, answer="Lubang sudah ditambal.")


def test_the_lead_hears_who_still_works_before_typing(
    shared: tuple[Complaint, Complaint, User, User],
) -> None:
    lead, part, oka, dewi = shared
    for act, field in (("resolve", "resolve-answer"), ("hand-back", "hand-back-why")):
        shown = page(lead, oka, do=act)
        assert f"Dinas DLHK masih menangani bagian {part.number}." in shown
        assert f'id="{field}"' not in shown
    assert 'id="ask-question"' in page(lead, oka, do="ask")
    handling.resolve(part.pk, actor=dewi, now=FRIDAY + HOUR, answer="Sampah sudah diangkut.")
    shown = page(lead, oka, do="resolve")
    assert "masih menangani" not in shown and 'id="resolve-answer"' in shown


def test_what_was_typed_is_kept_when_a_part_was_there_all_the_same(
    shared: tuple[Complaint, Complaint, User, User],
) -> None:
    lead, _part, oka, _dewi = shared
    client = Client()
    client.force_login(oka)
    form = {"version": lead.version, "answer": "Lubang sudah ditambal semua."}
    refused = client.post(reverse("complaints:case-resolve", args=[lead.number]), form)
    assert refused.status_code == 409 and "Lubang sudah ditambal semua." in refused.content.decode()


def test_each_sees_the_other_s_state_officer_and_answer_and_opens_only_their_own(
    shared: tuple[Complaint, Complaint, User, User],
) -> None:
    lead, part, oka, dewi = shared
    handling.resolve(part.pk, actor=dewi, now=FRIDAY + HOUR, answer="Sampah sudah diangkut.")
    shown = page(lead, oka)
    assert all(words in shown for words in ("Dinas DLHK", "Dewi", "Sampah sudah diangkut.", part.number))
    assert reverse("complaints:case-detail", args=[part.number]) not in shown
    assert reverse("complaints:case-detail", args=[part.number]) in page(
        lead, factories.make_user(Role.SUPERVISOR)
    )
    assert all(words in page(part, dewi) for words in ("Dinas PUPR", "Oka", lead.number))


def test_the_citizen_reads_that_two_agencies_worked_and_both_answers(
    shared: tuple[Complaint, Complaint, User, User],
) -> None:
    lead = both_answered(shared)
    shown = citizen_of(lead).get(MINE).content.decode()
    assert "Dinas PUPR dan Dinas DLHK" in shown
    assert "Lubang sudah ditambal." in shown and "Sampah sudah diangkut." in shown
    letter = letters.compose([Message.objects.get(complaint=lead, template="resolution")])
    assert "Lubang sudah ditambal." in letter.body and "Sampah sudah diangkut." in letter.body


def test_whoever_was_merged_reads_both_answers_too(shared: tuple[Complaint, Complaint, User, User]) -> None:
    case = factories.file_complaint(email="budi@warga.test")
    verifier = User.objects.get(role=Role.VERIFIER)
    verification.merge(case.pk, actor=verifier, now=FRIDAY, into=shared[0].pk)
    both_answered(shared)
    merged = Complaint.objects.get(pk=case.pk)
    standing = standing_of(merged, Citizen(case.pk), FRIDAY + 2 * DAY)
    assert [answer.item.words for answer in standing.parts_answers] == ["Sampah sudah diangkut."]
    shown = citizen_of(case).get(MINE).content.decode()
    assert "Sampah sudah diangkut." in shown


def test_a_confidential_answer_is_in_no_mail(shared: tuple[Complaint, Complaint, User, User]) -> None:
    Complaint.objects.filter(pk__in=[shared[0].pk, shared[1].pk]).update(is_confidential=True)
    lead = both_answered(shared)
    body = letters.compose([Message.objects.get(complaint=lead, template="resolution")]).body
    assert "ditambal" not in body and "diangkut" not in body


def test_the_part_s_page_says_why_its_clock_stands_still(
    shared: tuple[Complaint, Complaint, User, User],
) -> None:
    lead, part, oka, dewi = shared
    verification.ask_citizen(lead.pk, actor=oka, now=FRIDAY + HOUR, question="Di mana?")
    shown = page(part, dewi)
    assert lead.number in shown and "berhenti" in shown
    assert Attachment.objects.count() == 0
