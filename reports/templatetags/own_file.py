"""The citizen's own sealed file, for the citizen's page of the app below, which does not know this app."""

from datetime import datetime

from django import template

from complaints.models import Complaint
from reports.documents.own import OwnFile, own_file

register = template.Library()


@register.simple_tag
def own_sealed_file(case: Complaint, now: datetime) -> OwnFile:
    return own_file(case, now)
