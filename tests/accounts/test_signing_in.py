"""Signing in: who gets in, who does not, and what a stranger can learn from it (nothing)."""

import re

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from complaints.mail.outbox import send_due
from complaints.models import Message
from config.start import is_held_as_older_copy
from tests import factories
from tests.factories import FRIDAY, PASSWORD

pytestmark = pytest.mark.django_db
WRONG = "not-the-password-at-all"


def normal(response, *mentioned):
    """A response without what differs by chance or was typed in: tokens, the incident's number, the address."""
    body = response.content.decode()
    for text in mentioned:
        body = body.replace(text, "ADDRESS")
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1TOKEN", body)
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    cookies = sorted(response.cookies)
    return response.status_code, headers, cookies, body


def link_in_mail():
    """The path of the link that was sent."""
    found = re.search(r"http://127\.0\.0\.1:\d+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


def test_staff_get_in_with_address_and_password_in_any_case(client, sign_in):
    user = factories.make_user(Role.VERIFIER, email="vera@kota.example")
    answer = sign_in(client, "Vera@Kota.Example ")
    assert (answer.status_code, answer["Location"]) == (302, "/staff/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not EmailAddress.objects.exists()  # no second place where an address could be found


def test_known_unknown_and_closed_accounts_are_refused_alike(sign_in):
    known = factories.make_user(Role.VERIFIER, email="known@kota.example")
    factories.make_user(Role.VERIFIER, email="closed@kota.example", is_active=False)
    tries = [
        (known.email, WRONG),
        ("nobody@kota.example", WRONG),
        ("closed@kota.example", WRONG),
        ("closed@kota.example", PASSWORD),
    ]
    answers = [normal(sign_in(Client(), email, password), email) for email, password in tries]
    assert answers[0][0] == 200
    assert all(answer == answers[0] for answer in answers[1:])


def test_guessing_locks_the_guesser_out_and_not_the_owner(sign_in):
    owner = factories.make_user(Role.VERIFIER, email="vera@kota.example")
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    statuses = [sign_in(guesser, "Vera@kota.example", WRONG).status_code for _ in range(10)]
    assert statuses == [200] * 7 + [429] * 3
    locked = sign_in(guesser, owner.email)
    assert locked.status_code == 429
    assert "_auth_user_id" not in guesser.session
    assert sign_in(Client(REMOTE_ADDR="198.51.100.9"), owner.email).status_code == 302


def test_a_device_that_was_in_before_is_let_in_while_others_of_its_network_guess(sign_in):
    owner = factories.make_user(Role.VERIFIER, email="vera@kota.example")
    device, guesser = (Client(REMOTE_ADDR="203.0.113.7") for _ in range(2))
    assert sign_in(device, owner.email).status_code == 302
    device.post("/accounts/logout/")
    for _ in range(10):
        sign_in(guesser, owner.email, WRONG)
    assert sign_in(guesser, owner.email).status_code == 429
    assert sign_in(device, owner.email).status_code == 302
    device.post("/accounts/logout/")
    # It is counted as strictly, and for its own person alone.
    assert [sign_in(device, owner.email, WRONG).status_code for _ in range(9)][-1] == 429
    guesser.cookies["device"] = device.cookies["device"].value
    assert sign_in(guesser, "other@kota.example", WRONG).status_code == 200
    guesser.cookies["device"] = "forged"
    assert sign_in(guesser, owner.email).status_code == 429


def test_a_locked_out_name_tells_nothing_of_whether_it_exists(sign_in):
    factories.make_user(Role.VERIFIER, email="known@kota.example")

    def after_many(email):
        client = Client(REMOTE_ADDR="203.0.113.7")
        return [sign_in(client, email, WRONG) for _ in range(9)]

    known, unknown = after_many("known@kota.example"), after_many("nobody@kota.example")
    for one, other in zip(known, unknown, strict=True):
        a, b = normal(one, "known@kota.example"), normal(other, "nobody@kota.example")
        assert (a[0], a[2]) == (b[0], b[2])
        strip = [re.sub(r"\b[0-9a-f]{8}\b", "INCIDENT", body) for body in (a[3], b[3])]
        assert strip[0] == strip[1]


def test_one_guess_for_each_of_many_accounts_is_slowed_down_too(sign_in):
    client = Client(REMOTE_ADDR="203.0.113.7")
    statuses = [sign_in(client, f"u{n}@kota.example", WRONG).status_code for n in range(40)]
    assert statuses[:30] == [200] * 30
    assert set(statuses[30:]) == {429}


def test_what_is_kept_of_a_failed_sign_in_holds_no_password(sign_in):
    sign_in(Client(), "vera@kota.example", "hunter2-hunter2")
    (attempt,) = AccessAttempt.objects.all()
    assert "hunter2" not in str(vars(attempt))
    assert "csrfmiddlewaretoken=*" in attempt.post_data or "csrf" not in attempt.post_data


def test_a_forged_address_does_not_help_the_guesser(sign_in):
    factories.make_user(Role.VERIFIER, email="vera@kota.example")
    client = Client(REMOTE_ADDR="203.0.113.7")
    statuses = [
        sign_in(
            client, "vera@kota.example", WRONG, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        ).status_code
        for number in range(9)
    ]
    assert statuses[-1] == 429


def test_behind_a_proxy_the_address_that_it_saw_counts(sign_in, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    factories.make_user(Role.VERIFIER, email="vera@kota.example")
    client = Client(REMOTE_ADDR="10.0.0.1")
    forged = [{"X-Forwarded-For": f"1.2.3.{number}, 203.0.113.7"} for number in range(9)]
    statuses = [sign_in(client, "vera@kota.example", WRONG, headers=each).status_code for each in forged]
    assert statuses[-1] == 429
    assert (
        sign_in(Client(), "vera@kota.example", headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 302
    )


@pytest.mark.parametrize(
    "header", ["Remote-User", "X-Remote-User", "X-Auth-Request-Email", "X-Forwarded-User"]
)
def test_identity_headers_are_ignored(client, header):
    user = factories.make_user(Role.ADMINISTRATOR)
    answer = client.get("/admin/", headers={header: user.email})
    assert answer.status_code == 302
    assert client.get("/admin/", REMOTE_USER=user.email).status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "%09//evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "/staff/\r\nSet-Cookie: a=b",
        "http://localhost/staff/",
        "///evil.example",
    ],
)
def test_next_leads_nowhere_else(client, sign_in, target):
    user = factories.make_user(Role.VERIFIER)
    answer = sign_in(client, user.email, data={"next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/staff/")


def test_next_leads_on_within_the_site(client, sign_in):
    user = factories.make_user(Role.VERIFIER)
    assert sign_in(client, user.email, data={"next": "/staff/?q=1"})["Location"] == "/staff/?q=1"


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, method):
    answer = getattr(client, method)("/accounts/signup/", {"email": "a@kota.example"})
    assert answer.status_code == 403
    assert "account/signup_closed.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize(
    "path",
    [
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "login/code/",
        "login/code/confirm/",
        "signup/passkey/",
    ],
)
def test_what_staff_do_not_need_does_not_exist(client, path):
    client.force_login(factories.make_user(Role.VERIFIER))
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_sign_in_form_sent_from_elsewhere_is_refused():
    user = factories.make_user(Role.VERIFIER)
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 403


def test_the_host_of_a_request_is_checked(client, sign_in):
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        assert (
            client.post(path, {"email": "a@b.example"}, headers={"Host": "evil.example"}).status_code == 400
        )
    assert not Message.objects.exists()


class TestPasswordReset:
    def ask(self, email, **options):
        return Client().post("/accounts/password/reset/", {"email": email}, **options)

    def test_known_unknown_and_closed_addresses_get_the_same_answer_and_the_same_work(
        self, django_assert_num_queries
    ):
        factories.make_user(Role.VERIFIER, email="known@kota.example")
        factories.make_user(Role.VERIFIER, email="closed@kota.example", is_active=False)
        addresses = ["known@kota.example", "nobody@kota.example", "closed@kota.example"]
        answers = []
        is_held_as_older_copy()  # asked once in ten seconds
        for address in addresses:
            with django_assert_num_queries(2):
                answers.append(normal(self.ask(address), address))
        assert answers[0][0] == 302
        assert answers[1] == answers[0] == answers[2]
        assert Message.objects.count() == 3
        assert mail.outbox == []  # nothing leaves in the request
        assert "kota.example" not in str(list(Message.objects.values()))

    def test_only_the_one_with_an_account_gets_mail(self, letters_of):
        for address in ("known@kota.example", "nobody@kota.example", "closed@kota.example"):
            self.ask(address)
        assert letters_of() == ["known@kota.example"]
        errors = set(Message.objects.exclude(last_error="").values_list("last_error", flat=True))
        assert errors == {"there is no such account", "the account is closed"}

    def test_asking_again_and_again_sends_one_mail(self, letters_of):
        for _ in range(4):
            self.ask("known@kota.example")
        assert letters_of() == ["known@kota.example"]

    def test_no_token_is_stored_and_the_link_comes_from_the_settings(self, letters_of, settings):
        settings.BASE_URL = "https://lapor.kota.example"
        self.ask("known@kota.example", headers={"Host": "localhost"})
        assert not re.search(r"[a-z0-9]{6}-[0-9a-f]{32}", str(list(Message.objects.values())))
        letters_of()
        links = re.findall(r"https?://[^\s\"<]+", str(mail.outbox[0].body))
        assert links
        assert all(
            link.startswith("https://lapor.kota.example/accounts/password/reset/key/") for link in links
        )

    def test_the_link_sets_a_password_once(self, letters_of, sign_in):
        self.ask("known@kota.example")
        letters_of()
        link = link_in_mail()
        client = Client()
        form = client.get(link, follow=True)
        assert form.redirect_chain[-1][0].endswith("-set-password/")  # the token leaves the address line
        new = {"password1": "a-brand-new-password", "password2": "a-brand-new-password"}
        done = client.post(form.redirect_chain[-1][0], new)
        assert done.status_code == 302
        assert sign_in(Client(), "known@kota.example").status_code == 200
        assert sign_in(Client(), "known@kota.example", "a-brand-new-password").status_code == 302
        again = Client().get(link, follow=True)
        assert "token_fail" in again.context

    def test_the_link_dies_with_the_account(self, letters_of):
        self.ask("known@kota.example")
        letters_of()
        link = link_in_mail()
        user = User.objects.get(email="known@kota.example")
        user.close()
        assert "token_fail" in Client().get(link, follow=True).context
        User.objects.filter(pk=user.pk).update(is_active=True)
        assert "token_fail" in Client().get(link, follow=True).context

    @pytest.mark.parametrize("weak", ["short", "123456789012", "password1234", "known@kota.example"])
    def test_a_weak_password_is_refused(self, letters_of, weak):
        self.ask("known@kota.example")
        letters_of()
        link = link_in_mail()
        client = Client()
        page = client.get(link, follow=True)
        again = client.post(page.redirect_chain[-1][0], {"password1": weak, "password2": weak})
        assert again.status_code == 200
        assert again.context["form"].errors

    @pytest.fixture
    def letters_of(self):
        """Sends what waits and tells to whom; there is one open and one closed account."""
        factories.make_user(Role.VERIFIER, email="known@kota.example")
        factories.make_user(Role.VERIFIER, email="closed@kota.example", is_active=False)

        def send():
            from django.utils import timezone

            send_due(timezone.now())
            return [letter.to[0] for letter in mail.outbox]

        return send


def test_a_freshly_invited_person_chooses_a_password_and_signs_in(sign_in):
    from accounts.models import User
    from complaints.mail.invitations import invite_waiting

    User.objects.create_user("baru@kota.example", None, name="Baru", role=Role.CLERK)
    invite_waiting(FRIDAY)
    send_due(FRIDAY)
    link = link_in_mail()
    client = Client()
    page = client.get(link, follow=True)
    new = {"password1": "tenun-dari-timor", "password2": "tenun-dari-timor"}
    client.post(page.redirect_chain[-1][0], new)
    assert sign_in(Client(), "baru@kota.example", "tenun-dari-timor").status_code == 302
