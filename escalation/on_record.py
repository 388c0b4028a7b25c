"""What of this app's tables the history does not hold fast (complaints/history/untold.py)."""

from django.utils.translation import gettext_lazy as _

from complaints.history.untold import Untold
from escalation.models import (
    AuditReview,
    Commitment,
    Escalation,
    Hold,
    KeptStay,
    KeptStayState,
    LadderState,
    MonthCount,
    MonthRemark,
    OfficerMonth,
    OversightSums,
    Proposal,
    Recommendation,
    SignalCount,
    SignalLook,
    WhatIf,
)

UNTOLD = (
    Untold(
        "drafts",
        _("What a reviewer of an audit has written and not said yet"),
        _("It is theirs alone. From the moment at which it is told, it stands in the history of the report."),
        {AuditReview: ("finding",)},
    ),
    Untold(
        "sweep",
        _("When the daily sweep ran last, and what holds it up"),
        _("Each run writes it anew. What the sweep did to a report stands in its history."),
        {
            LadderState: (),
            Escalation: ("may_stand",),
            Hold: (),
            Recommendation: ("sweep_error",),
            Commitment: ("sweep_error",),
            Proposal: ("sweep_error",),
        },
    ),
    Untold(
        "trials",
        _("Trials of another policy"),
        _("They are computed from the history and can be computed again."),
        {WhatIf: ()},
    ),
    Untold(
        "months",
        _("What was counted of an officer's month, and what they said to it"),
        _("It is between them and their head. Database triggers refuse any change of it."),
        {OfficerMonth: (), MonthRemark: (), MonthCount: ()},
    ),
    Untold(
        "sums",
        _("Sums over all reports for the supervisors, a few minutes old"),
        _("They are counted from the reports, and counted again every five minutes."),
        {OversightSums: ()},
    ),
    Untold(
        "stays",
        _("The times that reports were with agencies, as rows to be counted"),
        _("They are read from the history and can be read again; check_integrity does so."),
        {KeptStay: (), KeptStayState: ()},
    ),
    Untold(
        "signs",
        _("Which reports show a sign, as counted in the last night"),
        _("They are counted from the history, and counted again each night."),
        {SignalLook: (), SignalCount: ()},
    ),
)
