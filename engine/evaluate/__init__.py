"""A plan and facts to decisions. Read `one.py` first: it is the specification; `columns.py` does the same for a batch."""
