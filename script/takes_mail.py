"""A mail server of a trial: takes every mail on 127.0.0.1:2525 and writes to whom it went and its subject, a line each.

python3 takes_mail.py FILE
"""

import email
import socketserver
import sys
from email.policy import default
from pathlib import Path


class Takes(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 trial")
        to = list[str]()
        for line in iter(self.rfile.readline, b""):
            word = line.decode(errors="replace").strip()
            match word[:4].upper():
                case "RCPT":
                    to.append(word.partition(":")[2].strip("<>"))
                    self.say("250 so")
                case "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    letter = email.message_from_bytes(b"".join(lines), policy=default)
                    with Path(sys.argv[1]).open("a") as file:
                        file.writelines(f"{each}\t{letter['subject']}\n" for each in to)
                    to.clear()
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 so")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", 2525), Takes) as server:
        server.serve_forever()
