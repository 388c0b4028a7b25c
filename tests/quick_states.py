"""Migrations in a third of the time: for each change of a model, Django draws all related ones anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def quick_states() -> Iterator[None]:
    """No other model points to one that is only being made, so it alone is drawn; none asks another for its indexes and
    constraints, so they are put into what is drawn. The tables come out the same."""
    with pytest.MonkeyPatch.context() as patch:
        for change in (add_model, _append_option, _remove_option):
            patch.setattr(ProjectState, change.__name__, change)
        yield


def add_model(state: ProjectState, made: ModelState) -> None:
    key = made.app_label, made.name_lower
    state.models[key] = made
    if state._relations is not None:  # type: ignore[attr-defined]
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:  # drawn already
        state.apps.render_multiple([made])


def _append_option(state: ProjectState, app: str, model: str, option: str, made: Any) -> None:
    _write(state, app, model, option, [*state.models[app, model].options[option], made])


def _remove_option(state: ProjectState, app: str, model: str, option: str, name: str) -> None:
    kept = [found for found in state.models[app, model].options[option] if found.name != name]
    _write(state, app, model, option, kept)


def _write(state: ProjectState, app: str, model: str, option: str, values: list[Any]) -> None:
    state.models[app, model].options[option] = values
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app, model)._meta, option, [*values])
