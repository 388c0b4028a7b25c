"""The administrator's settings about cases: catalogue, calendars and targets. No case appears here."""

from complaints.admin import calendars, catalogue, levels

__all__ = ["calendars", "catalogue", "levels"]
