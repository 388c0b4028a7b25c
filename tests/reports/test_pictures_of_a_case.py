"""The file of a case on paper shows its pictures, but none that shows a person or papers."""

import pytest

from complaints.files.storage import receive
from complaints.models import Attachment
from complaints.services import handling
from reports.pages.case_file import case_file_pdf
from tests.factories import FRIDAY, HOUR, in_progress, officer_of
from tests.files.samples import upload
from tests.reports.printed import open_pdf
from tests.shared import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def pictures_of(case):
    made = case_file_pdf(case, actor=officer_of(case), now=FRIDAY, language="en")
    with open_pdf(made) as pdf:
        return len({image.objgen for page in pdf.pages for image in page.get_images().values()})


def test_a_picture_is_printed_until_it_is_marked_or_damaged():
    case = in_progress()
    officer = officer_of(case)
    before = pictures_of(case)
    photo = receive(upload("jpg"), digest="d" * 64, now=FRIDAY, added_by=officer)
    handling.add_files(case.pk, actor=officer, now=FRIDAY + HOUR, files=[photo])
    assert pictures_of(case) == before + 1
    Attachment.objects.update(is_personal=True)
    assert pictures_of(case) == before
    Attachment.objects.update(is_personal=False)
    path_of(photo.key).write_bytes(b"other")
    assert pictures_of(case) == before
