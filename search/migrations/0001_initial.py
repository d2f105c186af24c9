import django.db.models.deletion
import localoffer.blocks
import localoffer.models.pages
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


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

    initial = True

    dependencies = [
        ('services', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuidedFinderPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='Shown above the first question. Two or three short sentences.')),
                ('questions', wagtail.fields.StreamField([('choice', 10), ('age', 11), ('postcode', 13)], block_lookup={0: ('search.guided_blocks.KeyBlock', (), {}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 120}), 2: ('wagtail.blocks.TextBlock', (), {'required': False, 'rows': 2}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': "In a family's words.", 'max_length': 80}), 4: ('wagtail.blocks.CharBlock', (), {'max_length': 150, 'required': False}), 5: ('search.guided_blocks.FiltersBlock', (), {'label': 'Filters it sets'}), 6: ('search.guided_blocks.KeyBlock', (), {'help_text': "The outcome's short name.", 'label': 'Outcome it leads to', 'required': False}), 7: ('search.guided_blocks.KeyBlock', (), {'help_text': 'Its short name. Empty: the next one.', 'label': 'Question to ask next', 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('key', 0), ('label', 3), ('hint', 4), ('filters', 5), ('outcome', 6), ('then', 7)]], {}), 9: ('wagtail.blocks.ListBlock', (8,), {'max_num': 12, 'min_num': 2}), 10: ('wagtail.blocks.StructBlock', [[('key', 0), ('title', 1), ('hint', 2), ('options', 9)]], {}), 11: ('wagtail.blocks.StructBlock', [[('title', 1), ('hint', 2)]], {}), 12: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('', 'Any distance'), ('2', '2 miles'), ('5', '5 miles'), ('10', '10 miles'), ('20', '20 miles')], 'label': 'How far to look', 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('title', 1), ('hint', 2), ('within', 12)]], {})})),
                ('outcomes', wagtail.fields.StreamField([('outcome', 15)], block_lookup={0: ('search.guided_blocks.KeyBlock', (), {}), 1: ('wagtail.blocks.CharBlock', (), {'max_length': 120}), 2: ('wagtail.blocks.TextBlock', (), {'help_text': 'Two or three short sentences.', 'rows': 3}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Words to search for. Empty: filters only.', 'max_length': 100, 'required': False}), 4: ('search.guided_blocks.FiltersBlock', (), {'label': 'Filters of the search'}), 5: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'ol', 'ul', 'link', 'document-link']}), 6: ('wagtail.blocks.ListBlock', (5,), {'default': [], 'label': 'What to do next'}), 7: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.blocks.requirement_choices, 'label': 'Question the law asks'}), 8: ('wagtail.blocks.ListBlock', (7,), {'default': [], 'label': 'Your rights: answers to link to'}), 9: ('wagtail.blocks.TextBlock', (), {'help_text': 'What they can help with, and when.', 'required': False, 'rows': 2}), 10: ('wagtail.blocks.CharBlock', (), {'max_length': 30, 'required': False}), 11: ('wagtail.blocks.EmailBlock', (), {'required': False}), 12: ('wagtail.blocks.URLBlock', (), {'label': 'Website', 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('name', 1), ('words', 9), ('phone', 10), ('email', 11), ('url', 12)]], {}), 14: ('wagtail.blocks.ListBlock', (13,), {'default': [], 'label': 'People to talk to'}), 15: ('wagtail.blocks.StructBlock', [[('key', 0), ('title', 1), ('introduction', 2), ('words', 3), ('filters', 4), ('next_steps', 6), ('rights', 8), ('people', 14)]], {})}, help_text='Where answers lead. The last one is for those that lead nowhere else.')),
            ],
            options={
                'verbose_name': 'guided finder',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='IndexedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='IndexState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveBigIntegerField(default=0)),
                ('purged', models.PositiveBigIntegerField(default=0)),
                ('synonyms', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(blank=True, editable=False, max_length=60, null=True, unique=True)),
                ('terms', models.TextField(help_text='One word or phrase a line. Add misspellings too. A search for one finds all of them.', verbose_name='words that mean the same')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'group of synonyms',
                'verbose_name_plural': 'synonyms',
                'ordering': ['terms', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='BestBet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phrases', models.TextField(help_text='One word or phrase a line. A search matches when these are its words, in any order; small words such as “for” and “my” do not count.', verbose_name='words that families use')),
                ('words', models.CharField(blank=True, help_text='Empty: its own summary.', max_length=200, verbose_name='what to say of it')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='best_bets', to='wagtailcore.site')),
                ('page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='services.service')),
            ],
            options={
                'verbose_name': 'best bet',
                'ordering': ['phrases', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='IndexedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.PositiveBigIntegerField()),
                ('generation', models.PositiveBigIntegerField(db_index=True)),
                ('removed', models.BooleanField(default=False)),
                ('entry', models.JSONField(default=dict)),
                ('card', models.JSONField(default=dict)),
                ('meaning', models.BinaryField(default=bytes)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='indexed_once')],
            },
        ),
        migrations.CreateModel(
            name='RareSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=32)),
                ('since', models.DateField()),
                ('searches', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('authority', 'digest'), name='rare_search_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
                ('words', models.CharField(max_length=80)),
                ('outcode', models.CharField(blank=True, max_length=4)),
                ('searches', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='search_counts', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'count of searches',
                'verbose_name_plural': 'counts of searches',
                'ordering': ['-day', 'words', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'day', 'words', 'outcode'), name='counted_once_a_day')],
            },
        ),
        # The table of words is made by the database's own kind of full text.
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name='IndexSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32, unique=True)),
                ('generation', models.PositiveBigIntegerField()),
            ],
        ),
    ]
