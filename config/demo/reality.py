"""What in an installation is of real people: a demo city neither comes there nor goes from there."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.admin.models import LogEntry

from accounts.models import User
from complaints.identity import Identity, unseal
from complaints.models import Complainant, Complaint, LedgerEntry
from config.deploy_checks import mail_goes_out
from surveys.models import Contact

# Addresses that belong to nobody (RFC 2606).
NOBODYS = (".example", ".test", ".invalid", "@example", "@example.org", "@example.com", "@example.net")


def against_seeding() -> Iterator[str]:
    """Why no demo city may be made here."""
    if Complaint.objects.exists():
        yield "there are cases already"
    yield from _people()
    if LogEntry.objects.exists() or LedgerEntry.objects.exclude(actor=None).exists():
        yield "an administrator has changed settings already"
    if settings.HTTPS and mail_goes_out():
        yield "BASE_URL and EMAIL_URL are those of a city that people write to"


def against_removing() -> Iterator[str]:
    """Why what is here is not only a demo city."""
    yield from _people()
    sealed = [*Complainant.objects.values_list("sealed", flat=True)]
    sealed += Contact.objects.exclude(sealed=b"").values_list("sealed", flat=True)
    if count := sum(1 for each in sealed if _is_somebody(bytes(each))):
        yield f"people outside the demo left their address: {count}"


def _people() -> Iterator[str]:
    real = [email for email in User.objects.values_list("email", flat=True) if not _is_nobodys(email)]
    if real:
        yield f"there are people who are not of a demo: {len(real)}"


def _is_somebody(sealed: bytes) -> bool:
    try:
        identity: Identity = unseal(sealed)
    except InvalidToken:
        return True  # nobody can say
    return bool(identity.email) and not _is_nobodys(identity.email)


def _is_nobodys(email: str) -> bool:
    return email.strip().lower().endswith(NOBODYS)
