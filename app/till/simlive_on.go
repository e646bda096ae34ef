//go:build simlive

package till

// simulated says that Live speaks to a stand-in of myPOS.
const simulated = true
