"""Statistics on screen: counts kept up as cases change, live for staff, frozen for everybody once a period is over."""
