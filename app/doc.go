// Package app is the till: sales, attempts, refunds and the rules that keep
// their money safe (product.md 3 and 4). No pixels and no wire formats.
//
// The state of a sale is a pure function of its events (Fold), so any front
// end, any restart and any order of arrival sees the same truth.
package app
