"""E-mail: the adapter of the medium that every city has."""

from smtplib import SMTPResponseException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import get_connection

from complaints.mail.letters import compose
from complaints.mail.media import Unreachable
from complaints.models import Message

SERVICE_CLOSING = 421  # SMTP: the server ends this connection, often after so many mails


class EmailAdapter:
    """One connection to the mail server, opened anew where the server has ended it."""

    def __init__(self) -> None:
        self._post = get_connection(timeout=settings.EMAIL_TIMEOUT)

    def open(self) -> None:
        self._post.open()

    def send(self, group: list[Message]) -> None:
        mail = compose(group)
        try:
            self._post.send_messages([mail])
        except OSError as error:
            closing = isinstance(error, SMTPResponseException) and error.smtp_code == SERVICE_CLOSING
            if not closing and not isinstance(error, SMTPServerDisconnected | ConnectionError | TimeoutError):
                raise
            self._post.close()
            try:
                self._post.open()
            except OSError as lost:
                raise Unreachable("the mail server went away") from lost
            self._post.send_messages([mail])

    def close(self) -> None:
        self._post.close()
