"""What is new for whom, and its way there: matched, written down, sent, and what came of it."""
