"""Small export files and the mapping for them."""

from pathlib import Path

from complaints.importing.mapping import Mapping, read_mapping

HEADINGS = "no,opened,due,closed,title,text,office,topic,where,via,status"
MAPPING = {
    "source": "old_desk",
    "dates": ["iso", "%d %b %Y %H:%M"],
    "columns": {
        "id": "no",
        "received_at": "opened",
        "target_at": "due",
        "ended_at": "closed",
        "subject": "title",
        "description": "text",
        "agency": "office",
        "category": "topic",
        "location": "where",
        "area": "where",
        "channel": "via",
        "state": "status",
    },
    "values": {
        "state": {
            "otherwise": "reject",
            "open": "in_progress",
            "done": "closed",
            "asked": "awaiting_citizen",
        },
        "channel": {"otherwise": "other", "call": "phone"},
    },
}
GOOD = "1,2026-01-05 08:00,2026-01-20 08:00,2026-01-10 08:00,Road,Deep hole,Works,Roads,Oesapa,call,done"
OPEN = "2,2026-01-06 08:00,2026-01-21 08:00,,Lamp,Dark,Works,Lamps,,web,open"


def mapping(**changes: object) -> Mapping:
    return read_mapping(MAPPING | changes)


def write(path: Path, *rows: str, headings: str = HEADINGS) -> Path:
    file = path / "export.csv"
    file.write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
    return file
