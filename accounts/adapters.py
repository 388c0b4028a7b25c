"""How allauth fits in: accounts are made by an administrator, and no mail leaves during a request."""

import base64
import logging
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.addresses import client_address, is_known
from accounts.devices import counted_address

logger = logging.getLogger(__name__)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, mails go through the outbox, and only this host is a place to go on to."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return counted_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's own limit counts by account alone, so that a stranger could lock the owner out
        from everywhere. axes counts by account and address instead."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """For whoever shuts out addresses that guess (docs/deploy/fail2ban-filter.conf). Whose account it was meant for
        is not said: who mistypes their own address would be named."""
        address = client_address(request)
        # Who shuts out the proxy shuts out everybody.
        logger.warning("sign-in refused, from %s", address if is_known(address, request) else "nobody knows")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent during a request; what has to be sent is written into the outbox."""

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may lead there: a path on this host, nothing else."""
        if not str(url or "").startswith("/") or any(ord(sign) < 33 for sign in url):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


@lru_cache(maxsize=8)
def _box(*keys: str) -> MultiFernet:
    """Seals with the first key, opens with any."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(sha256(b"second step\0" + key.encode()).digest())) for key in keys
    )


def _all_keys() -> MultiFernet:
    return _box(settings.IDENTITY_KEY, *settings.IDENTITY_FORMER_KEYS)


def second_step_is_anew(data: dict[str, Any]) -> bool:
    """Whether the key of today opens every secret in the row of a second step."""
    try:
        for text in _secrets(data):
            _box(settings.IDENTITY_KEY).decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def reseal_second_step(data: dict[str, Any]) -> dict[str, Any]:
    """The same under the key of today."""
    again = {name: _again(data[name]) for name in SECRETS if data.get(name)}
    return data | again


SECRETS = ("secret", "seed", "migrated_codes")  # of a row's data, as allauth keeps them


def _again(value: Any) -> Any:
    if isinstance(value, list):
        return [_again(each) for each in value]
    return _all_keys().rotate(value.encode()).decode()


def _secrets(data: dict[str, Any]) -> Iterator[str]:
    for value in filter(None, map(data.get, SECRETS)):
        yield from value if isinstance(value, list) else [value]


class StaffMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second step lie encrypted; the key is not in the database (IDENTITY_KEY)."""

    def get_totp_issuer(self) -> str:
        return f"Tuntas {settings.CITY.name_id}"

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Tuntas"}

    def encrypt(self, text: str) -> str:
        return _all_keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """cryptography.fernet.InvalidToken when the key is not the one it was encrypted with, nor a former one."""
        return _all_keys().decrypt(encrypted_text.encode()).decode()
