"""What apps above add to the pages of meetings."""

from collections.abc import Callable

from surveys.forums.meetings.models.minutes import Minutes

# The address of a file of these minutes; "" where there is none yet.
MINUTES_FILES: list[Callable[[Minutes], str]] = []
