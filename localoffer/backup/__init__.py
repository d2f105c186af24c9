"""Backups that can be trusted: one file with the database, every upload and the settings needed to restart.

`archive` (what a file holds and whether it is whole) ← `databases` (SQLite, PostgreSQL) ← `make`, `restore`.
"""
