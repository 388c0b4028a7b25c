"""What `verify_ledger` looks at: chains, cases, tree and heads, files."""
