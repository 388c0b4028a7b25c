"""The controls of forms are drawn by functions, and come out as Django's own templates draw them, letter by letter."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from config.form_renderer import DrawnControls

EVIL = "\"><script>alert('&')</script>"
TREE = [
    ("", "----"),
    ("a&b", EVIL),
    (EVIL, _("Sign out")),
    (1234, 5678),
    (None, "none"),
    (True, mark_safe("<b>bold</b>")),
    ("Group <1>", [("x", "X"), ("y", "Y")]),
]
SHOWN: list[tuple[str, forms.Widget, Any]] = [
    ("text", forms.TextInput({"maxlength": 120, "placeholder": EVIL}), EVIL),
    ("text without a value", forms.TextInput(), None),
    ("text of markup", forms.TextInput(), mark_safe("<i>&amp;</i>")),
    ("number", forms.NumberInput({"min": 0, "step": "any"}), 1234567),
    ("email", forms.EmailInput({"required": True, "disabled": False}), "a@b.test"),
    ("url", forms.URLInput(), "https://a.test/?a=1&b=2"),
    ("password", forms.PasswordInput(render_value=True), "s3cret<"),
    ("hidden", forms.HiddenInput(), 12345),
    ("several hidden", forms.MultipleHiddenInput(), ["1", EVIL]),
    ("date", forms.DateInput({"type": "date"}, format="%Y-%m-%d"), date(2026, 11, 29)),
    ("moment", forms.DateTimeInput(), "2026-11-29 10:00"),
    ("time", forms.TimeInput(), "10:00"),
    ("file", forms.FileInput({"accept": "image/*"}), None),
    ("file to clear", forms.ClearableFileInput(), None),
    ("ticked", forms.CheckboxInput({"class": "a b"}), True),
    ("not ticked", forms.CheckboxInput(), False),
    ("many lines", forms.Textarea({"rows": 4, "data-count": ""}), f"  a\n{EVIL}\n"),
    ("no lines", forms.Textarea(), ""),
    ("list", forms.Select({"aria-describedby": EVIL}, choices=TREE), EVIL),
    ("list of a number", forms.Select(choices=TREE), 1234),
    ("list without anything", forms.Select(), "x"),
    ("list of several", forms.SelectMultiple(choices=TREE), ["a&b", "y"]),
    ("yes or no", forms.NullBooleanSelect(), True),
    ("one of", forms.RadioSelect({"id": "r"}, choices=TREE), "x"),
    ("some of", forms.CheckboxSelectMultiple(choices=TREE), ["x"]),
    ("date in parts", forms.SelectDateWidget(years=[2026]), date(2026, 11, 29)),
]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_control_is_drawn_as_django_draws_it(language, subtests):
    with translation.override(language):
        for told, widget, value in SHOWN:
            with subtests.test(told):
                ours, theirs = (
                    widget.render("na<me", value, {"id": "id_x"}, renderer)
                    for renderer in (DrawnControls(), DjangoTemplates())
                )
                assert ours == theirs


def test_every_form_is_drawn_so():
    assert isinstance(get_default_renderer(), DrawnControls)


def test_a_list_with_options_of_its_own_is_left_to_its_templates():
    class Marked(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    widget = Marked(choices=[("a", "A")])
    assert widget.render("n", "a", None, DrawnControls()) == widget.render("n", "a", None, DjangoTemplates())
