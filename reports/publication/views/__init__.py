"""What people open: the public pages, the subscription, the desk."""
