"""What goes wrong while nobody looks, told to the operator: docs/reference/watchdog.md.

`looking` finds the troubles of a moment, `book` remembers which of them stand and what was told of them, `telling`
sends, `running` does so again and again.
"""
