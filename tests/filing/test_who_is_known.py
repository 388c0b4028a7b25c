"""Whom a new case keeps and writes to, whatever form handed it over."""

import pytest

from complaints.identity import Identity
from complaints.models import Complainant, Message
from tests.factories import file_complaint

pytestmark = pytest.mark.django_db

ANI = Identity(name="Ani", email="ani@warga.test")


def test_who_left_an_address_is_sent_the_receipt() -> None:
    case = file_complaint(identity=ANI)
    assert Message.objects.get().template == Message.Template.RECEIPT
    assert Complainant.objects.get().complaint == case


def test_who_left_a_name_only_is_kept_and_sent_nothing() -> None:
    file_complaint(identity=Identity(name="Ani"))
    assert not Message.objects.exists()
    assert Complainant.objects.count() == 1


def test_of_an_anonymous_case_nobody_is_kept_or_written_to_though_a_form_hands_them_over() -> None:
    file_complaint(identity=ANI, is_anonymous=True)
    assert not Message.objects.exists()
    assert not Complainant.objects.exists()


def test_who_said_nothing_of_themselves_is_not_kept_as_an_empty_person() -> None:
    file_complaint(identity=Identity())
    assert not Message.objects.exists()
    assert not Complainant.objects.exists()
