"""What each sign means, and why there may be an innocent reason."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from escalation.signals.models import Signal


class Meaning(NamedTuple):
    """`of`: of what the share is; `means`: when it is a sign; `innocent`: what else it may be."""

    of: Promise
    means: Promise
    innocent: Promise


MEANINGS = {
    Signal.ASKED_BEFORE_DUE: Meaning(
        _("questions to citizens that stopped the clock"),
        _(
            "Asked in the last tenth of the promised time, or in its last 24 hours: the promise stands still "
            "instead of being missed."
        ),
        _("What is missing may only show at the end of the work."),
    ),
    Signal.PASSED_AROUND: Meaning(
        _("reports that an agency had"),
        _("Three agencies in turn, three times handed back, or back at an agency that had handed it on."),
        _("Some matters do belong to several offices; a shared report would say so."),
    ),
    Signal.ANSWERED_IN_BULK: Meaning(
        _("answers"),
        _(
            "One of at least five that one person gave within half an hour, or on the last three days of a month on "
            "which the agency answered three times as many a day as before."
        ),
        _("One cause, such as a power cut, may be behind many reports, and one repair may end them."),
    ),
    Signal.CORRECTED_FOR_TIME: Meaning(
        _("corrections of kind or category that changed the promise"),
        _("Made after half of the promised time, and the new promise is later."),
        _("What a report is about may only show on the spot."),
    ),
    Signal.EXTENDED_TOO_LATE: Meaning(
        _("extensions"),
        _("Granted when the promised day had passed already."),
        _("Whoever decides may have been asked late."),
    ),
    Signal.ANSWERED_ALIKE: Meaning(
        _("answers whose words are kept"),
        _("Five citizens or more read the same words from one agency, numbers aside."),
        _("Reports of the same thing may get the same answer, and be merged instead."),
    ),
    Signal.DISPUTED_AFTER_HASTE: Meaning(
        _("disputes"),
        _("The disputed answer had come within an hour of taking the report on."),
        _("A citizen may dispute a quick answer that was right."),
    ),
    Signal.NEVER_PROMISED: Meaning(
        _("reports received"),
        _("No promise to answer ever ran, so that none could be missed."),
        _("Reports taken over from another system may have come without one."),
    ),
    Signal.ANSWERED_EMPTILY: Meaning(
        _("first answers whose words are kept"),
        _("Fewer than eight words, or hardly more than that the report is being handled."),
        _("“The lamp burns again” says all that has to be said."),
    ),
}
