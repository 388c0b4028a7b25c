"""A count of Boston's published file that knows nothing of Tuntas: the csv module, SQLite, and the SQL below.

    python tests/reports/boston_by_sql.py ../shared/data/complaints/boston_311_2011h2.csv.gz

Prints for each quarter and each month, and for each department of it, what a report has to say. A request belongs to
the month in which it was opened. In time: closed by its target. Late: closed after it, or still open (the file was
published long after the last target). Without a target it is neither.
"""

import csv
import gzip
import json
import sqlite3
import sys
from pathlib import Path

COLUMNS = ("open_dt", "target_dt", "closed_dt", "case_status", "subject")
COUNTS = ("received", "ended", "open", "with_target", "met_target", "late")
HOURS = ("hours_to_end_median", "hours_to_end_p90", "hours_to_end_mean")
PERIODS = """
create table request as
select substr(open_dt, 1, 7) as month,
       substr(open_dt, 1, 5) || 'Q' || ((substr(open_dt, 6, 2) + 2) / 3) as quarter,
       subject,
       case_status = 'Open' as is_open,
       target_dt <> '' as has_target,
       closed_dt <> '' and closed_dt <= target_dt as is_met,
       case when closed_dt <> '' then (strftime('%s', closed_dt) - strftime('%s', open_dt)) / 3600.0 end as hours
from file
"""
COUNTED = """
select {period}, {subject} as subject,
       count(*), sum(not is_open), sum(is_open), sum(has_target),
       sum(has_target and is_met), sum(has_target and not is_met)
from request group by 1, 2
"""
# Each value with its place from 0; a quantile lies between the two around its place, in proportion.
TIMES = """
with placed as (
    select {period} as period, hours,
           row_number() over (partition by {period} order by hours) - 1 as place,
           count(*) over (partition by {period}) - 1 as last
    from request where hours is not null and not is_open
),
at(share) as (values (0.5), (0.9)),
around as (
    select period, share, hours, 1 - abs(last * share - place) as weight
    from placed join at on abs(last * share - place) < 1
)
select period,
       sum(hours * weight) filter (where share = 0.5),
       sum(hours * weight) filter (where share = 0.9),
       (select avg(hours) from placed where placed.period = around.period)
from around group by 1
"""


def count(path):
    """{"2011-07": {"received": …, "hours_to_end_median": …, "by_subject": {…}}, …, "2011-Q3": …}"""
    base = sqlite3.connect(":memory:")
    base.execute(f"create table file ({', '.join(COLUMNS)})")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = ([row[name] for name in COLUMNS] for row in csv.DictReader(text))
        base.executemany("insert into file values (?, ?, ?, ?, ?)", rows)
    base.execute(PERIODS)
    found = {}
    for period in ("month", "quarter"):
        for name, _all, *counts in base.execute(COUNTED.format(period=period, subject="''")):
            found[name] = dict(zip(COUNTS, counts, strict=True)) | {"by_subject": {}}
        for name, subject, *counts in base.execute(COUNTED.format(period=period, subject="request.subject")):
            found[name]["by_subject"][subject] = dict(zip(COUNTS, counts, strict=True))
        for name, *hours in base.execute(TIMES.format(period=period)):
            found[name] |= dict(zip(HOURS, hours, strict=True))
    return found


if __name__ == "__main__":
    json.dump(count(Path(sys.argv[1])), sys.stdout, indent=1)
