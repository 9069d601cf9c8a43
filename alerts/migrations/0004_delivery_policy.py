import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0003_stories'),
        ('articles', '0019_marks_and_saved_searches'),
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('created_at', models.DateTimeField(verbose_name='added')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('asked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('language', models.CharField(choices=[('ko', '한국어'), ('en', 'English')], default='ko', max_length=2, verbose_name='language')),
                ('time_zone', models.CharField(default='Asia/Seoul', max_length=50, verbose_name='time zone')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                ('stop', models.CharField(blank=True, choices=[('refused', 'the mail server refused it'), ('bounced', 'a mail came back'), ('complaint', 'a mail was reported as unwanted'), ('left', 'the reader asked for no more mails')], max_length=9, verbose_name='why stopped')),
                ('stop_words', models.TextField(blank=True)),
                ('refusals', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
            },
        ),
        migrations.CreateModel(
            name='AlertRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(blank=True, choices=[('instant', 'at once'), ('hourly', 'every hour'), ('daily', 'every day'), ('weekly', 'every week')], max_length=7, verbose_name='how often')),
                ('at_hour', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hour')),
                ('weekday', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], null=True, verbose_name='weekday')),
                ('created_at', models.DateTimeField(verbose_name='added')),
            ],
            options={
                'verbose_name': 'recipient',
                'verbose_name_plural': 'recipients',
            },
        ),
        migrations.CreateModel(
            name='DeliveryHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('news', models.CharField(blank=True, choices=[('outlets', 'more outlets tell it'), ('corrected', 'the outlet changed it'), ('fact', 'something new')], max_length=9, verbose_name='what is new')),
            ],
            options={
                'verbose_name': 'hit of a delivery',
                'verbose_name_plural': 'hits of deliveries',
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=1000, verbose_name='address')),
                ('form', models.CharField(choices=[('json', 'JSON'), ('slack', 'Slack'), ('teams', 'Microsoft Teams')], default='json', max_length=5, verbose_name='form')),
                ('secret', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(verbose_name='added')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped')),
                ('error', models.TextField(blank=True, verbose_name='last error')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='again_at_outlets',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='again at outlets'),
        ),
        migrations.AddField(
            model_name='alert',
            name='at_hour',
            field=models.PositiveSmallIntegerField(default=8, verbose_name='hour'),
        ),
        migrations.AddField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('query', 'every match'), ('spike', 'more than usual')], default='query', max_length=5, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='alert',
            name='least_outlets',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='outlets at least'),
        ),
        migrations.AddField(
            model_name='alert',
            name='mode',
            field=models.CharField(choices=[('instant', 'at once'), ('hourly', 'every hour'), ('daily', 'every day'), ('weekly', 'every week')], default='instant', max_length=7, verbose_name='how often'),
        ),
        migrations.AddField(
            model_name='alert',
            name='muted_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='muted until'),
        ),
        migrations.AddField(
            model_name='alert',
            name='priority',
            field=models.CharField(choices=[('normal', 'normal'), ('high', 'high')], default='normal', max_length=6, verbose_name='priority'),
        ),
        migrations.AddField(
            model_name='alert',
            name='quiet_from',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='alert',
            name='quiet_until',
            field=models.TimeField(blank=True, null=True, verbose_name='quiet until'),
        ),
        migrations.AddField(
            model_name='alert',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alerts', to='auth.group', verbose_name='team'),
        ),
        migrations.AddField(
            model_name='alert',
            name='tell_owner',
            field=models.BooleanField(default=True, verbose_name='mail it to the owner'),
        ),
        migrations.AddField(
            model_name='alert',
            name='tell_updates',
            field=models.BooleanField(default=True, verbose_name='tell what is new in a story'),
        ),
        migrations.AddField(
            model_name='alert',
            name='weekday',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=0, verbose_name='weekday'),
        ),
        migrations.AddField(
            model_name='alert',
            name='working_days_only',
            field=models.BooleanField(default=False, verbose_name='working days only'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='alerts',
            field=models.ManyToManyField(related_name='deliveries', to='alerts.alert'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='held',
            field=models.CharField(blank=True, choices=[('digest', 'collected'), ('quiet', 'quiet hours'), ('day-off', 'no working day'), ('flood', 'too many mails in a short time')], max_length=7, verbose_name='why later'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='sealed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='urgent',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='recipient',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('failed', 'failed'), ('stopped', 'stopped')], default='waiting', max_length=7),
        ),
        migrations.AlterField(
            model_name='hit',
            name='held',
            field=models.CharField(blank=True, choices=[('old', 'published long before it was seen'), ('replay', 'from a replay'), ('same', 'the same story was mailed before'), ('muted', 'the alert was muted'), ('few', 'too few outlets tell the story so far'), ('nobody', 'the alert had no reader')], max_length=8, verbose_name='why no mail'),
        ),
        migrations.AddIndex(
            model_name='hit',
            index=models.Index(condition=models.Q(('held', 'few')), fields=['at'], name='hit_waits_for_outlets'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='address',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='alerts.address'),
        ),
        migrations.AddField(
            model_name='alertrecipient',
            name='address',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alert_recipients', to='alerts.address', verbose_name='address'),
        ),
        migrations.AddField(
            model_name='alertrecipient',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='alerts.alert', verbose_name='alert'),
        ),
        migrations.AddField(
            model_name='alertrecipient',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alert_recipients', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='deliveryhit',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='alerts.delivery'),
        ),
        migrations.AddField(
            model_name='deliveryhit',
            name='hit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='alerts.hit'),
        ),
        migrations.AddField(
            model_name='webhook',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='alerts.alert', verbose_name='alert'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='alerts.webhook'),
        ),
        migrations.RunSQL(
            [
                # Rows and tables change in one transaction.
                "SET CONSTRAINTS ALL IMMEDIATE",
                "INSERT INTO alerts_delivery_alerts (delivery_id, alert_id) SELECT id, alert_id FROM alerts_delivery",
                """
                INSERT INTO alerts_deliveryhit (delivery_id, hit_id, news)
                SELECT delivery_id, hit_id, '' FROM alerts_delivery_hits
                """,
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='alert',
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='hits',
        ),
        migrations.AddField(
            model_name='delivery',
            name='hits',
            field=models.ManyToManyField(related_name='deliveries', through='alerts.DeliveryHit', to='alerts.hit'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('at_hour__lte', 23)), name='alert_hour'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='alert_weekday'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('least_outlets__gte', 1)), name='alert_least_outlets'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('again_at_outlets__isnull', True), ('again_at_outlets__gt', models.F('least_outlets')), _connector='OR'), name='alert_again_at_more_outlets'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='alert_quiet_hours'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stop', ''), ('stopped_at__isnull', True)), models.Q(('stopped_at__isnull', False), models.Q(('stop', ''), _negated=True)), _connector='OR'), name='address_stop_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address__isnull', True), ('recipient__isnull', False), ('webhook__isnull', True)), models.Q(('address__isnull', False), ('recipient__isnull', True), ('webhook__isnull', True)), models.Q(('address__isnull', True), ('recipient__isnull', True), ('webhook__isnull', False)), _connector='OR'), name='delivery_has_one_reader'),
        ),
        migrations.AddConstraint(
            model_name='alertrecipient',
            constraint=models.UniqueConstraint(fields=('alert', 'user'), name='recipient_person_once'),
        ),
        migrations.AddConstraint(
            model_name='alertrecipient',
            constraint=models.UniqueConstraint(fields=('alert', 'address'), name='recipient_address_once'),
        ),
        migrations.AddConstraint(
            model_name='alertrecipient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address__isnull', True), ('user__isnull', False)), models.Q(('address__isnull', False), ('user__isnull', True)), _connector='OR'), name='recipient_person_or_address'),
        ),
        migrations.AddConstraint(
            model_name='alertrecipient',
            constraint=models.CheckConstraint(condition=models.Q(('at_hour__isnull', True), ('at_hour__lte', 23), _connector='OR'), name='recipient_hour'),
        ),
        migrations.AddConstraint(
            model_name='alertrecipient',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__isnull', True), ('weekday__lte', 6), _connector='OR'), name='recipient_weekday'),
        ),
        migrations.AddConstraint(
            model_name='deliveryhit',
            constraint=models.UniqueConstraint(fields=('delivery', 'hit'), name='delivery_tells_a_hit_once'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(fields=('alert', 'url'), name='webhook_once_per_alert'),
        ),
    ]
