"""What a new connection to the database is told."""

from contextlib import closing

import pytest
from django.db import connection


@pytest.mark.django_db
def test_connection_when_new_then_it_compiles_no_statement():
    with closing(connection.copy()) as new, new.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)
        else:  # it has no such thing, and is told nothing that it would refuse
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
