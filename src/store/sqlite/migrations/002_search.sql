-- Full text, filled behind a watermark. We make the tokens ourselves (search_text.h) and separate them by blanks;
-- the tokenizer only has to leave them whole. Neither text nor positions are kept: a match is a set of words.
CREATE VIRTUAL TABLE alert_text USING fts5 (
  words, content = '', detail = none, columnsize = 0,
  tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\]^_`{|}~'"
);
INSERT INTO alert_text (alert_text, rank) VALUES ('hashsize', 8388608);
