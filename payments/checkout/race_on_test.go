//go:build race

package checkout

// changesPerByte is how many other values each byte takes in the mutation
// test; the race detector makes a signature check ten times as slow.
const changesPerByte = 8
