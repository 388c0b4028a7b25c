"""What may be done to several cases of the queue at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import User
from complaints.choices import kept_html
from complaints.desk.forms import bulk as forms
from complaints.desk.queues import bulk_place
from complaints.desk.unsent import fill
from complaints.files.drafts import draft_of
from complaints.models import Draft
from complaints.permissions import Act, Right, role_may
from complaints.services import handling, verification
from complaints.services.change import NotPossible
from complaints.states import Verb


def _merge(pk: int, *, into: int, **rest: Any) -> object:
    """The main case may be ticked with those that repeat it."""
    if pk == into:
        raise NotPossible(_("This is the case that the others were to be merged into."))
    return verification.merge(pk, into=into, **rest)


def _note(pk: int, *, version: int, actor: User, now: datetime, text: str) -> object:
    """A remark is right whatever happened meanwhile."""
    return handling.add_note(pk, actor=actor, now=now, text=text)


@dataclass(frozen=True)
class BulkAction:
    """`slug` is the last part of the path; `label` names it above its fields. `draft`: what was typed before."""

    slug: str
    right: Right
    title: str | Promise
    label: str | Promise
    submit: str | Promise
    form: type[forms.BulkForm]
    service: Callable[..., object]
    danger: bool = False
    draft: Draft | None = None

    @property
    def url(self) -> str:
        return reverse(f"complaints:bulk-{self.slug}")

    @property
    def fields(self) -> str:
        """As long as nothing was typed in them they are the same for all."""
        return self._drawn() if self.is_begun else kept_html(f"bulk:{self.slug}", self._drawn)

    def _drawn(self) -> str:
        form = self.form()
        if self.draft:
            fill(form, self.draft)
        return render_to_string("complaints/desk/_bulk_fields.html", {"form": form})

    @property
    def is_begun(self) -> bool:
        values = self.draft.values if self.draft else {}
        return any(str(values.get(name) or "").strip() for name in self.form.base_fields)


BULK_ACTIONS: tuple[BulkAction, ...] = (
    BulkAction("assign", Verb.ASSIGN, _("Assigning several cases"), _("Assign to an agency"),
               _("Assign the ticked cases"), forms.BulkAssignForm, verification.assign),
    BulkAction("hand-back", Verb.HAND_BACK, _("Handing back several cases"), _("Hand back: not ours"),
               _("Hand back the ticked cases"), forms.BulkHandBackForm, handling.hand_back),
    BulkAction("note", Act.NOTE, _("A note to several cases"), _("Internal note"),
               _("Save the note with the ticked cases"), forms.BulkNoteForm, _note),
    BulkAction("merge", Verb.MERGE, _("Merging several cases"), _("Merge with another case"),
               _("Merge the ticked cases"), forms.BulkMergeForm, _merge),
    BulkAction("reject", Verb.REJECT, _("Rejecting several cases"), _("Reject"),
               _("Reject the ticked cases"), forms.BulkRejectForm, verification.reject, danger=True),
)  # fmt: skip


def bulk_of(user: User, *, has_draft: bool) -> tuple[list[BulkAction], forms.BulkForm]:
    """Those that this person's role allows, the usual one first, none for who does nothing in bulk; and what stands for
    all of them, which are one form to the page: where they are kept, and the draft of any of these."""
    role, whole = role_of(user), forms.BulkForm()
    whole.draft_of = bulk_place()
    if not role_may(role, Act.BULK):
        return [], whole
    draft = draft_of(user, None, whole.draft_of) if has_draft else None
    actions = [replace(action, draft=draft) for action in BULK_ACTIONS if role_may(role, action.right)]
    # Who has another role since may have begun what is not theirs to do any more.
    if any(action.is_begun for action in actions):
        whole.draft = draft
    return actions, whole
