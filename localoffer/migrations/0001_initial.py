import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import localoffer.accountability_blocks
import localoffer.blocks
import localoffer.indicators
import localoffer.models.accountability
import localoffer.models.pages
import modelcluster.fields
import re
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # After all of Wagtail's: each of its changes would read our models anew, which takes longer than it does.
    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('sessions', '0001_initial'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailadmin', '0006_formstate'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailembeds', '0009_embed_cache_until'),
        ('wagtailforms', '0005_alter_formsubmission_form_data'),
        ('wagtailimages', '0027_image_description'),
        ('wagtailredirects', '0008_add_verbose_name_plural'),
        ('wagtailsearch', '0010_add_text_fields'),
        ('wagtailusers', '0015_userprofile_keyboard_shortcuts'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessibilityStatementPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('scope', models.TextField(help_text='Which site and addresses it is about.')),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='What people should be able to do here.')),
                ('compliance', models.CharField(choices=[('full', 'fully compliant'), ('partial', 'partially compliant'), ('none', 'not compliant')], default='partial', max_length=10)),
                ('not_accessible', wagtail.fields.RichTextField(blank=True, help_text='Each fault, which success criterion it fails, and when it will be mended.', verbose_name='what does not meet the standard, and why')),
                ('disproportionate_burden', wagtail.fields.RichTextField(blank=True, help_text='What would cost too much to mend, and why. Or empty.')),
                ('outside_the_law', wagtail.fields.RichTextField(blank=True, help_text='Or empty.', verbose_name='not covered by the regulations')),
                ('alternatives', wagtail.fields.RichTextField(help_text='How to have it in another form.', verbose_name='other ways to get it')),
                ('contact_email', models.EmailField(max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=30)),
                ('response_days', models.PositiveSmallIntegerField(default=5, help_text='Working days.', verbose_name='days to answer')),
                ('prepared_on', models.DateField()),
                ('last_reviewed_on', models.DateField()),
                ('last_tested_on', models.DateField()),
                ('tested_by', models.CharField(help_text='A team or company, not a person.', max_length=150)),
                ('method', wagtail.fields.RichTextField(verbose_name='how it was tested')),
                ('not_yet_checked', wagtail.fields.RichTextField(blank=True, help_text='Be honest.', verbose_name='checks by people not done yet')),
            ],
            options={
                'verbose_name': 'accessibility statement',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='SectionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('answers', wagtail.fields.StreamField([('answer', 18), ('not_applicable', 20), ('not_published', 25)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.blocks.requirement_choices, 'label': 'Question the law asks'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'Empty: the question itself.', 'max_length': 150, 'required': False}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'ol', 'ul', 'link', 'document-link']}), 3: ('wagtail.blocks.TextBlock', (), {'label': 'Who can get it', 'required': False, 'rows': 2}), 4: ('wagtail.blocks.TextBlock', (), {'required': False, 'rows': 2}), 5: ('wagtail.blocks.TextBlock', (), {'help_text': 'A role, not a name, and how long it takes.', 'required': False, 'rows': 2}), 6: ('wagtail.blocks.CharBlock', (), {'max_length': 150}), 7: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'From the library, or give an address below.', 'required': False}), 8: ('wagtail.blocks.URLBlock', (), {'label': 'Address', 'required': False}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'The years it covers, such as 2026-27. Empty if it has no end.', 'max_length': 30, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('title', 6), ('document', 7), ('url', 8), ('period', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'default': []}), 12: ('wagtail.blocks.MultipleChoiceBlock', [], {'choices': localoffer.blocks.category_choices, 'label': 'Kinds of service to link to', 'required': False}), 13: ('wagtail.snippets.blocks.SnippetChooserBlock', ('services.Service',), {}), 14: ('wagtail.blocks.ListBlock', (13,), {'default': [], 'label': 'Services to name'}), 15: ('wagtail.blocks.CharBlock', (), {'help_text': 'The role that keeps this right.', 'max_length': 100, 'required': False}), 16: ('wagtail.blocks.DateBlock', (), {'required': False}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 150, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('requirement', 0), ('heading', 1), ('body', 2), ('eligibility', 3), ('how_to_get_it', 4), ('who_decides', 5), ('if_you_disagree', 4), ('documents', 11), ('service_categories', 12), ('services', 14), ('owner', 15), ('reviewed_on', 16), ('review_by', 16), ('co_produced_with', 17)]], {}), 19: ('wagtail.blocks.TextBlock', (), {'help_text': 'Families see this.', 'rows': 2}), 20: ('wagtail.blocks.StructBlock', [[('requirement', 0), ('reason', 19)]], {}), 21: ('wagtail.blocks.CharBlock', (), {'help_text': 'A role, not a name.', 'max_length': 100}), 22: ('wagtail.blocks.DateBlock', (), {'label': 'Date you will publish it by'}), 23: ('wagtail.blocks.TextBlock', (), {'help_text': 'Why it is not here yet.', 'required': False, 'rows': 2}), 24: ('wagtail.blocks.TextBlock', (), {'help_text': 'What families can do until then.', 'required': False, 'rows': 2}), 25: ('wagtail.blocks.StructBlock', [[('requirement', 0), ('responsible_role', 21), ('expected_on', 22), ('note', 23), ('until_then', 24)]], {})})),
            ],
            options={
                'abstract': False,
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='AlternativeFormatsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField()),
                ('body', wagtail.fields.RichTextField()),
                ('reply_days', models.PositiveSmallIntegerField(default=5, help_text='Working days in which you will answer a request.', verbose_name='days to answer')),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'alternative formats page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='AToZPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'A to Z page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='TwinPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('made_from', models.CharField(blank=True, editable=False, max_length=32)),
                ('confirmed_digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='GlossaryPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'glossary page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='GuidancePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True)),
                ('body', wagtail.fields.RichTextField()),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'guidance page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('heading', models.CharField(default='Find help for your child, or for you', max_length=120)),
                ('introduction', models.CharField(default='For children and young people up to 25 who need extra help to learn, or who have a disability. You do not need a diagnosis to start.', max_length=300)),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LandingPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('first_things', wagtail.fields.StreamField([('thing', 2)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'What to do, such as “Talk to the class teacher”.', 'max_length': 120}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'ul', 'link', 'document-link'], 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('words', 1)]], {})}, verbose_name='do this first')),
                ('questions', wagtail.fields.StreamField([('question', 0)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.blocks.requirement_choices, 'label': 'Question the law asks'})}, verbose_name='answers to link to')),
                ('kinds_of_service', wagtail.fields.StreamField([('kind', 0)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.blocks.category_choices, 'label': 'Kind of service'})})),
                ('people', wagtail.fields.StreamField([('person', 5)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'max_length': 120}), 1: ('wagtail.blocks.TextBlock', (), {'help_text': 'What they can help with, and when.', 'required': False, 'rows': 2}), 2: ('wagtail.blocks.CharBlock', (), {'max_length': 30, 'required': False}), 3: ('wagtail.blocks.EmailBlock', (), {'required': False}), 4: ('wagtail.blocks.URLBlock', (), {'label': 'Website', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('name', 0), ('words', 1), ('phone', 2), ('email', 3), ('url', 4)]], {})}, verbose_name='people to talk to')),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'task page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'news list',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='NewsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('date', models.DateField(default=django.utils.timezone.localdate)),
                ('summary', models.CharField(help_text='One or two short sentences.', max_length=300)),
                ('body', wagtail.fields.RichTextField()),
            ],
            options={
                'verbose_name': 'news page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ResponsibilityPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('responsibilities', wagtail.fields.StreamField([('duty', 3)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'Such as “The council” or “The health service”.', 'max_length': 120}), 1: ('wagtail.blocks.TextBlock', (), {'help_text': 'What it must do, in plain words.', 'rows': 2}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': 'The role that answers for it, written as everywhere on the site. Not a name.', 'max_length': 100}), 3: ('wagtail.blocks.StructBlock', [[('agency', 0), ('duty', 1), ('role', 2)]], {})})),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'page of who is responsible',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ScorecardPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('councillors', 'Councillors, by a link that you share, and staff'), ('staff', 'Staff who sign in')], default='staff', max_length=12)),
                ('share_key', models.CharField(default=localoffer.models.accountability.new_share_key, editable=False, max_length=24)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('own_area', models.CharField(blank=True, choices=localoffer.accountability_blocks.authority_choices, help_text='Brings our own figures. Empty: only the figures typed below are shown.', max_length=9, verbose_name='our authority in the statistics')),
                ('region', models.CharField(blank=True, choices=localoffer.accountability_blocks.region_choices, max_length=9)),
                ('neighbours', wagtail.fields.StreamField([('area', 0)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.accountability_blocks.authority_choices, 'icon': 'site'})})),
                ('indicators', wagtail.fields.StreamField([('indicator', 16)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.accountability_blocks.indicator_choices, 'help_text': 'Brings its words and the figures of England, the region and neighbours. Empty: a measure of your own.', 'required': False}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [(localoffer.indicators.Head['EXPERIENCE'], 'How families find it'), (localoffer.indicators.Head['OUTCOMES'], 'What children and young people achieve'), (localoffer.indicators.Head['ADULTHOOD'], 'Growing up and adult life')], 'label': 'Head', 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': 'Empty: as in the statistics.', 'max_length': 150, 'required': False}), 3: ('wagtail.blocks.TextBlock', (), {'help_text': 'What is counted, in plain words.', 'required': False, 'rows': 2}), 4: ('wagtail.blocks.CharBlock', (), {'max_length': 200, 'required': False}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': [(localoffer.indicators.Unit['PERCENT'], 'percent'), (localoffer.indicators.Unit['NUMBER'], 'number'), (localoffer.indicators.Unit['YES_NO'], 'yes or no')], 'required': False}), 6: ('wagtail.blocks.ChoiceBlock', [], {'choices': [(localoffer.indicators.Good['HIGHER'], 'Higher is better'), (localoffer.indicators.Good['LOWER'], 'Lower is better'), (localoffer.indicators.Good['NEITHER'], 'Neither higher nor lower is better')], 'label': 'Which way is better', 'required': False}), 7: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Write a year, such as 2024, or a school year, such as 2024/25.'}, 'help_text': 'A year, such as 2024, or a school year, such as 2024/25.', 'regex': '^20\\d\\d(/\\d\\d)?$'}), 8: ('wagtail.blocks.DecimalBlock', (), {'help_text': 'Empty: not available.', 'min_value': 0, 'required': False}), 9: ('wagtail.blocks.CharBlock', (), {'max_length': 150, 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('period', 7), ('value', 8), ('note', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'default': [], 'label': 'Our own figures'}), 12: ('wagtail.blocks.DecimalBlock', (), {'min_value': 0, 'required': False}), 13: ('wagtail.blocks.CharBlock', (), {'help_text': 'The role that answers for it. Not a name.', 'max_length': 100}), 14: ('wagtail.blocks.DateBlock', (), {'help_text': 'When new figures are due.', 'required': False}), 15: ('wagtail.blocks.TextBlock', (), {'help_text': 'What families should know about it.', 'required': False, 'rows': 2}), 16: ('wagtail.blocks.StructBlock', [[('indicator', 0), ('under', 1), ('title', 2), ('definition', 3), ('source', 4), ('measured_in', 5), ('better', 6), ('figures', 11), ('target', 12), ('owner', 13), ('next_published', 14), ('note', 15)]], {})})),
                ('figures_note', models.TextField(blank=True, help_text='What a reader must know of all the figures, such as where they come from.')),
            ],
            options={
                'verbose_name': 'scorecard',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='StepByStepPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('steps', wagtail.fields.StreamField([('step', 6)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'When, such as “By week 6”.', 'max_length': 60}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'What happens, such as “We tell you our decision”.', 'max_length': 120}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'ol', 'ul', 'link', 'document-link']}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'A role, not a name.', 'max_length': 150, 'required': False}), 4: ('wagtail.blocks.TextBlock', (), {'required': False, 'rows': 2}), 5: ('wagtail.blocks.TextBlock', (), {'help_text': 'What a family can do then.', 'required': False, 'rows': 2}), 6: ('wagtail.blocks.StructBlock', [[('timing', 0), ('title', 1), ('body', 2), ('who_does_it', 3), ('what_you_can_do', 4), ('if_it_is_late', 5)]], {})})),
                ('afterwards', wagtail.fields.RichTextField(blank=True, help_text='What comes after, or if a family disagrees.')),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('review_by', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'step-by-step page',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ThrottleCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('hits', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AccessPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'how to get help section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='AdulthoodPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'preparing for adulthood section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='AdvicePage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'advice section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='EducationPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'education section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='HealthPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'health section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='RedressPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'redress section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='SocialCarePage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'social care section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='TransportPage',
            fields=[
                ('sectionpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.sectionpage')),
            ],
            options={
                'verbose_name': 'transport section',
            },
            bases=('localoffer.sectionpage',),
        ),
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="Such as “Children's scrutiny committee”.", max_length=120)),
                ('every_months', models.PositiveSmallIntegerField(default=6, verbose_name='every how many months')),
                ('first_due', models.DateField(help_text='When the first report is due.')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audiences', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'name'), name='one_audience_a_name')],
            },
        ),
        migrations.CreateModel(
            name='BslVideoPage',
            fields=[
                ('twinpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.twinpage')),
                ('introduction', models.TextField(blank=True)),
                ('transcript', wagtail.fields.RichTextField(help_text='Everything that is signed, in words.')),
                ('captions', models.ForeignKey(blank=True, help_text='English captions, a WebVTT file (.vtt).', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document')),
                ('video', models.ForeignKey(help_text='An MP4 or WebM file.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document')),
            ],
            options={
                'verbose_name': 'British Sign Language page',
            },
            bases=('localoffer.twinpage',),
        ),
        migrations.CreateModel(
            name='EasyReadPage',
            fields=[
                ('twinpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.twinpage')),
                ('rows', wagtail.fields.StreamField([('row', 2)], blank=True, block_lookup={0: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'It needs no description: the words beside it are that.'}), 1: ('wagtail.blocks.TextBlock', (), {'help_text': 'One or two short sentences.', 'max_length': 220, 'rows': 2}), 2: ('wagtail.blocks.StructBlock', [[('picture', 0), ('words', 1)]], {})})),
            ],
            options={
                'verbose_name': 'Easy Read page',
            },
            bases=('localoffer.twinpage',),
        ),
        migrations.CreateModel(
            name='TranslatedPage',
            fields=[
                ('twinpage_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='localoffer.twinpage')),
                ('language', models.CharField(choices=[('sq', 'Albanian (Shqip)'), ('am', 'Amharic (አማርኛ)'), ('ar', 'Arabic (العربية)'), ('bn', 'Bengali (বাংলা)'), ('bg', 'Bulgarian (Български)'), ('zh-Hans', 'Chinese (simplified) (简体中文)'), ('zh-Hant', 'Chinese (traditional) (繁體中文)'), ('cs', 'Czech (Čeština)'), ('prs', 'Dari (دری)'), ('fr', 'French (Français)'), ('gu', 'Gujarati (ગુજરાતી)'), ('hi', 'Hindi (हिन्दी)'), ('hu', 'Hungarian (Magyar)'), ('it', 'Italian (Italiano)'), ('ckb', 'Kurdish (Sorani) (کوردیی ناوەندی)'), ('kmr', 'Kurdish (Kurmanji) (Kurmancî)'), ('lv', 'Latvian (Latviešu)'), ('lt', 'Lithuanian (Lietuvių)'), ('ne', 'Nepali (नेपाली)'), ('ps', 'Pashto (پښتو)'), ('fa', 'Persian (Farsi) (فارسی)'), ('pl', 'Polish (Polski)'), ('pt', 'Portuguese (Português)'), ('pa', 'Punjabi (Gurmukhi) (ਪੰਜਾਬੀ)'), ('pnb', 'Punjabi (Shahmukhi) (پنجابی)'), ('ro', 'Romanian (Română)'), ('ru', 'Russian (Русский)'), ('sk', 'Slovak (Slovenčina)'), ('so', 'Somali (Soomaali)'), ('es', 'Spanish (Español)'), ('ta', 'Tamil (தமிழ்)'), ('ti', 'Tigrinya (ትግርኛ)'), ('tr', 'Turkish (Türkçe)'), ('uk', 'Ukrainian (Українська)'), ('ur', 'Urdu (اردو)'), ('vi', 'Vietnamese (Tiếng Việt)'), ('cy', 'Welsh (Cymraeg)')], max_length=10)),
                ('introduction', models.TextField(blank=True, help_text='In the other language.')),
                ('body', wagtail.fields.RichTextField(help_text='In the other language.')),
            ],
            options={
                'verbose_name': 'translated page',
            },
            bases=('localoffer.twinpage',),
        ),
        migrations.CreateModel(
            name='CommitteeReportPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('councillors', 'Councillors, by a link that you share, and staff'), ('staff', 'Staff who sign in')], default='staff', max_length=12)),
                ('share_key', models.CharField(default=localoffer.models.accountability.new_share_key, editable=False, max_length=24)),
                ('start', models.DateField(verbose_name='first day')),
                ('end', models.DateField(verbose_name='last day')),
                ('purpose', wagtail.fields.RichTextField()),
                ('summary', wagtail.fields.RichTextField()),
                ('progress', wagtail.fields.RichTextField(blank=True, verbose_name='progress since last time')),
                ('next_steps', wagtail.fields.RichTextField(blank=True)),
                ('recommendation', wagtail.fields.RichTextField()),
                ('figures', models.JSONField(blank=True, default=dict, editable=False)),
                ('frozen_on', models.DateField(blank=True, editable=False, null=True)),
                ('digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='localoffer.audience')),
            ],
            options={
                'verbose_name': 'committee report',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='CouncilPublishTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'council publication',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='CouncilSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('council_name', models.CharField(default='Your Council', max_length=100)),
                ('area_name', models.CharField(default='our area', help_text='The place, as in “Anywhere in Avonmere”.', max_length=60)),
                ('site_name', models.CharField(default='SEND Local Offer', max_length=60)),
                ('legal_name', models.CharField(default='SEN and disability local offer', max_length=100)),
                ('region', models.CharField(blank=True, help_text='Regional services are shared in it.', max_length=40)),
                ('local_authority_names', models.CharField(blank=True, help_text='How national school lists name this council, separated by semicolons.', max_length=300)),
                ('brand_colour', models.CharField(default='#0b5351', help_text='Must stand out on white by 7 to 1.', max_length=7, validators=[django.core.validators.RegexValidator(re.compile('#[0-9a-f]{6}\\Z', 2), 'Enter a colour such as #0b5351.')])),
                ('accent_colour', models.CharField(default='#f3b23c', max_length=7, validators=[django.core.validators.RegexValidator(re.compile('#[0-9a-f]{6}\\Z', 2), 'Enter a colour such as #0b5351.')])),
                ('paper_colour', models.CharField(default='#fbf7ef', help_text='A very light colour.', max_length=7, validators=[django.core.validators.RegexValidator(re.compile('#[0-9a-f]{6}\\Z', 2), 'Enter a colour such as #0b5351.')])),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('phone_hours', models.CharField(blank=True, max_length=100)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('postal_address', models.TextField(blank=True)),
                ('advice_service_name', models.CharField(blank=True, help_text='The independent advice service every council must arrange.', max_length=100, verbose_name='advice service (SENDIASS)')),
                ('advice_service_phone', models.CharField(blank=True, max_length=30)),
                ('advice_service_url', models.URLField(blank=True, max_length=500)),
                ('forum_name', models.CharField(blank=True, max_length=100, verbose_name='parent carer forum')),
                ('made_with', models.CharField(blank=True, help_text='Shown in the footer: who made this site with you.', max_length=200)),
                ('comment_reply_days', models.PositiveSmallIntegerField(default=5, help_text='Working days.', verbose_name='days to read a comment')),
                ('public_history', models.BooleanField(default=False, help_text='Anybody may then see each page as it was on an earlier day. Staff always can.', verbose_name='show older versions to the public')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'Council',
            },
        ),
        migrations.CreateModel(
            name='CoverageSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_on', models.DateField()),
                ('statuses', models.JSONField()),
                ('statutory_score', models.FloatField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coverage_snapshots', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['taken_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'taken_on'), name='one_snapshot_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requirement', models.CharField(blank=True, max_length=60)),
                ('group_name', models.CharField(max_length=100)),
                ('approved_on', models.DateField()),
                ('digest', models.CharField(max_length=32)),
                ('published_on', models.DateField(blank=True, help_text='The first day these words were live; empty until then.', null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='credits', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credits', to=settings.WAGTAIL_PAGE_MODEL)),
                ('task_state', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='credits', to='wagtailcore.taskstate')),
            ],
            options={
                'ordering': ['approved_on', 'pk'],
                'indexes': [models.Index(fields=['page', 'requirement'], name='credit_page_requirement')],
                'constraints': [models.UniqueConstraint(fields=('task_state', 'requirement'), name='one_credit_an_approval')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('version', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=120)),
                ('about', models.TextField(blank=True)),
                ('ratings', models.JSONField(default=list, editable=False)),
                ('retired', models.BooleanField(default=False, help_text='No new page may use it. Pages that do keep it.')),
                ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['title', '-version', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'key', 'version'), name='one_set_a_version'), models.UniqueConstraint(condition=models.Q(('authority', None)), fields=('key', 'version'), name='one_shared_set_a_version')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('code', models.CharField(max_length=10)),
                ('heading', models.CharField(blank=True, max_length=200)),
                ('text', models.CharField(max_length=400)),
                ('suggested_evidence', models.TextField(blank=True, help_text='One a line.')),
                ('retired', models.BooleanField(default=False)),
                ('set', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='localoffer.evaluationset')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('set', 'code'), name='one_item_a_code')],
            },
        ),
        migrations.CreateModel(
            name='FormatRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_wanted', models.CharField(max_length=300, verbose_name='which page')),
                ('format', models.CharField(choices=[('paper', 'Printed on paper'), ('large_print', 'Large print'), ('audio', 'Audio, to listen to'), ('easy_read', 'Easy Read, with pictures'), ('bsl', 'British Sign Language'), ('language', 'Another language')], max_length=20)),
                ('language', models.CharField(blank=True, max_length=60)),
                ('status', models.CharField(choices=[('new', 'New'), ('sent', 'Sent'), ('closed', 'Closed without sending')], default='new', max_length=10)),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='sent on')),
                ('note', models.TextField(blank=True, help_text='Leave out names and addresses.', max_length=1000, verbose_name='note for colleagues')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('submission_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='format_requests', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'format request',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('submission_key', ''), _negated=True), fields=('submission_key',), name='one_request_a_submission')],
            },
        ),
        migrations.CreateModel(
            name='FormatRequestContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('address', models.TextField(blank=True, max_length=500)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('request', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='localoffer.formatrequest')),
            ],
            options={
                'verbose_name': 'contact',
                'constraints': [models.UniqueConstraint(fields=('request',), name='one_contact_a_request')],
            },
        ),
        migrations.CreateModel(
            name='ForumReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
            ],
            options={
                'verbose_name': 'forum review',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='GlossaryTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(help_text='As people write it, such as “EHCP”.', max_length=80, verbose_name='word')),
                ('expansion', models.CharField(blank=True, help_text='What the letters stand for. Empty for other words.', max_length=150, verbose_name='in full')),
                ('plain_meaning', models.TextField(help_text='One or two short sentences. The first one is shown in brackets.', max_length=400, verbose_name='meaning')),
                ('also', models.TextField(blank=True, help_text='One a line. Families do not see them.', max_length=600, verbose_name='other ways to write it')),
                ('explain_inline', models.BooleanField(default=False, help_text='Abbreviations are explained at their first use on a page anyway. Tick for another word.', verbose_name='explain it inside text')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='glossary_terms', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'glossary word',
                'ordering': [django.db.models.functions.text.Lower('term'), 'pk'],
                'constraints': [models.UniqueConstraint(models.F('authority'), django.db.models.functions.text.Lower('term'), name='one_meaning_a_word', violation_error_message='This word is in the glossary already.')],
            },
        ),
        migrations.CreateModel(
            name='SelfEvaluationPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('councillors', 'Councillors, by a link that you share, and staff'), ('staff', 'Staff who sign in')], default='staff', max_length=12)),
                ('share_key', models.CharField(default=localoffer.models.accountability.new_share_key, editable=False, max_length=24)),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('evaluation_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='localoffer.evaluationset')),
            ],
            options={
                'verbose_name': 'self-evaluation',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('rating', models.CharField(max_length=20)),
                ('rated_at', models.DateTimeField(auto_now=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='localoffer.evaluationitem')),
                ('rated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='localoffer.selfevaluationpage')),
            ],
            options={
                'ordering': ['month', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('page', 'item', 'month'), name='one_rating_a_month')],
            },
        ),
        migrations.CreateModel(
            name='EvaluationEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('achieved', models.TextField(blank=True, verbose_name='achieved so far')),
                ('next_steps', models.TextField(blank=True, verbose_name='what next')),
                ('owner', models.CharField(blank=True, help_text='A role, not a name.', max_length=100)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due by')),
                ('evidence', wagtail.fields.StreamField([('coverage', 1), ('page', 2), ('service', 3), ('comment', 5), ('link', 8)], blank=True, block_lookup={0: ('wagtail.blocks.ChoiceBlock', [], {'choices': localoffer.blocks.requirement_choices, 'label': 'Question the law asks'}), 1: ('wagtail.blocks.StructBlock', [[('requirement', 0)]], {}), 2: ('wagtail.blocks.PageChooserBlock', (), {'icon': 'doc-empty'}), 3: ('wagtail.snippets.blocks.SnippetChooserBlock', ('services.Service',), {'icon': 'list-ul'}), 4: ('wagtail.blocks.CharBlock', (), {'help_text': 'Such as HYS-7K3Q9-2M.', 'max_length': 14}), 5: ('wagtail.blocks.StructBlock', [[('reference', 4)]], {}), 6: ('wagtail.blocks.CharBlock', (), {'max_length': 150}), 7: ('wagtail.blocks.URLBlock', (), {'label': 'Address'}), 8: ('wagtail.blocks.StructBlock', [[('words', 6), ('url', 7)]], {})})),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='localoffer.evaluationitem')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='localoffer.selfevaluationpage')),
            ],
            options={
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requirement', models.CharField(db_index=True, max_length=60)),
                ('name', models.CharField(max_length=150, verbose_name='name and role')),
                ('signed_on', models.DateField(default=django.utils.timezone.localdate)),
                ('note', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='wagtailcore.site')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sign_offs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-signed_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StatisticsRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('release', models.CharField(max_length=20)),
                ('file_name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(auto_now_add=True)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('gone', models.PositiveIntegerField(default=0, help_text='Held here, and no longer in the file.')),
                ('loaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-loaded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Statistic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=40)),
                ('area', models.CharField(max_length=9)),
                ('period', models.CharField(max_length=7)),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                ('mark', models.CharField(blank=True, max_length=40)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statistics', to='localoffer.statisticsrelease')),
            ],
            options={
                'ordering': ['indicator', 'area', 'period', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'area', 'period'), name='one_figure_an_area_a_period')],
            },
        ),
        migrations.CreateModel(
            name='StatisticRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, null=True)),
                ('mark', models.CharField(blank=True, max_length=40)),
                ('statistic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='localoffer.statistic')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replaced', to='localoffer.statisticsrelease')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revised', to='localoffer.statisticsrelease')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=20)),
                ('mark', models.PositiveBigIntegerField()),
                ('at', models.FloatField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
