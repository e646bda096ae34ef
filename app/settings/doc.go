// Package settings remembers what people chose on this desk: look, language,
// salon, receipts and favourites. It is one JSON file, shared by all modes; money and
// secrets are elsewhere.
//
// A File may be used from any goroutine. Save replaces the file in one step,
// so a crash leaves the old or the new settings, never half of them.
package settings
