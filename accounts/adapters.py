"""How allauth fits in: accounts are made by an administrator, and no mail leaves during a request."""

import base64
from functools import lru_cache
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.addresses import client_address


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, mails go through the outbox, and only this host is a place to go on to."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's own limit counts by account alone, so that a stranger could lock the owner out
        from everywhere. axes counts by account and address instead."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent during a request; what has to be sent is written into the outbox."""

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may lead there: a path on this host, nothing else."""
        if not str(url or "").startswith("/") or any(ord(sign) < 33 for sign in url):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


@lru_cache(maxsize=2)
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"second step\0" + key.encode()).digest()))


class StaffMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second step lie encrypted; the key is not in the database (IDENTITY_KEY)."""

    def get_totp_issuer(self) -> str:
        return f"Tuntas {settings.CITY.name_id}"

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Tuntas"}

    def encrypt(self, text: str) -> str:
        return _box(settings.IDENTITY_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """cryptography.fernet.InvalidToken when the key is not the one it was encrypted with."""
        return _box(settings.IDENTITY_KEY).decrypt(encrypted_text.encode()).decode()
