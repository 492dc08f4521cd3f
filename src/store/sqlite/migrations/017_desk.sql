-- When people took up, judged and closed alerts and incidents, one row for each (store/desk.h). What was done before
-- this table is not told: its times would be guesses.
CREATE TABLE desk_marks (
  tenant INTEGER NOT NULL,
  kind INTEGER NOT NULL,           -- 0: alert, 1: incident
  object INTEGER NOT NULL,         -- its seq
  id TEXT NOT NULL,
  severity INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  triaged_at INTEGER,
  resolved_at INTEGER,             -- of the last closing; null while it is open
  escalated_at INTEGER,
  handled_at INTEGER,              -- last verdict or closing by a person
  handled_by TEXT NOT NULL,
  reopened INTEGER NOT NULL,       -- how often
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_marks_by_time ON desk_marks (tenant, last_at);

-- The latest word of each person on an answer.
CREATE TABLE answer_ratings (
  tenant INTEGER NOT NULL,
  kind INTEGER NOT NULL,           -- AnswerKind
  answer TEXT NOT NULL,
  actor TEXT NOT NULL,
  helpful INTEGER NOT NULL,
  rated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, answer, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_ratings_by_time ON answer_ratings (tenant, rated_at);
