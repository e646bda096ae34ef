// Command book draws the picture book: every story in several looks as PNG,
// and an index.html that shows them all.
package main
