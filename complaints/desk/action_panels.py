"""What may be done to a case, each behind a fold. A form is made when its fold is opened: a page has a dozen, and its
reader fills in one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from complaints.clock.calendars import calendars
from complaints.desk.actions import Action, open_actions
from complaints.desk.forms.actions import CaseForm
from complaints.desk.looks import drafts_among
from complaints.desk.next_case import LONGEST
from complaints.desk.replies import Reply, replies_for
from complaints.desk.unsent import Unsent
from complaints.identity import Identity
from complaints.models import Attachment, Complaint, Draft


@dataclass(frozen=True)
class ActionPanel:
    """An action, and its form where its fold is open."""

    action: Action
    url: str
    form_url: str  # the form alone, for the fold
    page: str  # where the fold is
    form: CaseForm | None = None
    replies: tuple[Reply, ...] = ()
    hindrance: str = ""  # why it is not possible yet, said before anybody types
    draft: Draft | None = None  # what its reader began and did not send; it is in the form
    files: tuple[Attachment, ...] = ()  # kept with the draft
    has_draft: bool = False  # also of a closed fold
    listing: str = ""  # from which the page was opened

    @property
    def page_url(self) -> str:
        """The same page with the fold open: the way without JavaScript."""
        query = {"do": self.action.slug} | ({"list": self.listing} if self.listing else {})
        return f"{self.page}?{urlencode(query)}#do-{self.action.slug}"

    @property
    def is_open(self) -> bool:
        return self.form is not None

    @property
    def text_id(self) -> str:
        """The id of the control that a standard reply fills."""
        return f"{self.action.slug}-{self.action.form.text}"

    @property
    def draft_url(self) -> str:
        """To which the form is sent while it is typed."""
        return f"{self.url}draft/"

    @property
    def is_older(self) -> bool:
        """Whether the case has moved on since the draft was written."""
        return (
            self.draft is not None and self.form is not None and self.draft.version < self.form.case.version
        )


@dataclass(frozen=True)
class Opened:
    """Which fold of a page is open: one that was asked for, or one whose form was refused; `page` is the path of the
    page, where it is not the case page, and `listing` the list from which it was opened."""

    slug: str = ""
    bound: CaseForm | None = None
    page: str = ""
    listing: str = ""

    @classmethod
    def by(cls, request: HttpRequest) -> Self:
        """What the address of a page asks for."""
        return cls(
            request.GET.get("do", ""), page=request.path, listing=request.GET.get("list", "")[:LONGEST]
        )

    def has(self, action: Action) -> bool:
        return action.slug == self.slug


NONE_OPEN = Opened()


def panels_of(
    case: Complaint, actor: User, now: datetime, opened: Opened, *, identity: Identity, still_working: str
) -> list[ActionPanel]:
    """In the order to show. Queries only for what is open. `identity` is empty where it is protected."""
    begun = drafts_among(case, actor)
    return [
        _panel(
            action, case, actor, now, opened, identity, still_working if action.waits_for_parts else "", begun
        )
        for action in open_actions(actor, case)
    ]


def _panel(
    action: Action,
    case: Complaint,
    actor: User,
    now: datetime,
    opened: Opened,
    identity: Identity,
    hindrance: str,
    begun: set[str],
) -> ActionPanel:
    form_url = reverse("complaints:case-form", args=[case.number, action.slug])
    query = {"seen": case.version} | ({"list": opened.listing} if opened.listing else {})
    folded = ActionPanel(
        action,
        url=reverse(f"complaints:case-{action.slug}", args=[case.number]),
        form_url=f"{form_url}?{urlencode(query)}",
        page=opened.page or reverse("complaints:case-detail", args=[case.number]),
        has_draft=action.slug in begun,
        listing=opened.listing,
    )
    if not opened.has(action):
        return folded
    unsent = Unsent.of(actor, case, action)
    form = opened.bound or _blank(action, case, actor, unsent.draft)
    form.has_kept(unsent.files)
    return replace(
        folded,
        form=form,
        replies=_replies(action, case, identity, now),
        hindrance=hindrance,
        draft=unsent.draft,
        files=tuple(unsent.files),
    )


def _replies(action: Action, case: Complaint, identity: Identity, now: datetime) -> tuple[Reply, ...]:
    if not action.use:
        return ()
    return tuple(replies_for(case, {str(action.use)}, identity=identity, known=calendars(), now=now))


def _blank(action: Action, case: Complaint, actor: User, draft: Draft | None) -> CaseForm:
    """With what its reader had typed. Which version they see is that of the page, not of the draft."""
    initial = dict(draft.values) if draft else {}
    return action.form_for(case)(case=case, actor=actor, initial=initial, auto_id=f"{action.slug}-%s")


def reply_named(code: str, action: Action, case: Complaint, now: datetime, *, identity: Identity) -> str:
    """The text of a standard reply for this case, "" where there is none of that name."""
    found = (each.text for each in _replies(action, case, identity, now) if each.code == code)
    return next(found, "")
