"""When something is due: working calendars, the arithmetic of targets, stored due moments, and time in words."""
