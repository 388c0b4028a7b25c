"""What meetings hold of somebody who asks to be forgotten, beside what goes with their contact itself."""

from surveys.forums.meetings.models.minutes import Minutes, Objection
from surveys.forums.models import Contact


def erase_from_minutes(contact: Contact, with_words: bool) -> None:
    """The sealed name of whom a forum named to sign: who has signed stands on the paper, who has not cannot any more.
    Of objections the name that was shown, and with their words the salt; digest and answer stay, so that what was
    signed is still what it was."""
    Minutes.objects.filter(representative_contact=contact).update(
        representative=None, representative_for="", nonce="", code_digest=None
    )
    said = Objection.objects.filter(attendance__contact=contact)
    gone = {"text": "", "salt": "", "attendance": None} if with_words else {}
    said.update(pseudonym="", **gone)
