"""OTS Watch: a news monitor for the Organization of Turkic States.

Public: `process`, `label`, the records they return, and `__version__`. Everything else is the application's own.
"""

from __future__ import annotations

from otswatch.api import Labels, label, process
from otswatch.records import Article

__version__ = "0.1.0"

__all__ = ["Article", "Labels", "__version__", "label", "process"]
