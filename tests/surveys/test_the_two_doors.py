"""The doors of the citizens' voice: on the desk the first tab of the role, in public what there is."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from complaints.permissions import role_may
from surveys.rights import SurveyAct
from surveys.voice.additions import TAKE_PART, VOICE_TABS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(role for role in Role if role_may(role, SurveyAct.HEAR)))
def test_staff_come_to_the_first_tab_that_is_theirs(client: Client, role: Role) -> None:
    client.force_login(factories.make_user(role))
    mine = sorted(
        (tab for tab in VOICE_TABS if role_may(role, tab.right)),
        key=lambda tab: tab.position,
    )
    page = client.get("/staff/voice/")
    if not mine:
        assert page.status_code == 200
    else:
        first = reverse(mine[0].url_name)
        assert (page.status_code, page.headers["Location"]) == (302, first)
        assert client.get(first).status_code == 200


def test_the_public_page_shows_each_panel_and_needs_no_cookie(client: Client) -> None:
    page = client.get("/take-part/")
    assert page.status_code == 200 and not page.cookies
    names = [template.name for template in page.templates]
    assert all(panel.template in names for panel in TAKE_PART)
    assert b'href="/take-part/" aria-current="page"' in page.content
