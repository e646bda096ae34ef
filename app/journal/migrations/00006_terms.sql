-- +goose Up
-- The words that the search index knows, in their order: it stores nothing.
CREATE VIRTUAL TABLE sales_terms USING fts5vocab (sales_text, instance);
