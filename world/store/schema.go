package store

// schemaVersion is SQLite's user_version of the tables below. A later version
// adds a step that brings an older file up to date.
const schemaVersion = 1

// schema makes the tables of version 1. Texts stay texts: the file is to be
// read with any SQLite shell.
//
// sold holds what was sold of an item, not what is left: the catalogue says what there
// was, so that a catalogue with more stock is a delivery, and the sum over the order
// lines can always be compared.
const schema = `
BEGIN IMMEDIATE;
CREATE TABLE visitors (
  id    TEXT PRIMARY KEY,
  token BLOB NOT NULL,           -- SHA-256 of the visitor's secret
  name  TEXT NOT NULL,
  seen  REAL NOT NULL            -- first sight, seconds since the Unix epoch
) WITHOUT ROWID;
CREATE TABLE events (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT NOT NULL UNIQUE, -- ULID made by the client
  visitor  TEXT NOT NULL,
  session  TEXT NOT NULL,
  time     REAL NOT NULL,
  kind     INTEGER NOT NULL,     -- world.EventKind
  item     TEXT NOT NULL,
  dwell    REAL NOT NULL,        -- s
  exposure REAL NOT NULL,        -- sr s
  in_view  REAL NOT NULL,        -- s
  eccentricity REAL NOT NULL,    -- rad
  propensity   REAL NOT NULL,
  slot     INTEGER NOT NULL,
  source   INTEGER NOT NULL,     -- world.AttentionSource
  amount   INTEGER NOT NULL      -- cents
);
CREATE TABLE likes (
  visitor TEXT NOT NULL,
  item    TEXT NOT NULL,
  PRIMARY KEY (visitor, item)
) WITHOUT ROWID;
CREATE TABLE carts (
  visitor  TEXT NOT NULL,
  item     TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (visitor, item)
) WITHOUT ROWID;
CREATE TABLE orders (
  id      TEXT PRIMARY KEY,      -- ULID made by the client
  visitor TEXT NOT NULL,
  time    REAL NOT NULL,
  ok      INTEGER NOT NULL,      -- 0: refused; reason says why
  reason  TEXT NOT NULL,
  total   INTEGER NOT NULL       -- cents
) WITHOUT ROWID;
CREATE TABLE order_lines (
  order_id TEXT NOT NULL REFERENCES orders (id),
  item     TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  price    INTEGER NOT NULL,     -- cents for one, at the time
  PRIMARY KEY (order_id, item)
) WITHOUT ROWID;
CREATE TABLE sold (
  item     TEXT PRIMARY KEY,
  quantity INTEGER NOT NULL CHECK (quantity >= 0)
) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;`
