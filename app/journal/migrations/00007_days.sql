-- +goose Up
-- What a day is told by does not grow with the journal.
CREATE INDEX refunds_unknown ON refunds (attempt) WHERE state = 'unknown';
CREATE INDEX days_seq ON days (seq);
