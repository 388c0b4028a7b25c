"""The tables of the bare site, beside ours in the same database."""

TABLES = """
CREATE TABLE IF NOT EXISTS bare_case (id bigserial PRIMARY KEY, number text UNIQUE, receipt text UNIQUE,
  subject text, description text, category text, place text, received_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_contact (case_id bigint PRIMARY KEY REFERENCES bare_case, name text, email text);
CREATE TABLE IF NOT EXISTS bare_event (id bigserial PRIMARY KEY, case_id bigint REFERENCES bare_case,
  kind text, at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_outbox (id bigserial PRIMARY KEY, case_id bigint REFERENCES bare_case,
  kind text, due_at timestamptz DEFAULT now());
CREATE TABLE IF NOT EXISTS bare_page (code text PRIMARY KEY, blocks jsonb);
CREATE INDEX IF NOT EXISTS bare_queue ON complaints_complaint (agency_id, due_at, id)
  WHERE state IN ('assigned', 'in_progress');
"""
