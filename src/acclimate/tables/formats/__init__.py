"""Formats: one file each. They give plain rows and places; which columns there are, tables say.

Everything skipped or repaired is counted in a `Tally`; what cannot be read raises a TableError
that names file, line, field and fix.
"""
