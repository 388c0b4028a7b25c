"""What was typed and chosen in a form of the desk, kept until it is sent: while it is typed, when a form is refused,
and when a standard reply is put in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.desk.access import staff
from complaints.desk.actions import BY_SLUG, Action
from complaints.desk.forms.actions import StaffForm
from complaints.desk.looks import marks_of
from complaints.files import drafts, storage
from complaints.form_fields import FilesField
from complaints.models import Attachment, Complaint, Draft
from complaints.numbers import secret_digest
from complaints.plain_text import several_lines

NAMED = "draft_of"  # in what a page sends that is not a case's: which draft it is
# Of what such a page sends these are no words of its writer; `cases` are the ticks of a list.
NOT_TYPED = (
    NAMED,
    "csrfmiddlewaretoken",
    "secret",
    "idempotency_key",
    "version",
    "drop",
    "forget",
    "kept",
    "cases",
)
LONGEST_PLACE = Draft._meta.get_field("act").max_length or 0


@dataclass
class Unsent:
    """The draft of one person and form, and what a request changes of it. `act` is one of the case, or where a form
    stands that is on no case's page; then `fields` is empty, and what is sent is kept as it is."""

    person: User
    act: str
    case: Complaint | None = None
    fields: Mapping[str, forms.Field] | None = None
    text: str = ""  # the field that a standard reply fills
    draft: Draft | None = None
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, person: User, case: Complaint, action: Action) -> Self:
        draft = drafts.draft_of(person, case, action.slug)
        return cls(person, action.slug, case, action.form_for(case).base_fields, action.form.text, draft)

    @classmethod
    def named(cls, request: HttpRequest) -> Self | None:
        """The draft that a form says it is; None where it says nothing. Http404: no page of ours."""
        place, person = request.POST.get(NAMED, ""), staff(request)
        if not place:
            return None
        try:
            resolve(place.partition("?")[0].partition(" ")[0])
        except Resolver404:
            raise Http404 from None
        if len(place) > LONGEST_PLACE:
            raise Http404
        return cls.at(person, place)

    @classmethod
    def at(cls, person: User, place: str) -> Self:
        return cls(person, place, draft=drafts.draft_of(person, None, place))

    @property
    def files(self) -> list[Attachment]:
        return drafts.files_of(self.draft)

    @property
    def has_files(self) -> bool:
        return self.fields is None or any(isinstance(each, FilesField) for each in self.fields.values())

    def take(self, request: HttpRequest, now: datetime, *, more: str = "") -> None:
        """Keeps what was sent; `more` is put at the end of the text. A form without words or files leaves no draft."""
        values = self._values(request.POST)
        if more:
            values[self.text] = "\n\n".join(
                part for part in (str(values.get(self.text, "")).rstrip(), more) if part
            )
        uploads = self._uploads(request)
        if not uploads and not self._is_worth_it(values):
            self.forget()
            return
        version = _whole(request.POST.get("version"), self.case.version) if self.case else 0
        secret = request.POST.get("secret", "") if self.case is None else ""
        digest = secret_digest(secret, settings.RECEIPT_PEPPER) if secret else ""
        self.draft = drafts.keep(
            self.person, self.case, self.act, values, version=version, now=now, digest=digest
        )
        storage.drop_drafts(self.draft.digest, request.POST.getlist("drop"))
        if uploads:
            # Only a case waits for the worker to make its file safe.
            self._take_files(uploads, now, may_wait=self.case is not None or bool(digest))
        elif not self._is_worth_it(values):
            self.forget()

    def _uploads(self, request: HttpRequest) -> list[tuple[str, list[Any]]]:
        """What came, by which side of the work it shows."""
        if self.fields is None:
            came = [("", request.FILES.getlist("attachments"))]
        else:
            fields = [
                (name, each.shows) for name, each in self.fields.items() if isinstance(each, FilesField)
            ]
            came = [(shows, request.FILES.getlist(name)) for name, shows in fields]
        return [(shows, uploads) for shows, uploads in came if uploads]

    def _take_files(self, came: list[tuple[str, list[Any]]], now: datetime, *, may_wait: bool) -> None:
        assert self.draft is not None
        taking: dict[str, Any] = {"digest": self.draft.digest, "now": now, "added_by": self.person}
        try:
            for shows, uploads in came:
                self.problems += storage.receive_all(
                    uploads, shows=shows, may_wait=may_wait, **taking
                ).problems
        except storage.StorageFull as full:
            later = _("Try again later.")
            self.problems.append(f"{full.reason} {later}")

    def forget(self) -> None:
        """Sent, or not wanted any more."""
        if self.draft:
            drafts.drop(self.draft)
            self.draft = None

    def forget_only(self, names: Collection[str], now: datetime) -> None:
        """These fields were sent; what stands in other forms of the same page stays."""
        values = (
            {name: each for name, each in self.draft.values.items() if name not in names}
            if self.draft
            else {}
        )
        if self._is_worth_it(values):
            self.draft = drafts.keep(self.person, self.case, self.act, values, version=0, now=now)
        else:
            self.forget()

    def tell(self, form: StaffForm) -> None:
        """Lets a form that was sent know its files, and what was wrong with others."""
        if not any(isinstance(each, FilesField) for each in form.fields.values()):
            return
        form.has_kept(self.files)
        for problem in self.problems:
            form.add_error("attachments", problem)

    def _values(self, sent: QueryDict) -> dict[str, str | list[str]]:
        if self.fields is None:
            return {name: _plain(each) for name, each in sent.lists() if name not in NOT_TYPED}
        values: dict[str, str | list[str]] = {}
        for name, each in self.fields.items():
            if name == "version" or isinstance(each, FilesField) or name not in sent:
                continue
            many = isinstance(each, forms.MultipleChoiceField)
            values[name] = sent.getlist(name) if many else several_lines(sent.get(name, ""))
        return values

    def _is_worth_it(self, values: dict[str, str | list[str]]) -> bool:
        """Choices alone are made again in a moment."""
        typed = (
            values
            if self.fields is None
            else [name for name, each in self.fields.items() if type(each) not in _CHOSEN]
        )
        return any(str(values.get(name) or "").strip() for name in typed) or bool(self.files)


def attach(request: HttpRequest, form: StaffForm, action: str) -> None:
    """Lets a form of a page know its draft: where it stands, what was typed in it, its files. `action`: the path to
    which it is sent, where that is not the page's own. One query for all forms of a page."""
    if not form.is_drafted or form.draft_of:
        return
    place = request.POST.get(NAMED, "") if form.is_bound else ""
    form.draft_of = place or _place(action or request.get_full_path(), form.about)
    known: dict[str, Draft] | None = getattr(request, "_drafts_of_pages", None)
    if known is None:
        known = drafts.drafts_of_pages(staff(request))
        request._drafts_of_pages = known  # type: ignore[attr-defined]
    form.draft = known.get(form.draft_of)
    if form.draft is None:
        return
    form.has_kept(drafts.files_of(form.draft))
    if not form.is_bound:
        fill(form, form.draft)


def _place(path: str, about: str) -> str:
    """Where a form stands and what it is about; of a path with too long a query, without that."""
    place = f"{path} {about}".rstrip()
    return place if len(place) <= LONGEST_PLACE else f"{path.partition('?')[0]} {about}".rstrip()


@dataclass(frozen=True)
class Typed:
    """What stands in a field, where it cannot be sent: to be copied, not to be lost."""

    label: str
    text: str


def typed_in(fields: Mapping[str, forms.Field], values: Mapping[str, Any]) -> list[Typed]:
    """The words among what was sent or kept."""
    written = {name: each for name, each in fields.items() if isinstance(each, forms.CharField)}
    return [
        Typed(str(each.label), text)
        for name, each in written.items()
        if not each.widget.is_hidden and isinstance(text := values.get(name), str) and text.strip()
    ]


@dataclass(frozen=True)
class Stranded:
    """A draft of an act that cannot be done to the case now: somebody was quicker."""

    action: Action
    draft: Draft
    typed: list[Typed]
    files: list[str]  # their names
    url: str  # where it is thrown away


def stranded_of(case: Complaint, person: User, possible: Collection[str]) -> list[Stranded]:
    """Of this person's drafts those for none of these acts; a query only where there is a draft."""
    if not marks_of(case).has_draft:
        return []
    begun = Draft.objects.filter(person=person, complaint=case).exclude(act__in=possible)
    return [
        Stranded(
            action,
            draft,
            typed_in(action.form_for(case).base_fields, draft.values),
            [file.name for file in drafts.files_of(draft)],
            reverse(f"complaints:case-{action.slug}", args=[case.number]),
        )
        for draft in begun.order_by("saved_at")
        if (action := BY_SLUG.get(draft.act)) is not None
    ]


def fill(form: forms.Form, draft: Draft) -> None:
    """Puts what was typed into a form that is shown anew. What is hidden is the page's own, not the writer's."""
    for name, each in form.fields.items():
        key = form.add_prefix(name)
        if each.widget.is_hidden or isinstance(each, forms.FileField):
            continue
        kept = draft.values.get(key)
        if isinstance(each, forms.MultipleChoiceField):
            form.initial[name] = [kept] if isinstance(kept, str) else kept or []
        elif isinstance(each, forms.BooleanField):
            form.initial[name] = bool(kept)
        elif kept is not None:
            form.initial[name] = kept if isinstance(kept, str) else "\n".join(kept)


def _plain(values: list[Any]) -> str | list[str]:
    texts = [several_lines(each) for each in values if isinstance(each, str)]
    return texts[0] if len(texts) == 1 else texts


_CHOSEN = (forms.ChoiceField, forms.MultipleChoiceField, forms.BooleanField)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise
