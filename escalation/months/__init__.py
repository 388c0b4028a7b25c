"""The officer's monthly page: what one person had, and how it went; theirs first, then their head's."""
