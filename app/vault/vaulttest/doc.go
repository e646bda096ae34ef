// Package vaulttest is what every place for vault keys must pass, and a place
// in memory for tests.
//
// Keys runs the suite of one place; Vault runs that of a vault whose keys lie
// there. Memory may be used from any goroutine.
package vaulttest
