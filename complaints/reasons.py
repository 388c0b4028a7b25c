"""Why something cannot be done, in words for the person who tried. Services say it in short English."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.states import Verb

REASONS: dict[str, str | Promise] = {
    "nobody can be asked": _("Nobody can be asked: the citizen left no way to reach them."),
    "the other case cannot take this one up": _(
        "The other case cannot take this one up: it is over, of another kind, or this very case."
    ),
    "other cases were merged into this one": _(
        "Other cases were merged into this one. It stays the main case."
    ),
    "this agency takes no cases": _("This agency takes no cases. Choose another, or refer the case."),
    "oversight complaints go to the inspectorate": _(
        "Oversight complaints go to the inspectorate only. If it is complained about itself, choose the agency "
        "above it, or refer the case to an outside body."
    ),
    "this agency is complained about": _(
        "This agency is complained about, or stands below one that is. Choose another, or refer the case."
    ),
    "this person is complained about": _("This person is complained about. Name another."),
    "name a person or a unit": _("Name either a person or a unit."),
    "an outside body has nobody here": _(
        "A body outside the city sees no cases here. Refer the case to another instead."
    ),
    "named already": _("They are named already."),
    "not named any more": _("They are not named any more."),
    "a case is referred to an outside body only": _("A case is referred to a body outside the city only."),
    "the handler is not an officer of this agency": _("This person is not an officer of the case's agency."),
    "a part of a shared case cannot be handed back": _("A part of a shared case cannot be handed back."),
    "other agencies still work on a part of it": _("Other agencies still work on a part of it."),
    "another agency still works on a part of it": _("Another agency still works on a part of it."),
    "this category needs a file as evidence": _(
        "For this category a photo or document is needed as evidence."
    ),
    "the case is open": _("The case is not over yet."),
    "a reason is needed": _("Give a reason."),
    "the case is over": _("The case is over."),
    "history of another system": _(
        "This case is history taken over from another system. It is kept as it was."
    ),
    "an answer needs words or a file": _("Write something or attach a file."),
    "a rating is 1, 2, 3 or 4": _("Choose a rating from 1 to 4."),
    "there is no answer to agree or disagree with": _("There is no answer yet."),
    "there is another answer by now": _("There is another answer by now. Please read it first."),
    "said already": _("You have said so already."),
    "this agency has the case already": _("This agency has the case already."),
    "a head gives cases within their own agencies only": _(
        "You can give the case to agencies of your own line only."
    ),
    "this agency works on a part of it already": _("This agency works on a part of it already."),
    "somebody has done this already": _("Somebody else was quicker: this is done already."),
    "the day must lie ahead, within three years": _("Choose a day that lies ahead, within three years."),
    "too many cases at once": _("These are too many reports at once. Choose at most 50."),
    "this agency takes no recommendations": _("Recommendations go to agencies of the city only."),
    "what was complied with needs no new day": _("What was complied with needs no new day."),
    "a supervisor records what was agreed on a recommendation": _(
        "A supervisor records a commitment only where it was agreed on a recommendation."
    ),
    "the recommendation is to another agency": _("The recommendation is to another agency."),
    "the owner is not of this agency": _("This person does not work at the agency."),
    "the case was answered meanwhile": _("The case was answered meanwhile. Nothing is left to decide."),
    "somebody decided this already": _("Somebody has dealt with this escalation already."),
    "a number of working days is needed": _("Say how many working days."),
    "an agency is needed": _("Choose the agency that gets the case."),
    "an outside body and its reference are needed": _("Choose the body, and give its reference."),
    "there is no promise in working days to extend": _("There is no promised day that could be extended."),
    "the new day would be in the past": _("With so few days the new promised day would be in the past."),
    "a motive is needed": _("Say why you need to know."),
    "this seed was used already": _("This seed was used already. Take another."),
    "there is nothing to draw from": _("There is no case to draw from."),
    "too many to draw from": _("That is too many at once. Choose a shorter period or an agency."),
    "no checklist is in force": _("No checklist is in force. The administrator loads it with the city."),
    "the second reviewer is another supervisor": _("The second reviewer is another supervisor."),
    "every question needs an answer": _("Every question needs an answer."),
    "this review is final already": _("This review is final already."),
    "both have agreed already": _("What you agreed on is on record already."),
    "a size and a seed are needed": _(
        "Say how many cases to draw, at most 500, and give a seed in one line."
    ),
    "a finding needs words": _("Say what was found."),
    "say why": _("Say why."),
    "the period does not fit": _("Choose a period that has begun, of three years at most."),
    "too many questions are still being computed": _(
        "Several trials are still being computed. Please wait until one is ready."
    ),
    "a purpose is needed": _("Say what the file is for."),
    "too many papers are still being prepared": _(
        "Several papers are still being prepared. Please wait until one is ready."
    ),
    "this case is reviewed to the end": _("This case is reviewed to the end already."),
    "the other review can still be made": _(
        "This case waits for no review that cannot be made any more. Perhaps somebody was quicker."
    ),
    "only what differs is agreed on, and all of it": _("Somebody has put this on record already."),
}
NOT_NOW = _("This cannot be done in the state that the case is in now.")


def why_not(error: Exception) -> str:
    """The words for a NotPossible: of its reason, of a transition that the state forbids, or its own words."""
    reason = error.args[0] if error.args else ""
    if not reason or isinstance(reason, Verb):
        return str(NOT_NOW)
    return str(REASONS.get(str(reason), reason))
