"""People and agencies, for the administrator."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_base import SettingsAdmin, WithWords
from accounts.leaving import CarefulForm, take_over, what_it_leaves
from accounts.models import Agency, User
from accounts.roles import Role


class UserForm(CarefulForm):
    """Nobody types another's password: whoever is added gets an invitation by mail. Whoever takes over what this person
    leaves gets their role, agency and level."""

    successor = forms.ModelChoiceField(
        User.objects.filter(is_active=True).exclude(role=Role.ADMINISTRATOR),
        label=_("Who takes over"),
        required=False,
        help_text=_("Gets the role, the agency and the level that this person has now."),
    )

    class Meta:
        model = User
        fields = ("name", "email", "role", "agency", "seat", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = (self.instance.role, self.instance.agency_id, self.instance.seat)
        if "agency" in self.fields:  # a page that only shows has no fields
            agencies = Agency.objects.filter(is_external=False).order_by("name")
            self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
            self.fields["agency"].help_text = _("Only for officers and agency heads.")

    def clean_successor(self) -> User | None:
        successor: User | None = self.cleaned_data["successor"]
        if successor is not None and successor == self.instance:
            raise forms.ValidationError(_("Choose somebody else."))
        return successor

    def make_change(self) -> None:
        super().make_change()
        successor = self.cleaned_data.get("successor")
        if successor is not None:
            take_over(successor, *self.place)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class UserAdmin(SettingsAdmin):
    form = UserForm
    list_display = (
        "name",
        "email",
        "role",
        "agency_name",
        "is_active",
        "has_second_step",
        "invited_at",
        "last_login",
    )
    list_filter = ("is_active", "role", ("agency", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("agency",)
    search_fields = ("name", "email")
    fields = ("name", "email", "role", "agency", "seat", "language")
    readonly_fields = ("is_active", "has_second_step", "joined_at", "invited_at", "last_login")
    actions = ("close_accounts", "open_accounts", "invite_again", "remove_second_step", "unlink")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=("totp", "webauthn"))
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(second_step=Exists(steps))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, *self.readonly_fields, "successor", "leave_alone") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Nobody takes away their own rights, so that there is always an administrator.
        return ("role", *self.readonly_fields) if obj == request.user else self.readonly_fields

    @admin.display(description=_("agency"), ordering="agency__short_name")
    def agency_name(self, user: Any) -> str | None:
        return user.agency.short_name if user.agency else None

    @admin.display(description=_("two-step sign-in"), boolean=True)
    def has_second_step(self, user: Any) -> bool:
        return bool(user.second_step)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.password = make_password(None)
        super().save_model(request, obj, form, change)
        successor = form.cleaned_data.get("successor")
        if change and successor is not None:
            successor = User.objects.get(pk=successor.pk)
            take_over(successor, *form.place)
            self.log_change(request, successor, _("Took over from %(name)s") % {"name": obj})
        if not change:
            messages.info(request, _("The invitation leaves by mail within a minute."))

    @admin.action(description=_("Close these accounts"))
    def close_accounts(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """Where it leaves somebody alone, a page says so first, and asks who takes over."""
        closed = [user for user in users if user.is_active and user != request.user]
        form = ClosingForm(request.POST if "closing" in request.POST else None, users=closed)
        if not form.may_close():
            context = self.admin_site.each_context(request) | {
                "title": _("Close these accounts"),
                "opts": self.model._meta,
                "form": form,
                "users": closed,
                "action": "close_accounts",
            }
            return TemplateResponse(request, "admin/accounts/user/close.html", context)
        successor = form.hand_over()
        if successor is not None:
            self.log_change(request, successor, _("Took over from %(name)s") % {"name": closed[0]})
        for user in closed:
            user.close()
            self.log_change(request, user, _("Account closed"))
        self._say(request, len(closed))
        return None

    @admin.action(description=_("Open these accounts again"))
    def open_accounts(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            user.is_active = True
            user.save(update_fields=["is_active"])
            self.log_change(request, user, _("Account opened again"))
        self._say(request, len(users))

    @admin.action(description=_("Invite again those who have no password yet"))
    def invite_again(self, request: HttpRequest, users: QuerySet[User]) -> None:
        waiting = [user for user in users if user.is_active and not user.has_usable_password()]
        for user in waiting:
            user.invited_at = None
            user.save(update_fields=["invited_at"])
        self._say(request, len(waiting))

    @admin.action(description=_("Remove the second step (lost phone or key)"))
    def remove_second_step(self, request: HttpRequest, users: QuerySet[User]) -> None:
        others = [user for user in users if user != request.user]
        Authenticator.objects.filter(user__in=others).delete()
        for user in others:
            self.log_change(request, user, _("Second step removed"))
        self._say(request, len(others))

    @admin.action(description=_("Unlink from the city's sign-in (another person there by now)"))
    def unlink(self, request: HttpRequest, users: QuerySet[User]) -> None:
        linked = list(users.filter(socialaccount__isnull=False).distinct())
        SocialAccount.objects.filter(user__in=linked).delete()
        for user in linked:
            self.log_change(request, user, _("Unlinked from the city's sign-in"))
        self._say(request, len(linked))

    def _say(self, request: HttpRequest, count: int) -> None:
        words = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count)
        messages.success(request, words % {"count": count})


class ClosingForm(forms.Form):
    """What it leaves to close the accounts of `users`, and who takes over: they get the place of the first of them."""

    successor = forms.ModelChoiceField(User.objects.none(), label=_("Who takes over"), required=False)
    leave_alone = forms.BooleanField(label=_("I know whom this leaves alone"), required=False)

    def __init__(self, *args: Any, users: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users, self.left = users, list[str]()
        others = User.objects.filter(is_active=True).exclude(role=Role.ADMINISTRATOR)
        successor: Any = self.fields["successor"]
        successor.queryset = others.exclude(pk__in=[user.pk for user in users])

    def may_close(self) -> bool:
        is_asked = self.is_bound and self.is_valid()
        if is_asked and self.cleaned_data["leave_alone"]:
            return True
        self.left = what_it_leaves(self._close)
        return not self.left

    def _close(self) -> None:
        User.objects.filter(pk__in=[user.pk for user in self.users]).update(is_active=False)
        self.hand_over()

    def hand_over(self) -> User | None:
        """Who took over, if somebody was chosen."""
        chosen: User | None = self.cleaned_data["successor"] if self.is_bound and self.is_valid() else None
        if chosen is None or not self.users:
            return None
        first, successor = self.users[0], User.objects.get(pk=chosen.pk)
        take_over(successor, first.role, first.agency_id, first.seat)
        return successor


class AgencyForm(CarefulForm):
    """One that closes is asked who takes over; an open one has no successor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_active = self.instance.is_active
        if "successor" in self.fields:
            others = Agency.objects.filter(is_active=True, is_external=False).exclude(pk=self.instance.pk)
            if self.instance.successor_id is not None:
                others |= Agency.objects.filter(pk=self.instance.successor_id)
            self.fields["successor"].queryset = others.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_active"):
            data["successor"] = None
        return data

    def clean_successor(self) -> Agency | None:
        successor: Agency | None = self.cleaned_data["successor"]
        if successor is not None and not successor.users.filter(is_active=True, role=Role.OFFICER).exists():
            raise forms.ValidationError(_("No officer works there who could take a report up."))
        return successor

    def clean_parent(self) -> Agency | None:
        parent: Agency | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and parent.pk in self.instance.with_descendants():
            raise forms.ValidationError(_("An agency cannot be part of itself or of one below it."))
        return parent


@admin.register(Agency)
class AgencyAdmin(WithWords):
    form = AgencyForm
    list_display = ("name", "short_name", "code", "parent", "is_oversight", "is_external", "is_active")
    list_filter = ("is_active", "is_external", "is_oversight", "kind")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "code")

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        if obj.is_active:
            obj.closed_by = None
        elif (form.was_active or "successor" in form.changed_data) and isinstance(request.user, User):
            obj.closed_by = request.user
        super().save_model(request, obj, form, change)
