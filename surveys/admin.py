"""What the administrator sets here. Django looks for this module by its name."""

from surveys.aftercase.admin import AfterCaseTermAdmin
from surveys.forums.inputs.admin import InputTermAdmin
from surveys.forums.meetings.admin import ForumPolicyAdmin
from surveys.standards.admin import CounterAdmin

__all__ = ["AfterCaseTermAdmin", "CounterAdmin", "ForumPolicyAdmin", "InputTermAdmin"]
