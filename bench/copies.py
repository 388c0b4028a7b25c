"""Statements that copy what was made of cases, under other keys and numbers: a sixth of the time that making takes.

A copy has the words, days and people of its case; its history has the hashes of that case's, so it does not verify.
"""

from bench.made import COLUMNS, Plan

EACH = 4  # keys of events and clocks for a case
NUMBER = """
CREATE OR REPLACE FUNCTION pg_temp.numbered(old text, serial bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  digits text := split_part(old, '-', 2) || lpad(serial::text, greatest(6, length(serial::text)), '0');
  product int := 10;
  total int;
BEGIN  -- ISO 7064 MOD 11-10, as complaints/numbers.py has it
  FOR place IN 1..length(digits) LOOP
    total := (substr(digits, place, 1)::int + product) % 10;
    IF total = 0 THEN total := 10; END IF;
    product := total * 2 % 11;
  END LOOP;
  RETURN concat_ws('-', split_part(old, '-', 1), split_part(old, '-', 2), substr(digits, 5), (11 - product) % 10);
END $$
"""


def copies_of(plan: Plan, number: int) -> list[str]:
    """What makes the so many-th copy of all cases that were made."""
    cases, rows = plan.cases * number, plan.cases * number * EACH
    own = f"pg_temp.numbered(number, id + {cases})"
    say = "replace(replace({}, '-', ''), split_part(number, '-', 1), '\u2116')"
    words = (
        f"replace(replace(search_text, '\u2116' || id, '\u2116' || (id + {cases})), "
        f"{say.format('number')}, {say.format(own)})"
    )
    changed = {
        "complaints_complaint": {
            "id": f"id + {cases}",
            "number": own,
            "merged_into_id": f"merged_into_id + {cases}",
            "search_text": words,
        },
        "complaints_event": {"id": f"id + {rows}", "complaint_id": f"complaint_id + {cases}"},
        "complaints_clock": {"id": f"id + {rows}", "complaint_id": f"complaint_id + {cases}"},
        "complaints_eventcontent": {"event_id": f"event_id + {rows}"},
    }
    keys = {
        "complaints_complaint": ("id", plan.first_case, 1),
        "complaints_event": ("id", plan.first_event, EACH),
        "complaints_clock": ("id", plan.first_clock, EACH),
        "complaints_eventcontent": ("event_id", plan.first_event, EACH),
    }
    statements = ["SET session_replication_role = replica", NUMBER]
    for table, columns in COLUMNS.items():
        key, first, each = keys.get(table, ("complaint_id", plan.first_case, 1))
        new = changed.get(table, {"complaint_id": f"complaint_id + {cases}"})
        statements.append(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(new.get(one, one) for one in columns)} "
            f"FROM {table} WHERE {key} >= {first} AND {key} < {first + plan.cases * each}"
        )
    return statements
