// Package money holds amounts as integers in minor units and knows, per
// currency, how many decimals ISO 4217 gives it, in which steps it is typed,
// how high one amount may be and how each wire writes it (product.md 4, rule 12).
//
// Guarantees: no floating point anywhere; no operation wraps around or mixes
// currencies, it returns a Fault instead; a text that could be read in two ways
// is refused. Every value is immutable and safe to share, except Entry, which
// belongs to the one screen that types into it.
//
// # Design notes
//
// Amounts are kept by the ISO exponent, not by what a wire prints: HUF has two
// decimals in ISO and none on the myPOS checkout wire, so the encoders differ
// and the stored number does not. Currencies are a closed table: an unknown
// code is an error at the border instead of a guess about its decimals.
package money
