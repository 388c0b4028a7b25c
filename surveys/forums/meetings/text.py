"""The text of minutes as it is signed: one spelling, in no reader's language, whose SHA-256 stands in the ledger.

{"forum", "title", "agency", "place", "starts_at", "ends_at", "version", "summary", "present": {group: count},
 "agreements": [{"title", "agency", "service"}], "objections": [{"digest", "answer"}]}

Everybody can fetch it beside the published minutes and hash it with any tool. Names are not part of it. Of an objection
it holds a salted digest: salt and words stand beside it, until they are erased.
"""

from hashlib import sha256
from typing import Any

from django.db.models import Count

from complaints.models.event import canonical
from surveys.forums.meetings.models.minutes import Minutes, MinutesVersion


def text_of(minutes: Minutes, version: MinutesVersion) -> bytes:
    """The canonical text of a version, with the objections to it and their answers as they stand."""
    forum = minutes.forum
    return canonical(
        {
            "forum": forum.code,
            "title": forum.title,
            "agency": forum.host.code,
            "place": forum.place,
            "starts_at": forum.starts_at.isoformat(),
            "ends_at": forum.ends_at.isoformat(),
            "version": version.number,
            "summary": version.summary,
            "present": present(minutes),
            "agreements": [
                {
                    "title": each.title,
                    "agency": each.agency.code,
                    "service": each.service.code if each.service else "",
                }
                for each in version.agreements.select_related("agency", "service").order_by("position")
            ],
            "objections": [
                {"digest": each.digest, "answer": each.answer} for each in minutes.objections.order_by("pk")
            ],
        }
    )


def present(minutes: Minutes) -> dict[str, int]:
    """How many were there, by group."""
    rows = minutes.forum.attendances.order_by().values_list("group").annotate(n=Count("pk"))
    return dict(sorted(rows))


def digest_of(minutes: Minutes, version: MinutesVersion) -> str:
    return sha256(text_of(minutes, version)).hexdigest()


def words_digest(salt: str, text: str) -> str:
    """What the text holds of an objection."""
    return sha256(f"{salt}\0{text}".encode()).hexdigest()


def changed_since_signing(minutes: Minutes) -> bool:
    """Whether the text is another than what a side has signed, or the words of an objection are others than its
    digest says."""
    signatures: list[Any] = list(minutes.signatures.select_related("version"))
    if not signatures:
        return False
    latest = minutes.latest
    for each in signatures:
        if latest is None or each.version_id != latest.pk or digest_of(minutes, each.version) != each.digest:
            return True
    said = minutes.objections.exclude(salt="")
    return any(words_digest(each.salt, each.text) != each.digest for each in said)
