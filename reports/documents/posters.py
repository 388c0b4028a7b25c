"""The poster of a counter, with the way to the complaint form: for who sets the standards of its agency."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import role_of
from accounts.models import User
from complaints.models import Service
from complaints.permissions import role_may
from complaints.services.change import NotAllowed, NotPossible
from reports.documents.asking import find_or_ask
from reports.documents.models import Document
from reports.pages.poster import counter_poster_pdf
from surveys.rights import SurveyAct
from surveys.standards.models import Counter


def ask_counter_poster(
    service: Service, counter: Counter, *, actor: User, now: datetime, language: str
) -> Document:
    """NotAllowed out of one's own line; NotPossible where nobody is served any more, or not with this service."""
    if not _is_of_their_line(service, actor):
        raise NotAllowed(SurveyAct.SET_STANDARD)
    if not _serves(counter, service):
        raise NotPossible(_("This counter does not offer the service (any more)."))
    about: dict[str, object] = {"service": service, "counter": counter}
    return find_or_ask(Document.Kind.COUNTER_POSTER, about, actor, now, language)[0]


def counter_in_reach(document: Document, user: User) -> bool:
    """Whether this person could ask for it anew."""
    service, counter = document.service, document.counter
    if service is None or counter is None:
        return False
    return _is_of_their_line(service, user) and _serves(counter, service)


def counter_poster(document: Document) -> tuple[str, bytes]:
    """Its name and content. Raises RenderFailed."""
    assert document.service is not None
    assert document.counter is not None
    name = f"tuntas-counter-{document.counter.code}-{document.service.code}.pdf"
    return name, counter_poster_pdf(document.service, document.counter)


def _is_of_their_line(service: Service, user: User) -> bool:
    return role_may(role_of(user), SurveyAct.SET_STANDARD) and service.agency_id in user.agency_scope


def _serves(counter: Counter, service: Service) -> bool:
    return service.is_active and counter.is_active and counter.services.filter(pk=service.pk).exists()
