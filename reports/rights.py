"""The rows that this app adds to the rights table."""

from enum import StrEnum

from accounts.roles import Role
from complaints.permissions import Right


class ReportAct(StrEnum):
    READ_REPORTS = "read_reports"
    SEAL_FILE = "seal_file"  # the case as a bundle for the ombudsman or an appeal
    SEAL_OWN_FILE = "seal_own_file"  # what its citizen may see of it, for the ombudsman


RIGHTS: dict[Right, frozenset[Role]] = {
    ReportAct.READ_REPORTS: frozenset({Role.VERIFIER, Role.AGENCY_HEAD, Role.SUPERVISOR}),
    ReportAct.SEAL_FILE: frozenset({Role.SUPERVISOR}),
    ReportAct.SEAL_OWN_FILE: frozenset({Role.CITIZEN}),
}
