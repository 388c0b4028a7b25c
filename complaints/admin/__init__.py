"""The administrator's settings about cases: catalogue, calendars and targets, and files taken
over. No case appears here."""

from complaints.admin import calendars, catalogue, imports, levels

__all__ = ["calendars", "catalogue", "imports", "levels"]
