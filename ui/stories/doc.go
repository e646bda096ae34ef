// Package stories holds named states of every screen, as a table of functions
// that put a screen with invented sales on a window in memory.
//
// The goldens compare them, checks look for cut and overlapping text in them,
// and the picture book (stories/book) shows them all. Stories open nothing and
// start nothing; a Stage belongs to one goroutine.
package stories
