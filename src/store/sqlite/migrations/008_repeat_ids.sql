-- A repeat has a client's id of its own: sent again it is no further occurrence, and the alert is found by it. Like
-- the rest of a repeat the ids of the newest 100 are kept.

ALTER TABLE alert_occurrences ADD COLUMN id_key INTEGER;   -- as in alert_keys; null: it came without an id
ALTER TABLE alert_occurrences ADD COLUMN source_id TEXT;
CREATE INDEX alert_occurrences_by_id ON alert_occurrences (id_key) WHERE id_key IS NOT NULL;
