"""What happened to a case: the one writer of events, and the timeline that each reader sees."""
