"""Texts of Django and allauth that our people meet. Both packages have Indonesian of their own, stiff or with
other words than ours; named here, they come into our catalog, which goes before theirs."""

from django.utils.translation import gettext_noop as _

FORMS = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a valid date."),
    _("Enter a whole number."),
)
PASSWORDS = (
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    _("You must type the same password each time."),
    _("Please type your current password."),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Change Password"),
    _("Forgot your password?"),
    _("Forgot Password?"),
    _("Password successfully changed."),
)
SIGNING_IN = (
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Incorrect code."),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Enter your password:"),
    _("Enter an authenticator code:"),
    _("Confirm"),
    _("Alternative options"),
    _("Use authenticator app or code"),
    _("Authenticator code"),
)
SECOND_STEP = (
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("A new set of recovery codes has been generated."),
    _("Security key added."),
    _("Security key removed."),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("Edit Security Key"),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("This functionality requires JavaScript."),
)
