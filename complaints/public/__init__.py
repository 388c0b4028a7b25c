"""The citizen's side: no account, a receipt code."""
