-- What people said of alerts, one row for each: the latest word on it (store/dispositions.h).
CREATE TABLE dispositions (
  tenant BIGINT NOT NULL,
  alert_seq BIGINT NOT NULL,
  verdict SMALLINT NOT NULL,        -- 0: taken back
  actor TEXT COLLATE "C" NOT NULL,
  word DOUBLE PRECISION NOT NULL,
  of_incident SMALLINT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, alert_seq)
);
CREATE INDEX dispositions_by_time ON dispositions (tenant, decided_at, alert_seq);

-- Who said it before is in the audit alone.
INSERT INTO dispositions (tenant, alert_seq, verdict, actor, word, of_incident, decided_at)
SELECT tenant, seq, verdict, '', 0.5, 0, coalesce(updated_at, received_at) FROM alerts WHERE verdict <> 0;
