"""The controls of forms, drawn by functions: the same markup as Django's own templates give.

A pick list takes a template for each of its options, so that the filters of a list cost more than the list.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.safestring import SafeData

WIDGETS = "django/forms/widgets/"
OPTION = f"{WIDGETS}select_option.html"
Widget = Mapping[str, Any]


class DrawnControls(DjangoTemplates):
    """What no function draws, Django's templates do."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        drawn = draw(context["widget"]) if draw else None
        return drawn or str(super().render(template_name, context, request))


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return (
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>'
    )


def _textarea(widget: Widget) -> str:
    words = _words(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{words}</textarea>'


def _select(widget: Widget) -> str | None:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_words(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            value, label = _text(option["value"]), _words(option["label"])
            parts.append(f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n')
        if group:
            parts.append("\n  </optgroup>")
    return "".join((*parts, "\n</select>"))


def _attributes(widget: Widget) -> str:
    """As `attrs.html` writes them: true is a bare one, false none."""
    return "".join(
        f" {_words(name)}" if value is True else f' {_words(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    """As `|stringformat:"s"` gives it: a number without the signs of a language."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _words(value: Any) -> str:
    text = value if isinstance(value, str) else str(localize(value))
    return text if isinstance(text, SafeData) else escape(text)


DRAWN: dict[str, Callable[[Widget], str | None]] = {
    f"{WIDGETS}select.html": _select,
    f"{WIDGETS}textarea.html": _textarea,
    **{
        f"{WIDGETS}{kind}.html": _input
        for kind in ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime")
    },
    **{f"{WIDGETS}{kind}.html": _input for kind in ("time", "checkbox", "file")},
}
