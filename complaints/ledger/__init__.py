"""How the history is sealed: Merkle tree, signed heads, proofs, export and verification."""
