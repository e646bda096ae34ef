-- +goose Up
-- Money as it moved, a line for each change an event made to what is proven:
-- the sum of the lines of a sale is what it has received. day is empty until
-- the day is closed.
CREATE TABLE postings (
	seq      INTEGER NOT NULL,
	attempt  TEXT NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'taken_back', 'unsure')),
	sale     INTEGER NOT NULL REFERENCES sales (seq),
	minor    INTEGER NOT NULL CHECK (minor <> 0),
	tip      INTEGER NOT NULL,
	currency TEXT NOT NULL,
	rail     TEXT NOT NULL,
	device   TEXT NOT NULL,
	label    TEXT NOT NULL,
	operator TEXT NOT NULL,
	wall     INTEGER NOT NULL,
	day      TEXT NOT NULL,
	PRIMARY KEY (seq, attempt, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_day ON postings (day, wall);
CREATE INDEX postings_attempt ON postings (attempt);

-- Closed days, newest closing of each.
CREATE TABLE days (
	day TEXT PRIMARY KEY,
	seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which of the projections above a program has filled.
CREATE TABLE filled (
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	version INTEGER NOT NULL
) STRICT;
INSERT INTO filled VALUES (1, 0);
