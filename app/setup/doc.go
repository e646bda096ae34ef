// Package setup is what the owner connects: the words in which the myPOS
// account, the REST credentials and the relay are shown, checked and saved
// (product.md 6).
//
// It holds plain values and the reading of pasted text (the key doctor); it
// opens no file and no connection. app/till carries the work out over the
// vault, the checkout client and the relay; the screens and frontdeskctl show
// it. Secrets travel in a Draft only, from the field to the vault, and never
// back: what is saved is told by a Connection. Values are immutable and may be
// shared between goroutines.
//
// # Codes
//
// Of what was pasted: paste.*, pack.*, key.*, certificate.* (package checkout),
// mode.sandbox_key, mode.practice_key, mode.own_key, mode.practice_needs_nothing,
// key.pack, key.rotate, certificate.rotate, pack.not_a_pack. Of fields:
// sid.missing, sid.shape, wallet.missing, wallet.letters, wallet.long,
// index.missing, index.number, index.range, api.id_missing, api.id_shape,
// api.secret_missing, api.secret_shape, cloud.missing, cloud.secret_missing, cloud.shape, relay.missing, relay.shape, relay.https,
// relay.path, relay.pair_missing, relay.pair_store, pair.malformed. Of the rows
// of Test connection: check.*, epos.* and those of the relay.
package setup
