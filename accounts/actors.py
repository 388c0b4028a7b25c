"""Who acts: a member of staff, the citizen who holds a receipt code, or the system."""

from dataclasses import dataclass

from accounts.models import User
from accounts.roles import Role


@dataclass(frozen=True)
class Citizen:
    """Someone who showed the receipt code of one case."""

    complaint_id: int


# None is the system: the sweep, the worker, a command.
Actor = User | Citizen | None


def role_of(actor: Actor) -> Role:
    """The role in which `actor` acts; a disabled account has none and raises PermissionError."""
    if actor is None:
        return Role.SYSTEM
    if isinstance(actor, Citizen):
        return Role.CITIZEN
    if not actor.is_active:
        raise PermissionError("account is disabled")
    return Role(actor.role)
