"""The column by which the words of a case are found."""

from typing import Any

from django.db import models

from complaints.searchable import words_of_case


class SearchText(models.TextField):  # type: ignore[type-arg]
    """The words by which a case is found. Worked out whenever a case is stored, so that no writer can forget it and
    none can keep what was erased."""

    is_worked_out = True  # for database/bulk.py

    def pre_save(self, model_instance: Any, add: bool) -> str:
        case = model_instance
        texts = (case.subject, case.description, case.location, case.external_reference)
        words = words_of_case(case.number, *texts)
        setattr(case, self.attname, words)
        return words

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
