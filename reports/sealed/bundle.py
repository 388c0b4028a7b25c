"""The sealed file as a ZIP: the same case under the same head at the same moment gives the same bytes."""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from complaints.files.storage import FileDamaged, read
from complaints.ledger.checkpoints import make_checkpoint
from complaints.ledger.proofs import as_file, proof_as_seen_by
from complaints.ledger.signing import published_keys
from complaints.models import Attachment, Complaint
from reports.figures.tables import iso
from reports.pages.case_file import case_file_pdf
from reports.sealed.content import WITHHELD, Edition, case_content
from reports.zipped import signed_list, zip_of

MANIFEST = "tuntas-manifest-1"
LANGUAGES = ("id", "en")


def make_bundle(
    case: Complaint, *, purpose: str, is_for_citizen: bool, actor: Actor, now: datetime, language: str
) -> tuple[bytes, str]:
    """The ZIP, and the SHA-256 of its manifest. Signed after it was read, the history is under the head as it
    stands here, the making of this file included. Raises RenderFailed."""
    edition = Edition(case, is_for_citizen)
    with translation.override(language):
        history = edition.history()
        head = make_checkpoint(now)
        proof = proof_as_seen_by(case, edition.audience, withheld=WITHHELD, under=head)
        files, listed = _files(edition.attachments())
        elsewhere = edition.elsewhere(history)
        content = case_content(edition, history, elsewhere, now) | {
            "purpose": purpose,
            "files": listed,
        }
        made_for = _("the citizen") if edition.is_for_citizen else ""
    members = files | {
        "README.txt": _readme(edition, now),
        "case.json": _json(content),
        "case.pdf": case_file_pdf(
            case,
            actor=actor,
            now=now,
            language=language,
            timeline=sorted([*history, *elsewhere], key=lambda item: item.at),
            made_for=made_for,
        ),
        f"heads/{head.size}.txt": head.note.encode(),
        "key.txt": published_keys().encode(),
        "proof.json": as_file(proof),
        "tuntas_verify.py": (settings.BASE_DIR / "docs" / "verify" / "tuntas_verify.py").read_bytes(),
    }
    lines = [MANIFEST, f"case {case.number}", f"sealed {iso(now)}"]
    members["MANIFEST.txt"] = signed_list(lines, members)
    return zip_of(members), sha256(members["MANIFEST.txt"]).hexdigest()


def _files(rows: list[Attachment]) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """The files as they are stored, and the list of them; one that is damaged is listed as missing."""
    files: dict[str, bytes] = {}
    listed = []
    for place, row in enumerate(rows, start=1):
        line: dict[str, Any] = {"name": row.name, "sha256": row.sha256, "size": row.size}
        line |= {"added_at": iso(row.added_at), "internal": not row.is_public}
        try:
            data = read(row)
        except FileDamaged:
            line["missing"] = (
                _("[left out: the file is still being checked]")
                if row.is_waiting
                else _("[missing: the stored file is gone or damaged]")
            )
        else:
            line["path"] = f"files/{place:02d}-{plain_name(row.name)}"
            files[line["path"]] = data
        listed.append(line)
    return files, listed


def plain_name(name: str) -> str:
    """A name that every system can unpack."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (
        re.sub(r"[^A-Za-z0-9._-]+", "_", part).strip("._") for part in (stem if dot else ending, ending)
    )
    return f"{stem or 'file'}.{ending}" if dot and ending else stem or "file"


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _readme(edition: Edition, now: datetime) -> bytes:
    """In both languages, whatever the rest is in: nobody knows who will open it."""
    parts = []
    for language in LANGUAGES:
        with translation.override(language):
            context = {
                "number": edition.case.number,
                "government": settings.CITY.government,
                "made_iso": iso(now),
                "is_for_citizen": edition.is_for_citizen,
                "base_url": settings.BASE_URL,
            }
            parts.append(render_to_string("reports/sealed_readme.txt", context).strip())
    return ("\n\n\n".join(parts) + "\n").encode()
