"""The outbox: messages drafted with what caused them, and sent when they are due."""
