"""What a case's complete file holds beyond the case page: its mails, its escalations, each look at an identity."""

# What other parts put into the file, in this order: templates that are given `case` and `request` and do
# their own reading by a template tag, at most one query each. One that does not exist yet is left out.
FILE_BLOCKS: tuple[str, ...] = ()
