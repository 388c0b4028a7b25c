"""The citizen answers the question of a part while the part is answered: neither waits for the other for good."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts.actors import Citizen
from accounts.models import User
from complaints.models import Complaint
from complaints.models.complaint import Conflict
from complaints.services import citizen, handling, verification
from complaints.services.change import NotPossible
from complaints.states import State
from tests import factories
from tests.factories import DAY, FRIDAY
from tests.lifecycle.test_parts import accept, fresh, shared
from tests.shared import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8 if connection.vendor == "postgresql" else 2
LATER = FRIDAY + DAY


def at_once(*acts: Callable[[], object]) -> None:
    start = Barrier(len(acts))

    def play(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=PATIENCE)
            act()
        except (NotPossible, Conflict):
            pass  # the other was quicker
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for future in [pool.submit(play, act) for act in acts]:
            future.result(timeout=PATIENCE)


def asked() -> tuple[Complaint, Complaint, User]:
    lead, part = shared(FRIDAY)
    officer = factories.officer_of(part)
    accept(part)
    verification.ask_citizen(part.pk, actor=officer, now=FRIDAY, question="Yang mana?")
    return lead, part, officer


def test_an_answer_of_the_citizen_and_one_of_the_part_at_once() -> None:
    for _ in range(ROUNDS):
        lead, part, officer = asked()
        said = partial(citizen.answer, lead.pk, actor=Citizen(lead.pk), now=LATER, text="Di pasar")
        at_once(said, partial(handling.resolve, part.pk, actor=officer, now=LATER, answer="Sudah"))
        assert (fresh(lead).state, fresh(part).state) == (State.ASSIGNED, State.RESOLVED)
        assert not lead.pauses.filter(ended_at=None).exists()
