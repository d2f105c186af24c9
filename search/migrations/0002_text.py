"""The table of words: made by the database's own kind of full text."""

from django.db import migrations


def sql_for(schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        from search.engines import text_postgres as text
    else:
        from search.engines import text_sqlite as text
    return text


def create(apps, schema_editor):
    schema_editor.execute(sql_for(schema_editor).CREATE)


def drop(apps, schema_editor):
    schema_editor.execute(sql_for(schema_editor).DROP)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
