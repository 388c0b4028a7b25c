"""Heads as text: signed, read again, and refused when a letter of them was changed."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.ledger.notes import BadNote, Signer, TreeHead, Verifier, find_notes, open_head

SIGNER = Signer.parse("tuntas/kupang", b64encode(bytes(range(32))).decode())
OTHER = Signer.parse("tuntas/kupang", b64encode(bytes(32)).decode())
AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HEAD = TreeHead("tuntas/kupang", 4211, sha256(b"root").digest(), AT)
NOTE = SIGNER.sign(HEAD.text())


def test_a_head_is_spelled_as_the_format_says() -> None:
    root = b64encode(HEAD.root).decode()
    text, signature = NOTE.split("\n\n")
    assert text == f"tuntas/kupang\n4211\n{root}\ntime 2026-11-22T05:00:00Z"
    value = b64decode(signature.removeprefix("— tuntas/kupang ").strip())
    raw = b"\1" + SIGNER.verifier.public
    key_id = sha256(b"tuntas/kupang\n" + raw).digest()[:4]
    assert (value[:4], len(value)) == (key_id, 4 + 64)
    assert str(SIGNER.verifier) == f"tuntas/kupang+{key_id.hex()}+{b64encode(raw).decode()}"


def test_a_signed_head_is_read_again() -> None:
    assert open_head(NOTE, Verifier.parse(str(SIGNER.verifier))) == HEAD


def test_another_key_of_the_same_name_has_not_signed() -> None:
    with pytest.raises(BadNote, match="not signed by this key"):
        open_head(NOTE, OTHER.verifier)


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_a_changed_bit_is_refused(bit: int) -> None:
    raw = bytearray(NOTE.encode())
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadNote):
        open_head(raw.decode("utf-8", "replace"), SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "tuntas/kupang\n-1\nAAAA\ntime 2026-11-22T05:00:00Z\n",
        "tuntas/kupang\n01\nAAAA\ntime 2026-11-22T05:00:00Z\n",
        HEAD.text().replace("2026-11", "2026-13"),
        HEAD.text() + "more\n",
        "",
    ],
)
def test_what_is_not_quite_a_head_is_none(text: str) -> None:
    with pytest.raises(BadNote):
        open_head(SIGNER.sign(text or "\n"), SIGNER.verifier)


@pytest.mark.parametrize("seed", ["", "short", b64encode(bytes(31)).decode()])
def test_a_key_of_the_wrong_length_is_refused(seed: str) -> None:
    with pytest.raises(BadNote):
        Signer.parse("tuntas/kupang", seed)


def test_heads_are_found_in_a_mail_around_them() -> None:
    later = SIGNER.sign(TreeHead("tuntas/kupang", 5000, HEAD.root, AT).text())
    mail = f"Dear auditor,\r\n\r\nthis is the head:\r\n\r\n{NOTE}\r\nand\n\n{later}\nGoodbye — the city\n"
    assert list(find_notes(mail)) == [NOTE, later]
