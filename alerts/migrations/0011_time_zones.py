from django.conf import settings
from django.db import migrations

# Days in an alert's query are those of its owner: who moves to another time zone has other ones.
NOTE_ZONE = """
CREATE FUNCTION alerts_note_zone_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE alerts_alert SET enabled = enabled WHERE owner_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER alerts_zone_changed AFTER UPDATE OF time_zone ON accounts_user
FOR EACH ROW WHEN (NEW.time_zone <> OLD.time_zone) EXECUTE FUNCTION alerts_note_zone_change();
"""
FORGET = "DROP TRIGGER alerts_zone_changed ON accounts_user; DROP FUNCTION alerts_note_zone_change();"


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0010_briefings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunSQL(NOTE_ZONE, FORGET)]
