// Package operators knows who works at the desk: names, PINs and rights
// (product.md 6).
//
// Until a first operator exists there is one Owner without PIN; there is always
// an owner. Removing is soft: old sales keep the name. PINs are kept as Argon2id
// hashes. Every try is counted on the disk before it is checked, so that pulling
// the plug wins no free tries; after three wrong ones the next must wait, longer
// each time, also across restarts.
//
// Methods of Book may be called from any goroutine. Check and Allow take as long
// as an Argon2id hash, run one after another, and give up waiting for their turn
// when their context ends; a try that was counted stays counted. Changes are
// atomic on the disk. Who may change the book is decided by whoever calls, with
// Allow and the right Settings.
//
// # Codes
//
// *payments.Error wrapping payments.ErrRefused: operator.right, operator.limit,
// operator.pin, operator.pin_needed, operator.pin_unset, operator.wait,
// operator.missing, operator.name, operator.twin, operator.last,
// operator.pin_shape, operator.pin_simple. operator.store wraps what the disk
// said.
package operators
