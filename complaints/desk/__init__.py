"""The staff's side: queues, the case page, intake."""
