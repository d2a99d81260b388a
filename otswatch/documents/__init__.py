"""Official documents: which articles are their texts, name or slice them, and what is known of each.

    register = load(settings.config)
    reading = read(register, article, official=True)
    reports = reading.reports(known)                  # document → what the article says of it
    document = fold(register, id, {article: report})  # from all articles
    project(register, document, version)              # for an index

All of it is pure; who keeps reports and marks is the consumer `index`. docs/reference/documents.md has the rules.
"""

from __future__ import annotations

from otswatch.documents.fold import fold, project, registered
from otswatch.documents.read import Reading, read
from otswatch.documents.records import OfficialDocument, Report
from otswatch.documents.register import Register, load
from otswatch.documents.resolve import KnownBy

__all__ = [
    "KnownBy",
    "OfficialDocument",
    "Reading",
    "Register",
    "Report",
    "fold",
    "load",
    "project",
    "read",
    "registered",
]
