//go:build !linux && !darwin && !freebsd

package local

import "net"

// samePeer trusts the rights of the folder: this system does not say who is at
// the other end of a Unix socket.
func samePeer(*net.UnixConn) error { return nil }
