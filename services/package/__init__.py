"""Our own CSV package: a zip of CSV files with a `datapackage.json` (Frictionless), out and in again.

schema <- export. `services.importers.csv_package` reads it.
"""
