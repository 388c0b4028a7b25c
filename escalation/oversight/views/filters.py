"""The form of the filters of a list, drawn anew only where one is set."""

from typing import Any

from django.template.loader import render_to_string

from complaints.choices import kept_html


def drawn_filters(page: str, narrowed: Any, clear_url: str) -> str:
    """Of `page`, a name for it: its long pick lists are the same for everybody as long as none is set."""
    parts = {
        "form": narrowed.form,
        "is_active": narrowed.is_active,
        "is_open": narrowed.form.errors,
        "clear_url": clear_url,
    }
    if narrowed.is_active or narrowed.form.errors:
        return render_to_string("components/filters.html", parts)
    return kept_html(f"filters:{page}", lambda: render_to_string("components/filters.html", parts))
