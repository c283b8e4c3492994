"""The user's own workbook with results in it: bytes are spliced in, nothing else is changed."""
