-- What retention must not delete, and what it needs to find the rest.
CREATE TABLE holds (
  tenant INTEGER NOT NULL,
  incident INTEGER NOT NULL,        -- its seq
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, incident)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_occurrences_by_block ON alert_occurrences (block);
CREATE INDEX dead_letters_by_age ON dead_letters (tenant, received_at);
CREATE INDEX feedback_by_alert ON feedback (tenant, alert_id) WHERE alert_id IS NOT NULL;
CREATE INDEX feedback_by_incident ON feedback (tenant, incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX incidents_merged ON incidents (tenant, merged_into) WHERE merged_into IS NOT NULL;
