"""What the columns of an unknown file probably are. A guess: a person sees it beside the file and decides."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from complaints.importing.lines import plain
from complaints.importing.mapping import MappingError, load_mapping
from complaints.importing.moments import ISO, SERIAL, parse_moment
from complaints.states import State

# By what offices call them, the likeliest first.
NAMES: Mapping[str, Sequence[str]] = {
    "id": (
        "tracking id",
        "nomor laporan",
        "no laporan",
        "id laporan",
        "nomor",
        "no",
        "no.",
        "id",
        "kode",
        "number",
    ),
    "received_at": (
        "tanggal masuk",
        "tanggal laporan masuk",
        "tanggal laporan",
        "tgl masuk",
        "tanggal",
        "tgl",
        "diterima",
        "received",
        "opened",
        "date",
    ),
    "target_at": ("batas waktu", "batas", "tenggat", "target", "due"),
    "ended_at": ("tanggal selesai", "tgl selesai", "selesai", "ditutup", "closed", "ended"),
    "subject": ("judul laporan", "judul", "perihal", "subjek", "subject", "title"),
    "description": (
        "isi laporan awal",
        "isi laporan",
        "isi",
        "uraian",
        "keluhan",
        "deskripsi",
        "description",
        "text",
    ),
    "agency": ("instansi terdisposisi", "instansi", "opd", "dinas", "skpd", "unit", "agency", "office"),
    "category": ("kategori", "topik", "jenis", "category", "topic"),
    "location": ("lokasi", "alamat", "tempat", "location", "where", "address"),
    "area": ("kelurahan", "kelurahan/desa", "desa", "wilayah", "area", "ward"),
    "state": ("status laporan", "status", "keadaan", "state"),
    "remark": ("jawaban", "tindak lanjut", "keterangan", "answer", "remark"),
    "channel": ("kanal", "media", "saluran", "sumber laporan", "channel", "via"),
    "kind": ("klasifikasi laporan", "klasifikasi", "jenis laporan", "kind"),
    "latitude": ("latitude", "lintang", "lat"),
    "longitude": ("longitude", "bujur", "lng", "lon"),
}
STATES: Mapping[State, Sequence[str]] = {
    State.SUBMITTED: ("baru", "masuk", "belum", "belum diverifikasi", "new", "open"),
    State.ASSIGNED: ("terverifikasi", "disposisi", "diteruskan", "assigned"),
    State.IN_PROGRESS: ("proses", "diproses", "dalam proses", "dikerjakan", "in progress"),
    State.AWAITING_CITIZEN: ("tertunda", "menunggu", "waiting"),
    State.RESOLVED: ("terjawab", "resolved", "done"),
    State.CLOSED: ("selesai", "ditutup", "tuntas", "closed"),
    State.REJECTED: ("ditolak", "arsip", "diarsipkan", "rejected"),
    State.WITHDRAWN: ("dicabut", "dibatalkan", "withdrawn"),
}
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d/%m/%y", "%Y/%m/%d", "%m/%d/%Y")
DATES = (ISO, *(f"{day}{time}" for day in _DAYS for time in (" %H:%M:%S", " %H:%M", " %H.%M", "")), SERIAL)


def known_mappings() -> dict[str, Path]:
    """Those that come with Tuntas, by name."""
    folder = Path(settings.BASE_DIR) / "fixtures" / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def known_for(headings: Sequence[str]) -> str:
    """The name of a mapping that comes with Tuntas and is for a file with these headings; "" where none is."""
    there = {plain(heading) for heading in headings}
    for name, path in known_mappings().items():
        try:
            needed = {plain(heading) for heading in load_mapping(path).needed_columns}
        except MappingError:
            continue
        if needed <= there:
            return name
    return ""


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """Field → heading. No heading stands for two things but a place."""
    by_name = {plain(heading): heading for heading in headings}
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        heading = next((by_name[name] for name in names if name in by_name), "")
        if heading and heading not in found.values():
            found[field] = heading
    return found


def guess_state(word: str) -> str:
    """One of our states for another system's word, or "reject"."""
    return next((state.value for state, words in STATES.items() if plain(word) in words), "reject")


def guess_dates(texts: Sequence[str], tz: ZoneInfo) -> list[str]:
    """Forms of dates, by which as many of these texts as can be are read: the form that reads most comes first."""
    left, chosen = list(texts), list[str]()
    while left:
        best, read = "", list[str]()
        for form in DATES:
            fits = [text for text in left if _reads(text, form, tz)]
            if len(fits) > len(read):
                best, read = form, fits
        if not read:
            break
        chosen.append(best)
        left = [text for text in left if text not in read]
    return chosen or [ISO]


def _reads(text: str, form: str, tz: ZoneInfo) -> bool:
    try:
        parse_moment(text, (form,), tz)
    except (ValueError, OverflowError):
        return False
    return True
