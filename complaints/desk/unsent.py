"""What was typed and chosen in a form of the case page, kept until it is sent: while it is typed, when a form is
refused, and when a standard reply is put in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.desk.actions import Action
from complaints.desk.forms.actions import CaseForm
from complaints.files import drafts, storage
from complaints.form_fields import FilesField
from complaints.models import Attachment, Complaint, Draft
from complaints.plain_text import several_lines


@dataclass
class Unsent:
    """The draft of one person, case and act, and what a request changes of it."""

    person: User
    case: Complaint
    action: Action
    draft: Draft | None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, person: User, case: Complaint, action: Action) -> "Unsent":
        return cls(person, case, action, drafts.draft_of(person, case, action.slug))

    @property
    def files(self) -> list[Attachment]:
        return drafts.files_of(self.draft)

    @property
    def fields(self) -> dict[str, forms.Field]:
        return self.action.form_for(self.case).base_fields

    @property
    def has_files(self) -> bool:
        return any(isinstance(each, FilesField) for each in self.fields.values())

    def take(self, request: HttpRequest, now: datetime, *, more: str = "") -> None:
        """Keeps what was sent; `more` is put at the end of the text. A form without words or files leaves no draft."""
        values = self._values(request.POST)
        if more:
            text = self.action.form.text
            values[text] = "\n\n".join(part for part in (str(values.get(text, "")).rstrip(), more) if part)
        uploads = self._uploads(request)
        unwanted = request.POST.getlist("drop")
        if self.draft and unwanted:
            storage.drop_drafts(self.draft.digest, unwanted)
        if not uploads and not self._is_worth_it(values):
            self.forget()
            return
        version = _whole(request.POST.get("version"), self.case.version)
        self.draft = drafts.keep(self.person, self.case, self.action.slug, values, version=version, now=now)
        if uploads:
            self._take_files(uploads, now)

    def _uploads(self, request: HttpRequest) -> list[tuple[str, list[Any]]]:
        """What came, by which side of the work it shows."""
        fields = [(name, each.shows) for name, each in self.fields.items() if isinstance(each, FilesField)]
        came = [(shows, request.FILES.getlist(name)) for name, shows in fields]
        return [(shows, uploads) for shows, uploads in came if uploads]

    def _take_files(self, came: list[tuple[str, list[Any]]], now: datetime) -> None:
        assert self.draft is not None
        taking: dict[str, Any] = {"digest": self.draft.digest, "now": now, "added_by": self.person}
        try:
            for shows, uploads in came:
                self.problems += storage.receive_all(uploads, shows=shows, may_wait=True, **taking).problems
        except storage.StorageFull:
            self.problems.append(_("There is no room for files at the moment. Try again later."))

    def forget(self) -> None:
        """Sent, or not wanted any more."""
        if self.draft:
            drafts.drop(self.draft)
            self.draft = None

    def tell(self, form: CaseForm) -> None:
        """Lets a form that was sent know its files, and what was wrong with others."""
        if not self.has_files:
            return
        form.has_kept(self.files)
        for problem in self.problems:
            form.add_error("attachments", problem)

    def _values(self, sent: QueryDict) -> dict[str, str | list[str]]:
        values: dict[str, str | list[str]] = {}
        for name, each in self.fields.items():
            if name == "version" or isinstance(each, FilesField) or name not in sent:
                continue
            many = isinstance(each, forms.MultipleChoiceField)
            values[name] = sent.getlist(name) if many else several_lines(sent.get(name, ""))
        return values

    def _is_worth_it(self, values: dict[str, str | list[str]]) -> bool:
        """Choices alone are made again in a moment."""
        typed = [name for name, each in self.fields.items() if type(each) not in _CHOSEN]
        return any(str(values.get(name, "")).strip() for name in typed) or bool(self.files)


_CHOSEN = (forms.ChoiceField, forms.MultipleChoiceField, forms.BooleanField)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise
