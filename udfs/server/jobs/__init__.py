"""Recalculation of whole sheets over the server: a queue in SQLite, files in a folder, a process for each sheet."""
