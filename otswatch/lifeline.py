"""A child that ends when its parent is gone, however that ended: it holds one end of a pipe, and reads until it breaks.

The parent keeps the other end open for as long as it lives; the kernel closes it when the parent is killed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

#: Set by a parent that holds its children's standard input open.
VARIABLE = "OTSWATCH_LIFELINE"


def hold() -> None:
    """In a child: from now on, end in order (SIGTERM) once standard input ends. Nothing where nobody supervises."""
    if os.environ.pop(VARIABLE, None) is not None:  # taken out: this process's own workers hold no line
        threading.Thread(target=_until_it_breaks, name="lifeline", daemon=True).start()


def _until_it_breaks() -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not through a buffer: its lock would be held when Python ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
