-- What retention must not delete, and what it needs to find the rest; what is left of a tenant that was deleted.
CREATE TABLE holds (
  tenant BIGINT NOT NULL,
  incident BIGINT NOT NULL,          -- its seq
  reason TEXT COLLATE "C" NOT NULL,
  set_by TEXT COLLATE "C" NOT NULL,
  set_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, incident)
);

CREATE INDEX alert_occurrences_by_block ON alert_occurrences (tenant, block);
CREATE INDEX dead_letters_by_age ON dead_letters (tenant, received_at);
CREATE INDEX feedback_by_alert ON feedback (tenant, alert_id) WHERE alert_id IS NOT NULL;
CREATE INDEX feedback_by_incident ON feedback (tenant, incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX incidents_merged ON incidents (tenant, merged_into) WHERE merged_into IS NOT NULL;

-- 1: the tenant is being deleted, or was; nobody writes for it any more, and its number is not given again.
ALTER TABLE tenant_locks ADD COLUMN retired SMALLINT NOT NULL DEFAULT 0;

-- Records of the audit go with their tenant, and never else.
DROP TRIGGER audit_is_not_changed ON audit;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
DROP TRIGGER audit_heads_are_not_changed ON audit_heads;
CREATE TRIGGER audit_heads_are_not_changed BEFORE UPDATE OR TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE FUNCTION refuse_audit_removal() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM tenant_locks WHERE tenant = OLD.tenant AND retired = 1) THEN
    RAISE EXCEPTION 'the audit is only ever added to';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
CREATE TRIGGER audit_heads_are_not_removed BEFORE DELETE ON audit_heads
FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
