"""The design system keeps its own rules: light, no inline styles, words tied to their controls."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from complaints.states import STORED
from complaints.templatetags.icons import PATHS
from complaints.templatetags.ui import STATE_STYLES, percent, tone, urgency

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class SampleForm(forms.Form):
    subject = forms.CharField(help_text="A few words", widget=forms.TextInput(attrs={"maxlength": 120}))
    channel = forms.ChoiceField(
        choices=[("phone", "Telephone"), ("letter", "Letter")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(required=False, help_text="You may change your mind")


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_the_form_page_needs_less_than_20_kb_of_css():
    sheets = [ROOT / "static/css" / f"{name}.css" for name in ("tokens", "base", "components")]
    assert sum(sheet.stat().st_size for sheet in sheets) < 20_000


def test_every_script_stays_below_4_kb_and_the_motif_below_2():
    assert [path.name for path in (ROOT / "static/js").glob("*.js") if path.stat().st_size > 4096] == []
    assert (ROOT / "static/img/tenun.svg").stat().st_size < 2048


# Only ever on paper, where no policy of a page holds: how broad a column is comes from what stands in it.
PRINTED_ONLY = {"reports/_section.html"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_carries_inline_styles_or_scripts(path):
    source = path.read_text(encoding="utf-8")
    if path.relative_to(ROOT / "templates").as_posix() not in PRINTED_ONLY:
        assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=\"", source)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", source)
    assert [script for script in scripts if "application/json" not in script] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates/components").glob("*.html")), ids=lambda path: path.stem
)
def test_every_component_says_its_inputs_in_its_first_line(path):
    assert path.read_text(encoding="utf-8").startswith("{# " + path.stem + ":")


def test_the_style_guide_shows_every_component():
    source = (ROOT / "templates/styleguide.html").read_text(encoding="utf-8")
    page = render_to_string("styleguide.html")
    assert "<h1>Style guide</h1>" in page
    parts = {path.stem for path in (ROOT / "templates/components").glob("*.html")}
    included = set(re.findall(r'include "components/(\w+)\.html"', "".join(p.read_text() for p in TEMPLATES)))
    assert parts - included == set()
    assert "components/due.html" in source


def test_what_is_rendered_once_knows_nothing_of_the_page_and_follows_the_language():
    page = Template(
        "{% load i18n ui %}{% once %}{% translate 'Sign out' %}{{ secret }}{% endonce %}{{ secret }}"
    )
    for language, words in (("en", "Sign out"), ("id", "Keluar"), ("en", "Sign out")):
        with translation.override(language):
            assert page.render(Context({"secret": "s3cret"})) == f"{words}s3cret"


def test_every_state_has_an_icon_that_no_other_open_state_has():
    assert set(STATE_STYLES) == set(STORED)
    icons = [STATE_STYLES[state][0] for state in STORED]
    assert len(set(icons)) == len(icons)
    assert set(icons) <= set(PATHS)


def test_a_badge_says_its_state_in_words():
    html = render('{% include "components/state_badge.html" with state="resolved" label="Answered" %}')
    assert "Answered" in html
    assert PATHS["check"] in html


@pytest.mark.parametrize(
    ("due_in_hours", "share", "paused", "done", "expected"),
    [
        (100, 10, False, False, "calm"),
        (100, 75, False, False, "soon"),
        (24, 10, False, False, "soon"),
        (0, 100, False, False, "soon"),  # due this very moment is not late yet
        (-1, 110, False, False, "overdue"),
        (-1, 110, True, False, "paused"),
        (-1, 110, True, True, "done"),
    ],
)
def test_urgency_follows_the_due_moment(due_in_hours, share, paused, done, expected):
    assert urgency(NOW + timedelta(hours=due_in_hours), NOW, share, paused, done) == expected


def test_a_case_without_a_due_moment_is_calm():
    assert urgency(None, NOW) == "calm"


def test_due_shows_words_bar_and_moment():
    html = render(
        '{% include "components/due.html" with words="2 days late" share=140 label="Answer" %}',
        due_at=NOW - timedelta(days=2),
        now=NOW,
    )
    assert "due--overdue" in html
    assert "2 days late" in html
    assert 'width="100%"' in html
    assert "<time datetime=" in html


@pytest.mark.parametrize(
    ("share", "width"), [(0, "0%"), (33.7, "33%"), (250, "100%"), (-3, "0%"), (None, "0%"), ("x", "0%")]
)
def test_a_share_becomes_a_width(share, width):
    assert percent(share) == width


def test_message_levels_have_a_tone():
    assert tone("error") == "danger"
    assert tone("safe success") == "success"
    assert tone("unheard-of") == "info"


def test_a_field_ties_help_error_and_counter_to_its_control():
    form = SampleForm({"subject": ""})
    html = render('{% include "components/field.html" with field=form.subject counter=True %}', form=form)
    (control,) = re.findall(r"<input[^>]*>", html)
    described = re.search(r'aria-describedby="([^"]*)"', control)
    assert described
    assert described[1].split() == ["id_subject_helptext", "id_subject_error", "id_subject_count"]
    for name in described[1].split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in control


def test_an_optional_field_says_so_in_words():
    class Optional(forms.Form):
        note = forms.CharField(required=False)

    assert "(optional)" in render(
        '{% include "components/field.html" with field=form.note %}', form=Optional()
    )


def test_radio_buttons_stand_in_a_fieldset_with_a_legend():
    html = render('{% include "components/field.html" with field=form.channel %}', form=SampleForm())
    assert html.count("<legend") == 1
    assert html.count('type="radio"') == 2


def test_a_checkbox_is_inside_its_label():
    html = render(
        '{% include "components/field.html" with field=form.agreed boxed=True %}', form=SampleForm()
    )
    label = html[html.index("<label") : html.index("</label>")]
    assert 'type="checkbox"' in label
    assert 'id="id_agreed_helptext"' in label


def test_the_error_summary_links_to_controls_that_exist():
    form = SampleForm({})
    html = render('{% include "components/form_fields.html" %}', form=form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_subject", "id_channel_0"]
    for target in targets:
        assert f'id="{target}"' in html


def test_what_a_person_typed_is_escaped_in_every_component():
    evil = '<script>alert("x")</script>'
    html = render(
        '{% include "components/timeline.html" %}{% include "components/summary_list.html" %}'
        '{% include "components/notice.html" with level="info" body=evil title=evil %}'
        '{% include "components/file_list.html" %}{% include "components/table.html" %}',
        evil=evil,
        items=[{"title": evil, "body": evil, "who": evil, "at": NOW}],
        rows=[{"term": evil, "value": evil}],
        files=[{"name": evil, "url": "#", "size": 10, "note": evil}],
        columns=[{"label": evil}],
    )
    assert "<script>" not in html


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "csrf"])
def test_error_pages_render_without_a_request(name):
    html = render_to_string(f"errors/{name}.html", {"incident": "9f3a77c1"})
    assert "9f3a77c1" in html
    assert html.count("<h1>") == 1


def test_what_stands_white_on_the_bar_is_black_on_paper():
    """Browsers print no backgrounds: white letters would come out in pale grey."""
    css = (ROOT / "static/css/base.css").read_text(encoding="utf-8").split("@media print", 1)[1]
    assert re.search(r"[^{}]*\.bar,[^{}]*\{[^}]*color: #000", css)
