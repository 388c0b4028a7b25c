"""Who of the staff is told of a report by name: chosen while it is prepared, and looked at again when a mail leaves."""

from collections.abc import Iterable

from accounts.actors import role_of
from accounts.models import User
from reports.publication.models import Report


def as_whom(user: User) -> str:
    """Role and agency, as they are kept beside a recipient."""
    return f"{role_of(user)} {user.agency_id or ''}".strip()


def is_recipient(report: Report, user: User) -> bool:
    """Who was chosen is told as long as they are who they were: neither gone, nor in another role or agency. Whoever
    holds the office now is chosen by a person."""
    was = report.recipients_as.get(str(user.pk))
    return user.is_active and was in (None, as_whom(user))


def recipients_of(report: Report) -> tuple[list[User], list[User]]:
    """Those who are told, by name, and those who were chosen and are somebody else by now."""
    chosen = list(report.recipients.select_related("agency").order_by("name", "pk"))
    told = [user for user in chosen if is_recipient(report, user)]
    return told, [user for user in chosen if user not in told]


def choose_recipients(report: Report, users: Iterable[User]) -> None:
    """Those and nobody else, as who they are now; the report is saved by the caller."""
    chosen = list(users)
    report.recipients.set(chosen)
    report.recipients_as = {str(user.pk): as_whom(user) for user in chosen}
