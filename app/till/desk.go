package till

// Simulated reports whether Live is not live: the build with tag simlive.
func (d *Desk) Simulated() bool { return simulated }
