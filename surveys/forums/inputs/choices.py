"""Why something is hidden or declined: short lists, so that reasons can be counted and compared."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HideReason(models.TextChoices):
    """Why a contribution is not shown."""

    INSULT = "insult", _("it insults somebody")
    PERSONAL = "personal", _("it tells private things about somebody")
    THREAT = "threat", _("it threatens or calls for violence")
    ADVERTISING = "advertising", _("it is advertising")
    ELSEWHERE = "elsewhere", _("it has nothing to do with the topic")
    REPEATED = "repeated", _("the same was sent several times")


class DeclineReason(models.TextChoices):
    """Why nothing comes of an input."""

    NOT_OURS = "not_ours", _("the city has no say in this")
    LAW = "law", _("the law does not allow it")
    MONEY = "money", _("there is no money for it this year")
    DECIDED = "decided", _("it was decided otherwise, and the decision stands")
    UNCLEAR = "unclear", _("what is meant cannot be understood")
    NO_CONTENT = "no_content", _("it holds no wish, question or complaint")
