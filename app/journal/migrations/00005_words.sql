-- +goose Up
-- What customers told and what was told about them stands in the lines as
-- ciphertext. Here lie the keys, one a sale: without its key the words are gone
-- and the chain still holds.
CREATE TABLE words (
	sale TEXT PRIMARY KEY,
	key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;

-- What is deleted from the index is wiped out of it, not only marked.
INSERT INTO sales_text (sales_text, rank) VALUES ('secure-delete', 1);

-- A refund has an order id of its own, and cash goes back at once.
-- +goose StatementBegin
CREATE TRIGGER refunds_own_order BEFORE INSERT ON refunds
WHEN EXISTS (SELECT 1 FROM attempts WHERE order_id = new.order_id)
BEGIN
	SELECT RAISE(ABORT, 'the order of a refund is its own');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attempts_own_order BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM refunds WHERE order_id = new.order_id)
BEGIN
	SELECT RAISE(ABORT, 'the order of a refund is its own');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER refunds_of_cash BEFORE INSERT ON refunds
WHEN new.state IN ('pending', 'unknown') AND (SELECT rail FROM attempts WHERE id = new.attempt) = 'cash'
BEGIN
	SELECT RAISE(ABORT, 'cash goes back at once');
END;
-- +goose StatementEnd
