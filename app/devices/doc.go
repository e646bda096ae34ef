// Package devices is the register of card terminals of a desk: what is stored
// of each, and which one takes the next charge (spec/terminals 9).
//
// Labels and addresses are kept in the data folder of the mode, one file,
// replaced as a whole. Removing is soft: old sales keep the label. Methods may
// be called from any goroutine. The register opens no connection; app/till and
// app/rails drive the terminals.
package devices
