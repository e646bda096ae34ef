-- +goose Up
PRAGMA application_id = 1179796043;

CREATE TABLE events (
	seq       INTEGER PRIMARY KEY CHECK (seq > 0),
	sale      TEXT NOT NULL CHECK (sale <> ''),
	attempt   TEXT NOT NULL,
	source    TEXT NOT NULL CHECK (source IN ('desk', 'operator', 'relay', 'notice', 'status')),
	kind      TEXT NOT NULL CHECK (kind <> ''),
	reference TEXT NOT NULL,
	minor     INTEGER NOT NULL,
	currency  TEXT NOT NULL,
	wall      INTEGER NOT NULL,
	mono      INTEGER NOT NULL,
	provider  TEXT NOT NULL,
	operator  TEXT NOT NULL,
	data      BLOB NOT NULL,
	hash      BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX events_once ON events (sale, attempt, source, reference, kind);

-- +goose StatementBegin
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;
-- +goose StatementEnd

-- The end of the chain, so that lines cut off at the end are noticed.
CREATE TABLE head (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO head VALUES (1, 0, zeroblob(32));

CREATE TABLE cursor (
	one   INTEGER PRIMARY KEY CHECK (one = 1),
	epoch TEXT NOT NULL,
	seq   INTEGER NOT NULL,
	place INTEGER NOT NULL
) STRICT;

-- Projections: all below can be computed again from the events.
CREATE TABLE sales (
	seq        INTEGER PRIMARY KEY,
	id         TEXT NOT NULL UNIQUE,
	state      TEXT NOT NULL CHECK (state IN ('preparing', 'offered', 'opened', 'paid', 'declined', 'withdrawn', 'expired',
		'not_charged', 'cancelling', 'unknown', 'reversed', 'paid_late', 'overpaid', 'part_refunded', 'refunded', 'found')),
	minor      INTEGER NOT NULL,
	currency   TEXT NOT NULL,
	received   INTEGER NOT NULL CHECK (received >= 0),
	refunded   INTEGER NOT NULL CHECK (refunded >= 0),
	created    INTEGER NOT NULL,
	charge_key TEXT UNIQUE CHECK (charge_key <> ''),
	body       TEXT NOT NULL
) STRICT;
CREATE INDEX sales_state ON sales (state, seq);
CREATE INDEX sales_created ON sales (created, seq);

CREATE TABLE attempts (
	id        TEXT PRIMARY KEY,
	sale      INTEGER NOT NULL REFERENCES sales (seq),
	rail      TEXT NOT NULL,
	state     TEXT NOT NULL,
	order_id  TEXT UNIQUE CHECK (order_id <> ''),
	reference TEXT NOT NULL,
	minor     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_sale ON attempts (sale);

CREATE TABLE refunds (
	order_id TEXT PRIMARY KEY,
	attempt  TEXT NOT NULL REFERENCES attempts (id),
	minor    INTEGER NOT NULL CHECK (minor > 0),
	state    TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed', 'unknown'))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX refunds_one_at_a_time ON refunds (attempt) WHERE state = 'pending';

-- +goose StatementBegin
CREATE TRIGGER refunds_bounded AFTER INSERT ON refunds
WHEN (SELECT sum(minor) FROM refunds WHERE attempt = new.attempt AND state <> 'failed') >
	(SELECT minor FROM attempts WHERE id = new.attempt)
BEGIN
	SELECT RAISE(ABORT, 'refunds exceed the attempt');
END;
-- +goose StatementEnd

-- What happened to money, once, whatever source told it and how often.
CREATE TABLE effects (
	attempt   TEXT NOT NULL,
	reference TEXT NOT NULL,
	kind      TEXT NOT NULL CHECK (kind IN ('paid', 'reversed', 'refunded')),
	PRIMARY KEY (attempt, reference, kind)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE sales_text USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');

