"""A packed snapshot as one value, which the program never has."""

from reports.figures.snapshot import Packed, Snapshot


def pack(snapshot: Snapshot) -> bytes:
    return b"".join(Packed.of(snapshot).pieces())
