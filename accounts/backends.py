"""Who is signed in, with their agency: nearly every page of the desk asks for both."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from accounts.models import User


def with_agency(key: int) -> QuerySet[User]:
    return User.objects.select_related("agency").filter(pk=key)


# How they are read; what stands above puts in its place what asks the same quicker.
read_person: Callable[[Any], Iterable[User]] = with_agency


class StaffBackend(ModelBackend):
    """Django's own, but one query for the person and their agency."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(read_person(user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
