"""Words that somebody is owed: nothing goes out half filled in, or with nothing in it."""

import pytest
from django.core.exceptions import ValidationError

from complaints.desk.actions import ACTIONS
from complaints.desk.forms.actions import StaffFilesField
from complaints.desk.forms.bulk import BulkHandBackForm
from complaints.form_fields import SaidField, check_said
from complaints.plain_text import left_open, says_too_little


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Kami temukan [tulis temuan].", ["[tulis temuan]"]),
        ("[Say what was mended and when.] Thank you.", ["[Say what was mended and when.]"]),
        ("Paling lambat {due_date}, [...] dan [ ].", ["{due_date}", "[...]", "[ ]"]),
        ("Lihat catatan [1] dan (lampiran) serta {2}.", []),
        ("Sudah diperbaiki hari Selasa.", []),
    ],
)
def test_what_is_still_to_be_filled_in_is_found(text, places):
    assert sorted(left_open(text)) == sorted(places)


def test_brackets_of_the_citizen_may_be_repeated():
    assert left_open("Laporan “[PENTING] Lampu” selesai [tulis kapan].", "[PENTING] Lampu") == [
        "[tulis kapan]"
    ]


@pytest.mark.parametrize(
    "text", ["x", "ok ok", "...", "Sudah.", "sudah sudah", "1234 5678", "a b c d e f g h i"]
)
def test_too_little_is_refused_in_both_languages(text):
    assert says_too_little(text)
    with pytest.raises(ValidationError):
        check_said(text)


@pytest.mark.parametrize(
    "text", ["Lampu diganti.", "Bukan kami", "Fixed on Monday", "It is not ours.", "Sudah selesai"]
)
def test_a_short_honest_sentence_is_enough(text):
    check_said(text)


def test_whatever_a_standard_reply_can_fill_is_looked_at():
    filled = [action.form for action in ACTIONS if action.use]
    assert len(filled) >= 4
    assert all(isinstance(form.base_fields[form.text], SaidField) for form in filled)
    with pytest.raises(ValidationError):
        BulkHandBackForm.base_fields["why"].clean("[tulis alasan] bukan kami")


def test_a_form_says_which_files_it_takes_before_one_is_chosen():
    asking = [
        form.base_fields[name] for action in ACTIONS for form in [action.form] for name in form.base_fields
    ]
    files = [field for field in asking if isinstance(field, StaffFilesField)]
    assert len(files) >= 3
    assert all("PDF" in str(field.help_text) for field in files)
