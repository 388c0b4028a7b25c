"""The two mails after a report. Neither holds a code or a link that lets anybody in: the citizen has the receipt."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from complaints.clock.city_time import start_of
from complaints.clock.dates import day_words
from complaints.mail.types import MessageType
from complaints.models import Message
from surveys.aftercase.ends import end_of, last_day
from surveys.aftercase.models import AfterCase


class AfterCaseMessage(models.TextChoices):
    INVITATION = "after_case", gettext_lazy("Questions after a report")
    REMINDER = "after_case_again", gettext_lazy("Questions after a report, reminder")


def _row(message: Message) -> AfterCase | None:
    return AfterCase.objects.filter(pk=message.data.get("row"), complaint=message.complaint_id).first()


def _is_over(message: Message) -> bool:
    """Answered since, erased, or under way again."""
    row, case = _row(message), message.complaint
    if row is None or case is None or row.is_answered:
        return True
    end = end_of(case)
    return end is None or (end.about.pk, end.cycle) != (row.about_id, row.cycle)


def _context(message: Message) -> dict[str, Any]:
    row = _row(message)
    until = day_words(start_of(last_day(row))) if row else ""
    return {"again": message.template == AfterCaseMessage.REMINDER, "answer_until": until}


MESSAGES = tuple(
    MessageType(
        template,
        files="after_case",
        is_step=template == AfterCaseMessage.REMINDER,
        is_overtaken=_is_over,
        follows_main=True,
        context=_context,
    )
    for template in AfterCaseMessage
)
