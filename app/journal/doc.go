// Package journal is the append-only record of a desk.
package journal
