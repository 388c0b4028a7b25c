"""A forum about the counter's hours, and those who say something there."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Agency
from complaints.identity import Identity
from surveys.forums.inputs.services.saying import Said, say
from surveys.forums.models import Forum, ForumInput, ForumState
from tests import factories
from tests.factories import FRIDAY

Source = ForumInput.Source


def make_forum(agency: Agency | None = None, code: str = "jam-layanan", **fields: Any) -> Forum:
    factories.make_city()
    values = {
        "title": "Jam layanan loket",
        "topic": "Apakah jam loket cocok?",
        "agency": agency or factories.make_agency(),
        "starts_at": FRIDAY + timedelta(days=3),
        "ends_at": FRIDAY + timedelta(days=3, hours=2),
        "state": ForumState.ANNOUNCED,
    }
    return Forum.objects.create(code=code, **(values | fields))


def said(
    forum: Forum | None = None, text: str = "Loket tutup terlalu awal.", now: datetime = FRIDAY, **fields: Any
) -> ForumInput:
    """What a citizen says in the thread; with `email=` they left an address, with `vouched=` it is confirmed."""
    forum = forum or Forum.objects.first() or make_forum()
    key, email, vouched = fields.pop("key", ""), fields.pop("email", ""), fields.pop("confirmed", False)
    name = fields.pop("name", "")
    if email:
        fields["identity"] = Identity(name, email)
    values: dict[str, Any] = {"source": Source.THREAD, "forum": forum} | fields
    row = say(Said(text=text, **values), actor=None, now=now, idempotency_key=key)
    if vouched and row.contact:
        type(row.contact).objects.filter(pk=row.contact.pk).update(confirmed_at=now)
        row.contact.refresh_from_db()
    return row
