"""Who took part hears of every step: one mail a step and person, drafted here, addressed when it leaves."""

from collections.abc import Collection, Iterable
from datetime import datetime

from complaints.clock.city_time import day_of
from complaints.mail.drafting import draft_message, store_messages
from surveys.forums.contacts import may_ask
from surveys.forums.inputs.messages import VoiceMessage
from surveys.forums.inputs.models import InputStep
from surveys.forums.models import Contact, ForumInput, Support


def ask_to_confirm(contact: Contact, row: ForumInput, now: datetime, support: Support | None = None) -> None:
    """One mail with the link that confirms the address, whatever else is said under it before it is pressed; none to
    who stopped."""
    if not may_ask(contact, now):
        return
    about = f"s{support.pk}" if support else f"i{row.pk}"
    data = {"contact": contact.pk, "input": row.number, "about": about}
    cause = f"{contact.pk}:asked:{now.isoformat()}"
    store_messages([draft_message(VoiceMessage.CONFIRM, case=None, cause=cause, due_at=now, data=data)])


def tell_received(contact: Contact, row: ForumInput, now: datetime) -> None:
    """Once a day for what comes over the public pages: anybody can type an address there."""
    if contact.stopped_at is not None:
        return
    data = {"contact": contact.pk, "input": row.number, "kind": "received"}
    once = row.number if row.entered_by_id is not None else f"{day_of(now)}"
    cause = f"{contact.pk}:received:{once}"
    store_messages([draft_message(VoiceMessage.STEP, case=None, cause=cause, due_at=now, data=data)])


def followers(inputs: Iterable[int]) -> dict[int, bool]:
    """Keys of the contacts who spoke or supported, and whether they spoke; without those who want no mails."""
    keys = list(inputs)
    supported = Support.objects.filter(input__in=keys, contact__stopped_at=None, contact__isnull=False)
    spoke = ForumInput.objects.filter(pk__in=keys, contact__stopped_at=None, contact__isnull=False)
    found = dict.fromkeys(supported.values_list("contact", flat=True), False)
    return found | dict.fromkeys(spoke.values_list("contact", flat=True), True)


def tell_step(
    step: InputStep,
    inputs: Iterable[int],
    now: datetime,
    *,
    only_authors: bool = False,
    but_not: Collection[int] = (),
) -> set[int]:
    """Everybody who led to what this step did hears of it, once for all their contributions and supports. Returns the
    keys of whom it told."""
    who = {
        contact: spoke
        for contact, spoke in followers(inputs).items()
        if (spoke or not only_authors) and contact not in but_not
    }
    told = [
        draft_message(
            VoiceMessage.STEP,
            case=None,
            cause=f"{contact}:step:{step.pk}",
            due_at=now,
            data={"contact": contact, "step": step.pk, "kind": step.kind, "spoke": spoke},
        )
        for contact, spoke in sorted(who.items())
    ]
    store_messages(told)
    return set(who)
