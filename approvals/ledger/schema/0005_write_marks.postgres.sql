-- What each writer wrote last. The mark is committed with the rest, and tells of it when the answer was lost.
CREATE TABLE write_marks (
  writer TEXT PRIMARY KEY,
  token  TEXT NOT NULL,
  at     TIMESTAMPTZ NOT NULL
);
