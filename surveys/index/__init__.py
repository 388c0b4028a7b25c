"""The satisfaction index: counted exactly, with how sure it is, and shown to everybody."""
