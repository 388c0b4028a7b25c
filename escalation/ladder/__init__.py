"""Nobody lets a case lie: rules, the visit of a case that fell due, escalations and decisions."""
