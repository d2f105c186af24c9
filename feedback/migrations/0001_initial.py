import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import feedback.models.comment
import localoffer.models.pages
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('services', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnualReportIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, default='Each year we say what you told us, what we did and what we could not do.')),
            ],
            options={
                'verbose_name': 'list of yearly reports',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='AnnualReportPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('start', models.DateField(verbose_name='first day')),
                ('end', models.DateField(verbose_name='last day')),
                ('introduction', models.TextField(help_text='Two or three short sentences.')),
                ('engagement', wagtail.fields.RichTextField(blank=True, help_text='Events, visits and surveys. Rounds of consultation are listed below it.', verbose_name='how we heard from families')),
                ('could_not', wagtail.fields.RichTextField(blank=True, help_text='Actions that you decided against are listed below it with the reason.', verbose_name='what we could not do')),
                ('next_steps', wagtail.fields.RichTextField(blank=True, verbose_name='what we will do next')),
                ('correction', wagtail.fields.RichTextField(blank=True, help_text='A mistake found after the report was fixed. It is shown above the report.')),
                ('data', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name': 'yearly report',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ConsulteeCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(editable=False, max_length=40, unique=True)),
                ('label', models.CharField(help_text='The name of the body today, in plain words.', max_length=120)),
                ('reference', models.CharField(blank=True, editable=False, max_length=40)),
                ('is_checked', models.BooleanField(default=False, editable=False, verbose_name='checked against the legislation')),
                ('is_required', models.BooleanField(default=False, editable=False, verbose_name='the law names it')),
                ('retired', models.BooleanField(default=False, help_text='No longer asked. What it told you stays.')),
                ('order', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'consultee',
                'ordering': ['order', 'key'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='HaveYourSayPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'have your say',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='HowWeMadeThisPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True)),
                ('body', wagtail.fields.RichTextField(blank=True)),
            ],
            options={
                'verbose_name': 'how we made this',
            },
            bases=(localoffer.models.pages.Crumbs, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(blank=True, editable=False, max_length=60)),
                ('title', models.CharField(help_text='A few words, such as “Honest waiting times”.', max_length=120)),
                ('you_said', models.TextField(help_text='What families told you, in their words. Name nobody.')),
                ('response', models.TextField(help_text='Your answer: what you did, are doing, or why you cannot.')),
                ('intended_action', models.TextField(blank=True, help_text='What you still intend to do.', verbose_name='what happens next')),
                ('status', models.CharField(choices=[('considering', 'Still deciding'), ('planned', 'Planned'), ('under_way', 'Under way'), ('done', 'Done'), ('not_doing', 'Not doing')], db_index=True, default='considering', max_length=20)),
                ('reason', models.TextField(blank=True, help_text='Why not, or what you are waiting for.')),
                ('owner_role', models.CharField(help_text="A role, never a person's name.", max_length=120, verbose_name='who is responsible')),
                ('target_date', models.DateField(blank=True, null=True, verbose_name='due by')),
                ('first_target_date', models.DateField(blank=True, editable=False, null=True)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('evidence_url', models.CharField(blank=True, help_text='The address of the page or service that changed, such as /transport/.', max_length=500, verbose_name='what changed')),
                ('evidence_title', models.CharField(blank=True, editable=False, max_length=300)),
                ('followed_up_on', models.DateField(blank=True, editable=False, null=True)),
                ('changed_on', models.DateField(db_index=True, default=django.utils.timezone.localdate, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback_actions', to='wagtailcore.site')),
                ('evidence_revision', models.ForeignKey(blank=True, editable=False, help_text='The version of the page or service that was live when the change was shown.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('evidence_service', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='feedback_actions', to='services.service')),
            ],
            options={
                'ordering': ['-changed_on', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('authority', 'key'), name='action_authority_key'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), ('done_on__isnull', False), _connector='OR'), name='action_done_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'not_doing'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='action_not_doing_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['considering', 'planned', 'under_way']), _negated=True), ('target_date__isnull', False), _connector='OR'), name='action_open_has_target')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=feedback.models.comment.new_reference, editable=False, max_length=14, unique=True)),
                ('submission_key', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ('received_on', models.DateField(db_index=True, default=django.utils.timezone.localdate)),
                ('channel', models.CharField(choices=[('web', 'This website'), ('email', 'Email'), ('phone', 'Phone'), ('post', 'Post'), ('event', 'At an event')], default='web', max_length=10)),
                ('language', models.CharField(default='en', max_length=12)),
                ('role', models.CharField(choices=[('parent_carer', 'Parent or carer'), ('young_person', 'Child or young person'), ('on_behalf', 'Family member, friend or foster carer'), ('representative', 'Acting for a young person who cannot decide'), ('group', 'A group'), ('professional', 'Someone who works with families'), ('other', 'Someone else')], max_length=20)),
                ('topic', models.CharField(choices=[('content_quality', 'What the pages say'), ('missing', 'Something missing'), ('accessibility', 'Using this site'), ('how_made', 'How the site is made'), ('other', 'Something else')], max_length=20)),
                ('section', models.CharField(blank=True, choices=[('education', 'Learning'), ('health', 'Health'), ('social_care', 'Care and short breaks'), ('transport', 'Getting there'), ('adulthood', 'Growing up'), ('advice', 'Advice'), ('redress', 'If you disagree'), ('access', 'Plans and getting help')], max_length=20)),
                ('consent', models.CharField(choices=[('publish', 'Yes, with names and private details taken out'), ('summary', 'Only a short version in our words'), ('count_only', 'No. Count it, but do not show it')], max_length=12)),
                ('original', models.TextField()),
                ('about_url', models.CharField(blank=True, max_length=500)),
                ('about_title', models.CharField(blank=True, max_length=300)),
                ('disposition', models.CharField(choices=[('new', 'To be read'), ('proposed_vexatious', 'Waiting for a second person'), ('published', 'Published'), ('grouped', 'Answered together with others'), ('withheld_vexatious', 'Withheld: not fair comment under the law'), ('withheld_individual', "Withheld: about one person's case"), ('outside_scope', 'Not about the local offer'), ('spam', 'Advert or automatic message')], db_index=True, default='new', max_length=20)),
                ('urgent', models.BooleanField(default=False, help_text='Words in it may mean that somebody is in danger.')),
                ('safeguarding', models.BooleanField(default=False, help_text='It tells of harm. It is never published.')),
                ('heading', models.CharField(blank=True, help_text='A few words for the public log.', max_length=100)),
                ('public_text', models.TextField(blank=True)),
                ('gate_confirmed', models.BooleanField(default=False, verbose_name='nobody can be identified')),
                ('gate_confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('response', models.TextField(blank=True, help_text='Our answer to this comment.')),
                ('answer_due', models.DateField(blank=True, null=True, verbose_name='answer due by')),
                ('was_edited', models.BooleanField(default=False, help_text='The public text is not word for word what was written.')),
                ('withheld_reason', models.TextField(blank=True)),
                ('published_on', models.DateField(blank=True, null=True)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('erased_on', models.DateField(blank=True, editable=False, help_text='The day `original` was replaced: nobody has it any more.', null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('about_page', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                ('about_service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to='services.service')),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='feedback.action')),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='wagtailcore.site')),
                ('gate_confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('together_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='others', to='feedback.comment')),
            ],
            options={
                'ordering': ['-received_on', '-pk'],
                'permissions': [('moderate_comment', 'Can read, moderate and answer comments')],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['authority', 'disposition', 'received_on'], name='comment_log')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('disposition', 'published'), _negated=True), models.Q(('gate_confirmed', True), models.Q(('public_text', ''), _negated=True)), _connector='OR'), name='comment_published_passed_gate'), models.CheckConstraint(condition=models.Q(models.Q(('disposition', 'grouped'), _negated=True), ('public_text', ''), ('gate_confirmed', True), _connector='OR'), name='comment_grouped_passed_gate'), models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['grouped', 'published']), _negated=True), models.Q(('response', ''), _negated=True), ('action__isnull', False), ('answer_due__isnull', False), ('together_with__isnull', False), _connector='OR'), name='comment_shown_has_answer_or_date'), models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['grouped', 'published']), _negated=True), ('safeguarding', False), _connector='OR'), name='comment_safeguarding_never_shown'), models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['grouped', 'published']), ('consent', 'count_only'), _negated=True), ('public_text', ''), _connector='OR'), name='comment_without_consent_not_shown'), models.CheckConstraint(condition=models.Q(models.Q(('disposition__in', ['withheld_vexatious', 'withheld_individual']), _negated=True), models.Q(('withheld_reason', ''), _negated=True), _connector='OR'), name='comment_withheld_has_reason'), models.CheckConstraint(condition=models.Q(('original', ''), _negated=True), name='comment_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='CommentContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('given_on', models.DateField(auto_now_add=True)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contact', to='feedback.comment')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='contact_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='CommentSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer_days', models.PositiveSmallIntegerField(default=28, help_text='A comment that is public without an answer shows this date.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='days to answer a comment')),
                ('long_overdue_days', models.PositiveSmallIntegerField(default=90, help_text='Counted from the date that was first promised.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='days until an action is long overdue')),
                ('follow_up_days', models.PositiveSmallIntegerField(default=28, help_text='Counted from the day an action was done. 0 asks nobody.', verbose_name='days until we ask whether it helped')),
                ('safeguarding_emails', models.TextField(blank=True, help_text='Email addresses of named staff, one a line. The mail holds a number and no words.', verbose_name='who hears of safeguarding')),
                ('complaints_url', models.URLField(blank=True, max_length=500, verbose_name='how to complain: web address')),
                ('complaints_words', models.CharField(blank=True, help_text='Such as “Ring 0117 496 0150 or write to the complaints team”.', max_length=300, verbose_name='how to complain: words')),
                ('other_ways', models.TextField(blank=True, help_text='One a line, such as “Come to the coffee morning on the first Monday of the month”.', verbose_name='other ways to comment')),
                ('last_invited_on', models.DateField(blank=True, help_text='The law says: seek.', null=True, verbose_name='when you last asked families for comments')),
                ('last_invited_how', models.CharField(blank=True, max_length=200, verbose_name='how you asked')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'Comments',
            },
        ),
        migrations.CreateModel(
            name='ConsultationRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='Such as “Autumn review 2026”.', max_length=120)),
                ('kind', models.CharField(choices=[('preparing', 'Making the offer'), ('reviewing', 'Reviewing the offer')], max_length=10)),
                ('opened', models.DateField(default=django.utils.timezone.localdate)),
                ('closed', models.DateField(blank=True, null=True)),
                ('method', models.TextField(help_text='Meetings, letters, a survey, visits to groups.', verbose_name='how you asked')),
                ('summary', models.TextField(blank=True, help_text='Name nobody.', verbose_name='what you heard')),
                ('views_on_services', models.TextField(blank=True, help_text='What families said of this. Name nobody.', verbose_name='what services families need')),
                ('views_on_layout', models.TextField(blank=True, verbose_name='how the information should be set out')),
                ('views_on_offline', models.TextField(blank=True, verbose_name='how people without the internet get it')),
                ('views_on_commenting', models.TextField(blank=True, verbose_name='how families can comment on it')),
                ('what_changed', models.TextField(blank=True, verbose_name='what you changed because of it')),
                ('published', models.BooleanField(default=False, verbose_name='show it on “How we made this”')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultation_rounds', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['-opened', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closed', None), ('closed__gte', models.F('opened')), _connector='OR'), name='round_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='ConsulteeRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_on', models.DateField(blank=True, null=True)),
                ('how', models.CharField(blank=True, max_length=200, verbose_name='how they were invited')),
                ('responded', models.BooleanField(default=False, verbose_name='they answered')),
                ('summary', models.TextField(blank=True, help_text='Name nobody.', verbose_name='what they said')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='feedback.consulteecategory')),
                ('round', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='feedback.consultationround')),
            ],
            options={
                'ordering': ['category__order', 'pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('round', 'category'), name='consultee_once_a_round'), models.CheckConstraint(condition=models.Q(('responded', False), ('invited_on__isnull', False), _connector='OR'), name='consultee_answered_was_invited')],
            },
        ),
        migrations.CreateModel(
            name='FrozenReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annual_reports', to='wagtailcore.site')),
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='record', to='feedback.annualreportpage')),
            ],
            options={
                'ordering': ['-frozen_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=200)),
                ('kind', models.CharField(choices=[('search', 'Searches that found nothing'), ('comment', 'A comment that something is missing'), ('cell', 'No service for a need, an age and an area'), ('staff', 'Staff')], default='staff', max_length=10, verbose_name='found by')),
                ('title', models.CharField(help_text='What is missing, in a few words. Name nobody.', max_length=200)),
                ('words', models.TextField(blank=True, verbose_name='what shows it')),
                ('need', models.CharField(blank=True, max_length=20)),
                ('ages', models.CharField(blank=True, max_length=20)),
                ('area', models.CharField(blank=True, help_text='The first half of a postcode, or a place.', max_length=60)),
                ('count', models.PositiveIntegerField(default=1, verbose_name='how often')),
                ('status', models.CharField(choices=[('new', 'New'), ('looking', 'Being looked into'), ('planned', 'Help is planned'), ('closed', 'There is help now'), ('no_gap', 'Not a gap')], db_index=True, default='new', max_length=12)),
                ('owner_role', models.CharField(blank=True, help_text='A role.', max_length=120, verbose_name='who looks into it')),
                ('first_seen', models.DateField(default=django.utils.timezone.localdate, editable=False)),
                ('last_seen', models.DateField(default=django.utils.timezone.localdate, editable=False)),
                ('is_found', models.BooleanField(default=True, editable=False, verbose_name='still found')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gaps', to='wagtailcore.site')),
                ('comment', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gaps', to='feedback.comment')),
            ],
            options={
                'ordering': ['-last_seen', '-count', 'pk'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(fields=('authority', 'key'), name='gap_once'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='gap_has_title')],
            },
        ),
        migrations.CreateModel(
            name='GapNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('new', 'New'), ('looking', 'Being looked into'), ('planned', 'Help is planned'), ('closed', 'There is help now'), ('no_gap', 'Not a gap')], max_length=12)),
                ('by_name', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gap', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='feedback.gap')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ModerationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('classified', 'Subject put right'), ('redacted', 'Public text written'), ('published', 'Published'), ('grouped', 'Put together with others'), ('counted', 'Counted, not shown'), ('answered', 'Answered'), ('proposed', 'Proposed to withhold as vexatious'), ('refused', 'Second person did not agree'), ('withheld', 'Withheld'), ('reopened', 'Opened again'), ('flagged', 'Flagged for safeguarding'), ('unflagged', 'Safeguarding flag taken off'), ('assigned', 'Given to somebody'), ('alerted', 'Named staff told'), ('wrote', 'Wrote to the writer'), ('forgotten', 'Personal details deleted'), ('action_agreed', 'Action agreed'), ('action_changed', 'Action changed'), ('followed_up', 'Asked whether it helped')], max_length=20)),
                ('by_name', models.CharField(blank=True, max_length=150)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('note', models.TextField(blank=True)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='feedback.action')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='feedback.comment')),
            ],
            options={
                'verbose_name': 'step in the record',
                'verbose_name_plural': 'record of every step',
                'ordering': ['at', 'pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('comment__isnull', False), ('action__isnull', False), _connector='OR'), name='event_is_about_something')],
            },
        ),
        migrations.CreateModel(
            name='ResponseTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('topic', models.CharField(blank=True, choices=[('content_quality', 'What the pages say'), ('missing', 'Something missing'), ('accessibility', 'Using this site'), ('how_made', 'How the site is made'), ('other', 'Something else')], help_text='Offered first for this subject.', max_length=20)),
                ('text', models.TextField(help_text='Plain words, “you” and “your child”. Name nobody, promise nothing.')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='response_templates', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'ready answer',
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('authority', 'title'), name='response_template_title')],
            },
        ),
        migrations.CreateModel(
            name='RetentionSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_days', models.PositiveSmallIntegerField(default=90, help_text='Closed: we do not show it, or it is answered and nothing is left to do.', validators=[django.core.validators.MaxValueValidator(3650)], verbose_name='days to keep contact details after a comment is closed')),
                ('contact_at_most_days', models.PositiveSmallIntegerField(default=365, help_text='Counted from the day they were given, whatever became of the comment.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='days to keep contact details at most')),
                ('original_days', models.PositiveSmallIntegerField(default=1095, help_text='Counted from the day a comment came, once it is closed. The public text stays.', validators=[django.core.validators.MinValueValidator(28), django.core.validators.MaxValueValidator(3650)], verbose_name='days to keep what was written, word for word')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'How long we keep comments',
            },
        ),
        migrations.CreateModel(
            name='UsefulCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Its first day.')),
                ('path', models.CharField(max_length=500)),
                ('title', models.CharField(max_length=300)),
                ('yes', models.PositiveIntegerField(default=0)),
                ('no', models.PositiveIntegerField(default=0)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='useful_counts', to='wagtailcore.site')),
            ],
            options={
                'ordering': ['-month', 'path', 'pk'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('authority', 'month', 'path'), name='useful_once_a_month')],
            },
        ),
    ]
