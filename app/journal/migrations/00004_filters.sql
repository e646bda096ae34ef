-- +goose Up
-- What the list of payments is chosen by.
ALTER TABLE sales ADD COLUMN operator TEXT NOT NULL DEFAULT '';
CREATE INDEX sales_operator ON sales (operator, seq);
CREATE INDEX sales_operator_state ON sales (operator, state, seq);
CREATE INDEX attempts_rail ON attempts (rail, sale);
CREATE INDEX attempts_of_device ON attempts (device, sale) WHERE device <> '';
-- Sums of a choice are read from here alone.
DROP INDEX sales_created;
CREATE INDEX sales_sums ON sales (created, seq, state, currency, received, refunded);
