//go:build !race

package checkout

// changesPerByte is how many other values each byte takes in the mutation
// test: all of them.
const changesPerByte = 255
