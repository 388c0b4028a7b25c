"""What all pages of the admin share: nothing is deleted, and nothing can be looked up across tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


# What a filter's own link appends to its field's name.
PLAIN_STEPS = frozenset({"exact", "isnull", "id", "in", "gte", "lt"})

CODE = "code"

# Called in the transaction in which an administrator saved something, with who and what. Apps above add theirs.
WHEN_SAVED: list[Callable[[Any, models.Model], object]] = []


def _tell_saved(request: HttpRequest, obj: models.Model) -> None:
    for tell in WHEN_SAVED:
        tell(request.user, obj)


class SettingsAdmin(ModelAdmin):
    """Rows are closed, not deleted: old cases go on naming them. Only the page's own filters filter."""

    list_per_page = 100
    show_facets = ShowFacets.NEVER
    view_on_site = False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _tell_saved(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _tell_saved(request, obj)
        return super().log_change(request, obj, message)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return sorted(super().get_fields(request, obj), key=lambda name: name != CODE)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The history, reports and open data name a row by its code, and go on doing so."""
        fixed = super().get_readonly_fields(request, obj)
        has_code = any(field.name == CODE for field in self.opts.concrete_fields)
        return (*fixed, CODE) if obj is not None and has_code else fixed

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Refuses `?complaints__description__icontains=…` and its like (400)."""
        field, *steps = lookup.split("__")
        entries: Any = self.list_filter
        filters = {entry if isinstance(entry, str) else entry[0] for entry in entries}
        return field in filters and PLAIN_STEPS.issuperset(steps)


class WordList(forms.CharField):
    """A JSON list of words, typed with commas or on lines of their own."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(word) for word in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in str(value or "").replace("\n", ",").split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class WithWords(SettingsAdmin):
    """Shows JSON lists of words as words."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.JSONField):
            return WordList(label=capfirst(db_field.verbose_name), required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
