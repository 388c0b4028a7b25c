"""What in an installation is of real people: a demo city neither comes there nor goes from there."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.admin.models import LogEntry

from accounts.models import User
from complaints.identity import Identity, unseal
from complaints.models import Complainant, Complaint, LedgerEntry
from config.deploy_checks import mail_goes_out
from config.fixtures import read
from surveys.forums.meetings.models.minutes import Signature
from surveys.forums.meetings.models.people import Attendance, Invitation, Registration
from surveys.models import Contact

# Addresses that belong to nobody (RFC 2606).
NOBODYS = (".example", ".test", ".invalid", "@example", "@example.org", "@example.com", "@example.net")
NOBODYS_NUMBERS = "0812-0000-"  # as config/demo/words.py makes them


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
    sealed = [
        each
        for model in (Complainant, Contact, Invitation, Registration, Attendance)
        for each in model._default_manager.values_list("sealed", flat=True)
    ]
    if count := sum(1 for each in sealed if each and _is_somebody(bytes(each))):
        yield f"people outside the demo left their address or number: {count}"
    signed = Signature.objects.exclude(side=Signature.Side.PROVIDER, how=Signature.How.ACCOUNT)
    if count := signed.exclude(how=Signature.How.LINK, name__in=_representatives()).count():
        yield f"people outside the demo signed minutes: {count}"


def _representatives() -> list[str]:
    """Who signs in the demo city."""
    return [
        words["representative"] for words in read("demo/forums.json").values() if "representative" in words
    ]


def _people() -> Iterator[str]:
    real = [email for email in User.objects.values_list("email", flat=True) if not _is_nobodys(email)]
    if real:
        yield f"there are people who are not of a demo: {len(real)}"


def _is_somebody(sealed: bytes) -> bool:
    try:
        identity: Identity = unseal(sealed)
    except InvalidToken:
        return True  # nobody can say
    by_mail = bool(identity.email) and not _is_nobodys(identity.email)
    return by_mail or (bool(identity.phone) and not identity.phone.startswith(NOBODYS_NUMBERS))


def _is_nobodys(email: str) -> bool:
    return email.strip().lower().endswith(NOBODYS)
