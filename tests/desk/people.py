"""Who sits at the desk in these tests, and the cases before them."""

from accounts.roles import Role
from complaints.models import Complaint
from tests.factories import assigned, file_complaint, make_agency, make_user

EVERYBODY = (Role.CLERK, Role.VERIFIER, Role.OFFICER, Role.AGENCY_HEAD, Role.SUPERVISOR, Role.ADMINISTRATOR)


def make_everybody():
    """One person for each role; officer and head belong to PUPR."""
    return {role: make_user(role) for role in EVERYBODY}


def case_of_pupr(**fields) -> Complaint:
    return assigned(agency=make_agency("PUPR"), **fields)


def foreign_case(**fields) -> Complaint:
    """With another agency than Oka's."""
    return assigned(agency=make_agency("DINKES"), **fields)


def new_case(**fields) -> Complaint:
    return file_complaint(**fields)
