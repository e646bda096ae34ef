-- +goose Up
-- Terminals, lists of transactions and the desk itself are sources of lines, too.
CREATE TABLE events_next (
	seq       INTEGER PRIMARY KEY CHECK (seq > 0),
	sale      TEXT NOT NULL CHECK (sale <> '' OR attempt = '' AND kind IN ('desk_noted', 'day_closed', 'day_reopened')),
	attempt   TEXT NOT NULL,
	source    TEXT NOT NULL CHECK (source IN ('desk', 'operator', 'relay', 'notice', 'status', 'list', 'terminal')),
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
INSERT INTO events_next SELECT * FROM events ORDER BY seq;
DROP TABLE events;
ALTER TABLE events_next RENAME TO events;
CREATE UNIQUE INDEX events_once ON events (sale, attempt, source, reference, kind);
CREATE INDEX events_notes ON events (seq) WHERE sale = '';

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

-- One entry in the provider's list pays one attempt.
CREATE INDEX events_credits ON events (reference) WHERE source = 'list' AND kind = 'payment_seen';
-- +goose StatementBegin
CREATE TRIGGER events_credit_once BEFORE INSERT ON events
WHEN new.source = 'list' AND new.kind = 'payment_seen' AND EXISTS (
	SELECT 1 FROM events WHERE source = 'list' AND kind = 'payment_seen' AND reference = new.reference AND attempt <> new.attempt)
BEGIN
	SELECT RAISE(ABORT, 'the transaction has paid another attempt');
END;
-- +goose StatementEnd

ALTER TABLE attempts ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN dirty INTEGER NOT NULL DEFAULT 0 CHECK (dirty IN (0, 1));
CREATE INDEX attempts_device ON attempts (device) WHERE device <> '';
CREATE INDEX attempts_dirty ON attempts (sale) WHERE dirty = 1;
CREATE INDEX attempts_reference ON attempts (reference) WHERE reference <> '';
-- A terminal does one thing at a time.
CREATE UNIQUE INDEX attempts_one_per_device ON attempts (device)
	WHERE device <> '' AND state IN ('preparing', 'offered', 'opened', 'cancelling');

-- +goose StatementBegin
CREATE TRIGGER refunds_bounded_later AFTER UPDATE ON refunds
WHEN (SELECT sum(minor) FROM refunds WHERE attempt = new.attempt AND state <> 'failed') >
	(SELECT minor FROM attempts WHERE id = new.attempt)
BEGIN
	SELECT RAISE(ABORT, 'refunds exceed the attempt');
END;
-- +goose StatementEnd
