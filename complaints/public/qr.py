"""A receipt code as a QR picture: the code and nothing else, drawn as SVG."""

from functools import cache
from itertools import compress
from urllib.parse import quote

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM, QRData

# Version 1 holds exactly the 20 symbols of a code. Any mask is valid; weighing all eight takes ten times as long.
VERSION, MASK, QUIET, SYMBOLS = 1, 3, 4, 20
SIZE = 21 + 2 * QUIET
PAIR_BITS = 11  # two symbols are one number of so many bits
BEGIN = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" shape-rendering="crispEdges">'
    f'<path fill="#fff" d="M0 0h{SIZE}v{SIZE}H0z"/><path d="'
)
END = '"/></svg>'
# In the dots there is nothing to be quoted, and they are nearly all of it.
HEAD, TAIL = (quote(svg, safe="/:= '") for svg in (BEGIN, END))
DOTS = [f"M{x} {y}h1v1h-1z" for y in range(SIZE) for x in range(SIZE)]


def qr_picture(symbols: str) -> str:
    """A `data:` address of the code's QR picture, black on white."""
    is_dark = [sign == "1" for sign in f"{_modules(symbols):0{SIZE**2}b}"]
    return f"data:image/svg+xml,{HEAD}{''.join(compress(DOTS, is_dark))}{TAIL}"


def _modules(symbols: str) -> int:
    """All modules as one number, a bit each. Every bit of a code turns the same modules whatever the others are, those
    of the correction among them: so the library draws each once a process, and not each code, which took longer than
    anything else of a receipt."""
    found, turned = _turned()
    for place in range(SYMBOLS // 2):
        first, second = (ALPHA_NUM.index(each.encode()) for each in symbols[2 * place : 2 * place + 2])
        number = first * len(ALPHA_NUM) + second
        for bit in range(PAIR_BITS):
            if number >> bit & 1:
                found ^= turned[place][bit]
    return found


@cache
def _turned() -> tuple[int, list[list[int]]]:
    """The modules of a code of zeros; and for each pair of symbols what each bit of its number turns."""
    zeros = _drawn("0" * SYMBOLS)
    pairs = [
        bytes(ALPHA_NUM[n] for n in divmod(1 << bit, len(ALPHA_NUM))).decode() for bit in range(PAIR_BITS)
    ]
    codes = [[f"{'00' * place}{pair}".ljust(SYMBOLS, "0") for pair in pairs] for place in range(SYMBOLS // 2)]
    return zeros, [[zeros ^ _drawn(code) for code in of_place] for of_place in codes]


def _drawn(symbols: str) -> int:
    code = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=QUIET)
    code.add_data(QRData(symbols.encode(), mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return int("".join("01"[dark] for row in code.get_matrix() for dark in row), 2)
