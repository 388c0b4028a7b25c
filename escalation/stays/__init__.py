"""The times that reports were with agencies, as rows that are kept up: what an agency is judged by, for any period."""
