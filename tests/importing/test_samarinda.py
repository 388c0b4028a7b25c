"""The real export of an Indonesian city goes through whole."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from complaints.importing.mapping import load_mapping
from complaints.importing.running import import_file
from complaints.models import Complaint
from complaints.search import search
from tests.factories import FRIDAY
from tests.shared import shared_data

pytestmark = pytest.mark.django_db


def test_samarindas_reports_are_taken_over():
    path = shared_data("complaints", "samarinda_lapor_2024.csv")
    mapping = load_mapping(settings.BASE_DIR / "fixtures" / "mappings" / "samarinda_lapor.toml")
    result = import_file(path, mapping, now=FRIDAY)
    assert (result.read, result.created, result.duplicates, result.rejected) == (43, 43, 0, [])
    cases = Complaint.objects.filter(source="samarinda_lapor")
    assert cases.filter(kind="oversight").count() == 29
    assert cases.filter(is_anonymous=True).count() == 24
    assert cases.filter(state="closed").count() == 33
    assert cases.filter(agency=None).count() == 8
    parking = cases.get(source_id="7311967")
    assert parking.received_at == datetime(2024, 1, 4, 5, 14, 25, tzinfo=UTC)
    assert parking.agency.name == "Dinas Perhubungan"
    assert parking.location == "Selili, SAMARINDA ILIR, Kota Samarinda"
    assert parking in search(Complaint.objects.all(), "parkir selili")
