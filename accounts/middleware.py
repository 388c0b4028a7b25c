"""Two-step sign-in for staff, compulsory where STAFF_TWO_STEP_REQUIRED says so."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class TwoStepRequired:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_TWO_STEP_REQUIRED:
            pass  # filled in by the sign-in work
        return self.get_response(request)
