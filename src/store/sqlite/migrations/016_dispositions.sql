-- What people said of alerts, one row for each: the latest word on it (store/dispositions.h).
CREATE TABLE dispositions (
  tenant INTEGER NOT NULL,
  alert_seq INTEGER NOT NULL,
  verdict INTEGER NOT NULL,         -- 0: taken back
  actor TEXT NOT NULL,
  word REAL NOT NULL,
  of_incident INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, alert_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dispositions_by_time ON dispositions (tenant, decided_at, alert_seq);

-- Who said it before is in the audit alone.
INSERT INTO dispositions (tenant, alert_seq, verdict, actor, word, of_incident, decided_at)
SELECT tenant, seq, verdict, '', 0.5, 0, coalesce(updated_at, received_at) FROM alerts WHERE verdict <> 0;
