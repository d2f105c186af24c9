"""Importers by the name of their format: `--format gias`."""

from services.importers.base import Importer
from services.importers.gias import GiasImporter

FORMATS: dict[str, Importer] = {"gias": GiasImporter()}
