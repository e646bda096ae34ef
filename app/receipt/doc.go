// Package receipt turns a sale into what the customer takes away, and a day or
// the evidence of a sale into paper: text for the screen and for mail, PDF,
// bytes for ESC/POS printers; and it brings them to a printer (product.md 5).
//
// A Receipt is a plain value made by New from a sale whose money is proven, and
// from nothing else: what is not known is refused, never printed as paid. It
// speaks the customer's language, carries the word of its mode (PRACTICE, TEST)
// in every form and never holds a full card number or a secret. One layout
// (rows) is behind all forms, so they cannot tell different things.
//
// VAT is inside the prices. It is computed from the gross amount in integers, by
// rate / (100 % + rate), rounded half up to a minor unit; a tip is the staff's and
// carries none. Refunds carry the difference of the VAT before and after them,
// so all refunds of a sale together carry exactly its VAT.
//
// Everything but Press is a pure function and safe to call from anywhere: equal
// values give equal bytes. A Press may be used from several goroutines; one
// printer takes one receipt at a time, which is its caller's care.
//
// # Printers
//
// A network printer is asked how it is (DLE EOT) before, and whether all is on
// paper (GS r) after; one that does not answer such questions prints all the
// same. A printer on a cable gets the same bytes and is asked the same. Nothing
// but a device is ever written to. A system printer gets a PDF. When the context
// ends, or the printer takes nothing for a while, printing ends: with
// printer.cut when a part may have come out, else with printer.unreachable.
// Nothing is sent twice by itself.
//
// A picture never holds bytes that a printer would obey wherever they stand.
//
// # Codes
//
// *payments.Error wrapping payments.ErrRefused: receipt.unpaid (no money of the
// sale is proven), receipt.missing (no such refund), receipt.unsettled (the
// refund is not done), printer.none, printer.kind, printer.address. With
// payments.ErrUnreachable, nothing came out: printer.unreachable, printer.paper,
// printer.cover, printer.offline, printer.fault, printer.missing, printer.denied,
// printer.system. With ErrPart: printer.cut (a part may have come out),
// printer.unsure (all was sent, and the printer then told of trouble, or nothing
// more).
package receipt
