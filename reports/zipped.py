"""ZIP files whose bytes say nothing of when and where they were made, with a signed list of what is in them."""

from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from complaints.ledger.signing import sign_note

EPOCH = (1980, 1, 1, 0, 0, 0)


def signed_list(head: list[str], members: dict[str, bytes]) -> bytes:
    """The lines of `head`, then every file with its SHA-256, signed with the key of the history (docs/proofs.md)."""
    lines = [*head, *(f"{sha256(content).hexdigest()}  {name}" for name, content in sorted(members.items()))]
    return sign_note("".join(f"{line}\n" for line in lines)).encode()


def zip_of(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as bundle:
        for name, content in sorted(members.items()):
            info = ZipInfo(name, EPOCH)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o100644 << 16
            bundle.writestr(info, content)
    return out.getvalue()
