"""Which tables of this app and below events and the ledger's own entries record, and what of them they do not."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Agency, User
from complaints.history.rows import CASE, CLOCK, COMPLAINANT, PARTY, PAUSE, Table
from complaints.history.untold import ROW_LESS, Untold
from complaints.models import (
    Area,
    Attachment,
    Category,
    Complaint,
    ConductPhrase,
    DeadlineMove,
    Draft,
    Head,
    Holiday,
    HomeFigures,
    ImportRun,
    Leaf,
    Look,
    Message,
    OfficeCalendar,
    OpeningHours,
    RejectReason,
    SavedView,
    Service,
    ServiceLevel,
    StandardReply,
    UnconfirmedMail,
)

TABLES = (CASE, CLOCK, PAUSE, PARTY, COMPLAINANT)
SETTINGS = (
    Table.of_settings("agency", Agency),
    Table.of_settings("user", User),
    Table.of_settings("area", Area),
    Table.of_settings("category", Category),
    Table.of_settings("service", Service),
    Table.of_settings("reject_reason", RejectReason),
    Table.of_settings("conduct_phrase", ConductPhrase),
    Table.of_settings("standard_reply", StandardReply),
    Table.of_settings("calendar", OfficeCalendar),
    Table.of_settings("opening_hours", OpeningHours),
    Table.of_settings("holiday", Holiday),
    Table.of_settings("service_level", ServiceLevel),
)
UNTOLD = (
    Untold(
        "mails",
        _("Mails: which left, when and to whom"),
        _("What they tell stands in the history. Whether a mail left, the city's mail server knows."),
        {Message: (), UnconfirmedMail: ()},
    ),
    Untold(
        "file-names",
        _("The names of attached files, and who added them when"),
        _("A file's name may tell who somebody is. Its content cannot be changed unnoticed."),
        {
            Attachment: (
                "name",
                "content_type",
                "draft_digest",
                "added_by_id",
                "added_at",
                "received_sha256",
                "attempts",
                "leased_until",
            )
        },
    ),
    Untold(
        "looks-of-files",
        _("What a picture looks like, and when and where its camera says it was taken"),
        _(
            "It is worked out of the file, or was taken out of it before it was stored, and is a remark for staff. "
            "Which pictures an answer names as before and after, the history has."
        ),
        {
            Attachment: (
                "taken_at",
                "taken_latitude",
                "taken_longitude",
                "is_hashed",
                "phash_1",
                "phash_2",
                "phash_3",
                "phash_4",
            )
        },
    ),
    Untold(
        "own-desk",
        _("Unfinished forms of staff, how far each has looked, and their own lists"),
        _("They are their writers' alone until something is sent, and then the history has it."),
        {Draft: (), Look: (), SavedView: ()},
    ),
    Untold(
        "people",
        _("Names, e-mail addresses, languages and passwords of staff"),
        _(
            "Who somebody is stands in no public entry. Role, agency and whether they may sign in are on record."
        ),
        {
            User: (
                "name",
                "email",
                "password",
                "last_login",
                "language",
                "invited_at",
                "joined_at",
                "session_epoch",
                "newest_first",
                "goes_on",
            )
        },
    ),
    Untold(
        "absences",
        _("Who is away from when to when, and who stands in"),
        _(
            "Entries are public for good, and leave is not. It moves no target; a deputy has the same role already."
        ),
        {Absence: ()},
    ),
    Untold(
        "search-words",
        _("The words by which the search finds a report"),
        _("They are worked out of what stands in the report, which is on record; a check compares the two."),
        {Complaint: ("search_text",)},
    ),
    Untold(
        "counters",
        _("How far the work that goes by itself has come: counters, orders, errors"),
        _("It changes all the time. What it has to look at next is worked out anew and compared."),
        {
            Complaint: ("sweep_error", "is_raised"),
            OfficeCalendar: ("revision",),
            DeadlineMove: (),
            HomeFigures: (),
            ImportRun: (),
        },
    ),
    Untold(
        "labels",
        _("Labels of the signed tree, and signatures taken away from the city's own table"),
        _("Labels only say where to look; hashes show what is there. Signatures are kept outside as well."),
        {Leaf: ("number", "seq"), Head: ("at", ROW_LESS)},
    ),
)
