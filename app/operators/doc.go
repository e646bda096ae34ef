// Package operators knows who works at the desk: names, PINs and rights
// (product.md 6).
//
// Until a first operator exists there is one Owner without PIN. PINs are kept
// as Argon2id hashes; wrong ones make the next try wait longer, across
// restarts. Methods of Book may be called from any goroutine; a check of a PIN
// takes some hundred milliseconds and therefore a context.
package operators
