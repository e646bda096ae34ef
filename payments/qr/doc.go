// Package qr turns a text, usually the address of a pay page, into the modules
// of a QR code. Drawing is left to screens and receipts, which add the quiet
// zone of four modules (QuietZone) that every scanner expects.
//
// Matrix is a pure function, safe to call from anywhere; equal texts give equal
// matrices.
//
// # Design notes
//
// Error correction is level M: it survives a scratch or a reflection on a
// screen and keeps the modules of a short address large. This is the only room
// that imports the encoder, so another one could take its place here.
package qr
