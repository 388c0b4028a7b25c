"""Staff accounts and the agencies they belong to."""

from collections import defaultdict
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import AGENCY_ROLES, STAFF_ROLES, Role, Seat


class AgencyQuerySet(models.QuerySet["Agency"]):
    def handed_over(self) -> "AgencyQuerySet":
        """Closed ones that somebody took over from."""
        return self.filter(is_active=False, successor__isnull=False).order_by("pk")


class Agency(models.Model):
    """A unit of the city government, or an outside body to which cases are referred. A tree by `parent`."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("type"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    duties_id = models.TextField(_("duties (Indonesian)"), blank=True)
    duties_en = models.TextField(_("duties (English)"), blank=True)
    keywords = models.JSONField(_("routing words"), default=list, blank=True)
    is_oversight = models.BooleanField(_("handles oversight complaints (inspectorate)"), default=False)
    is_external = models.BooleanField(_("outside the city government"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Of a closed agency: who has its cases and what it owes since, and who closed it (docs/decisions/0055).
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who takes over when it closes"),
        help_text=_(
            "Gets the open reports, the recommendations and the commitments within a minute. What it may not have "
            "goes back to the verifiers."
        ),
    )
    closed_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.local_name

    @property
    def local_name(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def duties(self) -> str:
        return self.duties_en if self.duties_en and get_language() == "en" else self.duties_id

    def who_took_over(self) -> "Agency | None":
        """The first open agency in the line of its successors; None where that line ends closed."""
        seen, last = {self.pk}, self.successor
        while last is not None and not last.is_active and last.pk not in seen:
            seen.add(last.pk)
            last = last.successor
        return last if last is not None and last.is_active else None

    def with_descendants(self) -> list[int]:
        """Ids of this agency and all below it, by equality on keys, never by a prefix of a code."""
        children: dict[int | None, list[int]] = defaultdict(list)
        for pk, parent in Agency.objects.values_list("pk", "parent_id"):
            children[parent].append(pk)
        found, waiting = [], [self.pk]
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.append(pk)
                waiting += children[pk]
        return found


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"role": Role.ADMINISTRATOR, "is_superuser": True}
        return self.create_user(email, password, **fields)

    def awaiting_invitation(self) -> models.QuerySet["User"]:
        """Active people without a password to whom no invitation has been written yet."""
        return self.filter(is_active=True, invited_at=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Officers and agency heads belong to an agency; nobody else does."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.label) for r in STAFF_ROLES])
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("agency"),
    )
    seat = models.CharField(
        _("rung of the ladder"),
        max_length=20,
        choices=Seat.choices,
        blank=True,
        help_text=_("Only for supervisors: whose escalations reach them. Empty: both upper rungs."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id"
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    # Raised when the account is closed, so that no session from before comes back when it is opened again.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # How this person likes their desk: histories from the newest on, and after an act the next case.
    newest_first = models.BooleanField(default=False, editable=False)
    goes_on = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_lower"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in sorted(AGENCY_ROLES)], agency__isnull=False)
                | (~Q(role__in=[r.value for r in sorted(AGENCY_ROLES)]) & Q(agency__isnull=True)),
                name="user_agency_matches_role",
                violation_error_message=_("Officers and agency heads need an agency; other roles have none."),
            ),
            models.CheckConstraint(
                condition=Q(seat="") | Q(role=Role.SUPERVISOR),
                name="user_seat_of_supervisor",
                violation_error_message=_("Only a supervisor sits on an upper rung."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def close(self) -> None:
        """Closes the account: whoever is signed in with it is out at their next request."""
        self.is_active = False
        self.session_epoch += 1
        self.save(update_fields=["is_active", "session_epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is tied to. Another password, role or agency ends every session of this person."""
        tied = f"{self.password}|{self.role}|{self.agency_id}|{self.session_epoch}"
        return salted_hmac("accounts.session", tied, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions guard its admin only; for cases there is complaints.permissions."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff

    @property
    def is_staff(self) -> bool:
        """Django's admin holds settings only, so it is the administrator's."""
        return self.role == Role.ADMINISTRATOR

    @cached_property
    def agency_scope(self) -> list[int]:
        """Ids of the agencies whose cases are this person's: their own, for a head also those below."""
        if self.agency is None:
            return []
        return self.agency.with_descendants() if self.role == Role.AGENCY_HEAD else [self.agency.pk]

    @cached_property
    def sees_oversight(self) -> bool:
        """Whether their agency is the inspectorate, which handles oversight complaints."""
        return self.agency is not None and self.agency.is_oversight


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Of those who are away on this day."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def not_over(self, day: date) -> "AbsenceQuerySet":
        return self.filter(last_day__gte=day)


class Absence(models.Model):
    """From when to when somebody is away, both days included, and who stands in for them (docs/decisions/0039)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences", verbose_name=_("who"))
    first_day = models.DateField(_("away from"))
    last_day = models.DateField(_("until and including"))
    deputy = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in",
        verbose_name=_("who stands in"),
    )
    set_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=models.F("user")),
                name="absence_deputy_is_another",
            ),
            models.UniqueConstraint(fields=["user", "first_day"], name="absence_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} – {self.last_day}"


def represented_by(user: User, day: date) -> models.QuerySet[User, int]:
    """Keys of those whose work is this person's on that day: their own, of absent people for whom they stand in, and of
    those for whom these would have, as the deputy of an absent deputy."""
    away = Absence.objects.on(day)
    for_them = away.filter(deputy=user).values("user")
    for_theirs = away.filter(deputy__in=for_them).values("user")
    them = User.objects.filter(Q(pk=user.pk) | Q(pk__in=for_them) | Q(pk__in=for_theirs))
    return them.order_by().values_list("pk", flat=True)


def stands_for(user: User, day: date) -> list[int]:
    """The same, read."""
    return sorted(represented_by(user, day))


def there(users: list[User], day: date) -> list[User]:
    """Those who can sign in and are not away on that day."""
    away = set(Absence.objects.on(day).filter(user__in=users).values_list("user", flat=True))
    return [user for user in users if user.is_active and user.has_usable_password() and user.pk not in away]


def may_stand_in(deputy: User, user: User) -> bool:
    """Whether `deputy` can do the work of `user`: the same role in the same agency, a supervisor on as high a level."""
    if deputy.pk == user.pk or not deputy.is_active or deputy.role != user.role:
        return False
    is_high_enough = deputy.seat != Seat.INSPECTORATE or user.seat == Seat.INSPECTORATE
    return deputy.agency_id == user.agency_id and is_high_enough
