"""One function a verb. Each does, in one transaction: scope, right, transition, event, outbox."""
