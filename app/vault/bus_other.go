//go:build windows || darwin

package vault

// reachable is true of a keyring that is part of the system.
func reachable() error { return nil }
