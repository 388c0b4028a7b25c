"""Which reason a service gave, where a test has to tell it from the others."""

from typing import Any

import pytest
from django.utils.functional import Promise

from complaints.services.change import NotPossible


def refused(reason: Promise) -> Any:
    """Expects NotPossible for this very reason, in whatever language it would be said."""
    return pytest.raises(NotPossible, check=lambda error: error.reason is reason)
