package till

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strconv"
)

// Ports of the parts inside are drawn from a range from which systems give none
// to outgoing connections, so that a kept port is still free the next time.
const (
	firstPort = 20000
	portRange = 10000
	portTries = 20
)

// listenKept listens on the kept port of loopback, or on a new one when there is
// none or something else has it. It returns the port in use.
func listenKept(ctx context.Context, kept int, entropy io.Reader) (net.Listener, int, error) {
	var lc net.ListenConfig
	if kept != 0 {
		if l, err := lc.Listen(ctx, "tcp", loopback(kept)); err == nil {
			return l, kept, nil
		}
	}
	var draw [2]byte
	for range portTries {
		if _, err := io.ReadFull(entropy, draw[:]); err != nil {
			return nil, 0, err
		}
		port := firstPort + int(binary.BigEndian.Uint16(draw[:]))%portRange
		if l, err := lc.Listen(ctx, "tcp", loopback(port)); err == nil {
			return l, port, nil
		}
	}
	l, err := lc.Listen(ctx, "tcp", loopback(0))
	if err != nil {
		return nil, 0, err
	}
	return l, l.Addr().(*net.TCPAddr).Port, nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
