//go:build !simlive

package till

// simulated says that Live is what it says.
const simulated = false
