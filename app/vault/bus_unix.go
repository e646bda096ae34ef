//go:build !windows && !darwin

package vault

import "github.com/godbus/dbus/v5"

// reachable reports whether a session bus is there to ask. The library would start
// one where there is none, on every server and in every script: a bus that nobody
// ends, and on it a keyring that nobody can unlock.
func reachable() error {
	bus, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return err
	}
	return bus.Close()
}
