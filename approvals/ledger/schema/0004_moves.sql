-- Where this ledger was moved to (`left`), or came from: `arriving` until the place that it left takes nothing more.
CREATE TABLE moves (
  token TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('left', 'arriving', 'arrived')),
  place TEXT NOT NULL
);
