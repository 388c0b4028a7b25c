"""A receipt code as a QR picture: the code and nothing else, drawn as SVG."""

from functools import cache
from urllib.parse import quote

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

# Version 1 holds exactly the 20 symbols of a code. Any mask is valid; weighing all eight takes ten times as long.
VERSION, MASK, QUIET = 1, 3, 4
END = '"/></svg>'


def qr_picture(symbols: str) -> str:
    """A `data:` address of the code's QR picture, black on white."""
    code = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=QUIET)
    code.add_data(QRData(symbols.encode(), mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="'
    )
    # In the dots there is nothing to be quoted, and they are nearly all of it.
    return f"data:image/svg+xml,{_quoted(head)}{dots}{_quoted(END)}"


@cache
def _quoted(svg: str) -> str:
    return quote(svg, safe="/:= '")
