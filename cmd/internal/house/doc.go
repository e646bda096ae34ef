// Package house holds no code, only the tests that keep the project in the shape its
// architecture describes: who may import whom, where clocks, entropy, environment and network
// may be taken from the process, what lies at the top level, and which versions belong together.
// Every rule carries the reason a broken build shows.
package house
