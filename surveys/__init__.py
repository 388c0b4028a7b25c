"""Surveys, their index, and forums. Not built yet: `docs/status.md` says what comes here."""
