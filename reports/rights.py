"""The rows that this app adds to the rights table."""

from enum import StrEnum

from accounts.roles import Role
from complaints.permissions import Right


class ReportAct(StrEnum):
    READ_REPORTS = "read_reports"
    SEAL_FILE = "seal_file"  # the case as a bundle for the ombudsman or an appeal
    SEAL_OWN_FILE = "seal_own_file"  # what its citizen may see of it, for the ombudsman
    PREPARE_REPORT = "prepare_report"  # words, foreword, answers to remarks
    REMARK_REPORT = "remark_report"
    REVIEW_REPORT = "review_report"  # as the second reader, never of one's own words
    PUBLISH_REPORT = "publish_report"  # and withdraw
    EVALUATE = "evaluate"  # fetch the file for who evaluates the city


RIGHTS: dict[Right, frozenset[Role]] = {
    ReportAct.READ_REPORTS: frozenset({Role.VERIFIER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    ReportAct.SEAL_FILE: frozenset({Role.SUPERVISOR}),
    ReportAct.SEAL_OWN_FILE: frozenset({Role.CITIZEN}),
    # Who verifies knows all cases and none of them is theirs; a head answers for their own agency.
    ReportAct.PREPARE_REPORT: frozenset({Role.VERIFIER, Role.AGENCY_HEAD}),
    ReportAct.REMARK_REPORT: frozenset({Role.VERIFIER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    ReportAct.REVIEW_REPORT: frozenset({Role.VERIFIER, Role.SUPERVISOR}),
    # A decision, so a supervisor's; not the ombudsman's, who judges what the city says of itself (services/frame.py).
    ReportAct.PUBLISH_REPORT: frozenset({Role.SUPERVISOR}),
    # Of the heads the one whose unit runs the complaints desk (evaluation/views.py).
    ReportAct.EVALUATE: frozenset({Role.SUPERVISOR, Role.AGENCY_HEAD}),
}
