"""Links by which a password is set."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """Good for one password of one address, and only as long as the account is what it was: whoever was closed and
    let in again, or got another role or agency, asks for a new one."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        tied = (user.email, user.is_active, user.role, user.agency_id, user.session_epoch)
        return super()._make_hash_value(user, timestamp) + repr(tied)
