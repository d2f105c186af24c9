"""Importers by the name of their format: `--format gias`."""

from services.importers.base import Importer
from services.importers.csv_package import CsvPackageImporter
from services.importers.gias import GiasImporter
from services.importers.oruk import OrukImporter
from services.importers.outpost import OutpostImporter

FORMATS: dict[str, Importer] = {
    "gias": GiasImporter(),
    "outpost": OutpostImporter(),
    "csv": CsvPackageImporter(),
    "oruk": OrukImporter(),
}
