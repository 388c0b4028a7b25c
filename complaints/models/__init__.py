"""The tables of the case."""

from complaints.models.attachment import Attachment
from complaints.models.catalogue import Area, Category, RejectReason, Service, StandardReply
from complaints.models.clock import Clock, Pause, Stopped
from complaints.models.complaint import Complainant, Complaint
from complaints.models.conduct import ConductPhrase
from complaints.models.draft import Draft, Look, SavedView
from complaints.models.event import Event, EventContent, EventKind
from complaints.models.home import HomeFigures
from complaints.models.import_run import ImportRun, ImportState
from complaints.models.ledger import Head, Leaf, LedgerEntry, Tile
from complaints.models.message import Message, Reader, UnconfirmedMail
from complaints.models.move import DeadlineMove
from complaints.models.party import ReportedParty
from complaints.models.policy import Holiday, OfficeCalendar, OpeningHours, ServiceLevel

__all__ = [
    "Area",
    "Attachment",
    "Category",
    "Clock",
    "Complainant",
    "Complaint",
    "ConductPhrase",
    "DeadlineMove",
    "Draft",
    "Event",
    "EventContent",
    "EventKind",
    "Head",
    "Holiday",
    "HomeFigures",
    "ImportRun",
    "ImportState",
    "Leaf",
    "LedgerEntry",
    "Look",
    "Message",
    "OfficeCalendar",
    "OpeningHours",
    "Pause",
    "Reader",
    "RejectReason",
    "ReportedParty",
    "SavedView",
    "Service",
    "ServiceLevel",
    "StandardReply",
    "Stopped",
    "Tile",
    "UnconfirmedMail",
]
