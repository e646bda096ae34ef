// Package history tells the events of a sale in plain words, as the lines of a
// timeline. It is a pure function of events and language: no pixels, no clock,
// no I/O.
package history
