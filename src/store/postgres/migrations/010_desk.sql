-- When people took up, judged and closed alerts and incidents, one row for each (store/desk.h). What was done before
-- this table is not told: its times would be guesses.
CREATE TABLE desk_marks (
  tenant BIGINT NOT NULL,
  kind SMALLINT NOT NULL,           -- 0: alert, 1: incident
  object BIGINT NOT NULL,         -- its seq
  id TEXT COLLATE "C" NOT NULL,
  severity SMALLINT NOT NULL,
  verdict SMALLINT NOT NULL,
  began_at BIGINT NOT NULL,
  acknowledged_at BIGINT,
  triaged_at BIGINT,
  resolved_at BIGINT,             -- of the last closing; null while it is open
  escalated_at BIGINT,
  handled_at BIGINT,              -- last verdict or closing by a person
  handled_by TEXT COLLATE "C" NOT NULL,
  reopened BIGINT NOT NULL,       -- how often
  last_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, object)
);
CREATE INDEX desk_marks_by_time ON desk_marks (tenant, last_at);

-- The latest word of each person on an answer.
CREATE TABLE answer_ratings (
  tenant BIGINT NOT NULL,
  kind SMALLINT NOT NULL,           -- AnswerKind
  answer TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  helpful SMALLINT NOT NULL,
  rated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, answer, actor)
);
CREATE INDEX answer_ratings_by_time ON answer_ratings (tenant, rated_at);
