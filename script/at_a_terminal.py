"""Runs a command at a terminal of its own and types an answer whenever it asks: a line that ends in a colon.

python3 at_a_terminal.py ANSWER… -- COMMAND…
"""

import os
import pty
import re
import sys

ASKS = re.compile(rb"[^\r\n]: ?$")


def main() -> int:
    cut = sys.argv.index("--")
    answers, command = sys.argv[1:cut], sys.argv[cut + 1 :]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606 - the command it was given
    said = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other side is gone
            break
        if not more:
            break
        sys.stdout.buffer.write(more)
        sys.stdout.flush()
        said += more
        if answers and ASKS.search(said):
            os.write(terminal, answers.pop(0).encode() + b"\n")
            said = b""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
