"""What the administrator sets here. Django looks for this module by its name."""

from reports.publication.admin import ReportPolicyAdmin

__all__ = ["ReportPolicyAdmin"]
