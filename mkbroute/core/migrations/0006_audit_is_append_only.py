from django.conf import settings
from django.db import migrations

# The trail is only ever added to. Two things are let through: the name of an account that is deleted leaves its lines, and
# the job of retention removes what is older than we keep it. That an account was really deleted is seen at the end of the
# transaction, for Django takes the name out first.
FORWARD = """
CREATE FUNCTION core_auditentry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('mkbroute.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The trail is only added to, never changed.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION core_auditentry_account_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_user WHERE id = OLD.by_id) THEN
        RAISE EXCEPTION 'The trail keeps who did it while the account is there.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_auditentry_append_only();

CREATE CONSTRAINT TRIGGER core_auditentry_account_is_gone AFTER UPDATE ON core_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_auditentry_account_is_gone();
"""
BACK = """
DROP TRIGGER core_auditentry_account_is_gone ON core_auditentry;
DROP TRIGGER core_auditentry_append_only ON core_auditentry;
DROP FUNCTION core_auditentry_account_is_gone();
DROP FUNCTION core_auditentry_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_partners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.AlterModelOptions(
            name='auditentry',
            options={'ordering': ['-at', '-pk'], 'verbose_name': 'regel van het logboek', 'verbose_name_plural': 'regels van het logboek'},
        ),
    ]
