"""What the administrator sets here. Django looks for this module by its name."""

from surveys.standards.admin import CounterAdmin

__all__ = ["CounterAdmin"]
