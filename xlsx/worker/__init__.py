"""Parsing in processes of their own, since a parser may abort the process it runs in."""
