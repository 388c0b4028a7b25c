"""What the panel about the pictures of an answer needs."""

from django import template

from accounts.models import User
from complaints.desk.picture_remarks import Remarks, remarks_on
from complaints.models import Complaint

register = template.Library()


@register.simple_tag
def picture_remarks(case: Complaint, actor: User) -> list[Remarks]:
    return remarks_on(case, actor)
