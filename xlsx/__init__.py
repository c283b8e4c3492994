"""Workbooks: reading sheets of travel claims, recalculating them in bulk, writing the results."""
