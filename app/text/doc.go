// Package text holds the sentences Frontdesk says to people, by stable key and
// language.
//
// Each language is a folder of JSON files under lang, one file per area
// (states, errors, checkout, payments, ...), each a flat object from key to
// sentence. Placeholders are {0}, {1}, ...; a sentence that depends on a count
// has two keys ending in ".one" and ".other". English is complete and every
// other language has the same files, keys and placeholders; a test says which
// are missing.
//
// Nothing here does I/O or keeps state beyond one immutable Catalog per
// language; a Catalog may be used from any goroutine.
package text
