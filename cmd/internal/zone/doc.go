// Package zone finds out in which time zone this computer stands, by its name:
// days of the journal are kept with the zone they were closed in, and "Local"
// would tell a reader on another computer nothing.
//
// It reads the environment and a link of the system, and holds no state.
package zone
