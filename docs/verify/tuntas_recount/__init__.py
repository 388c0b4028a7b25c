"""Counts the figures of a Tuntas report again, from the data that its PDF carries.

    python3 -m tuntas_recount FILE.pdf [--json] [--digest HEX]

Python 3.11 or newer and nothing else. It shares no code with Tuntas: it goes by what the definitions say, which stand
in the report and in the data. Ends with 0: everything agrees, 1: something differs, 2: it cannot be checked.
What it reads, and what it can and cannot show: docs/recount.md.
"""
