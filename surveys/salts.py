"""What digests in the ledger are salted with (complaints/history/rows.py): a secret of the row, told to nobody."""

from secrets import token_hex
from typing import Any

from django.db import models


def new_salt() -> str:
    return token_hex(16)


def salt_field() -> Any:
    return models.CharField(max_length=32, default=new_salt, editable=False)
