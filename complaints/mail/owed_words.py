"""What a mail says of a recommendation or a commitment: codes become a few words, as staff read them."""

from django.utils.translation import gettext as _

from complaints.models import Message

Template = Message.Template


def what_is_owed(message: Message) -> str:
    """By what happened (`data["what"]`) to which of the two; the template's own name for what is not known."""
    code = str(message.data.get("what", ""))
    words = _of_commitment() if message.template == Template.COMMITMENT_DUE else _of_recommendation()
    return words.get(code, str(message.get_template_display()))


def _of_recommendation() -> dict[str, str]:
    return {
        "made": _("A recommendation to your agency waits for its answer"),
        "answered": _("A recommendation was answered: please judge"),
        "returned": _("The supervisors want more done on a recommendation"),
        "judged": _("The supervisors have judged a recommendation"),
        "withdrawn": _("A recommendation was withdrawn"),
        "reminder": _("A recommendation is due within a week"),
        "overdue": _("A recommendation is overdue"),
        "waiting": _("An answered recommendation still waits for your judgement"),
    }


def _of_commitment() -> dict[str, str]:
    return {
        "made": _("You were named for a commitment of your agency"),
        "reported": _("A commitment was reported as done: please judge"),
        "returned": _("A commitment was found not to be kept yet"),
        "kept": _("A commitment was found kept"),
        "broken": _("A commitment was found broken"),
        "reminder": _("A commitment is due within a week"),
        "overdue": _("A commitment is overdue"),
        "waiting": _("A reported commitment still waits for your judgement"),
    }
