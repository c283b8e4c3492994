"""The calculation server."""
