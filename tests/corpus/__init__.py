"""Workbooks that others made get results in them, and nothing else of them may change."""
