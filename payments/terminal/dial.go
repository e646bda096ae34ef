package terminal

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.bug.st/serial"
)

// What Windows says for ECONNREFUSED and ECONNRESET.
const (
	wsaRefused = syscall.Errno(10061)
	wsaReset   = syscall.Errno(10054)
)

var errAddress = errors.New("no address of a terminal")

// TCP dials a terminal on the local network: the host as typed, and nothing
// else; no proxy is ever asked. Port 0 is DefaultPort.
func TCP(host string, port int) Dialer {
	if port == 0 {
		port = DefaultPort
	}
	host = strings.TrimSpace(host)
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		if host == "" || port < 1 || port > 65535 || strings.ContainsAny(host, "/@ \t\r\n") {
			return nil, errAddress
		}
		d := net.Dialer{KeepAlive: 15 * time.Second}
		return d.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	}
}

// dialCode tells apart why a terminal cannot be reached.
func dialCode(ctx context.Context, err error) string {
	var port *serial.PortError
	var dns *net.DNSError
	switch {
	case errors.As(err, &port):
		switch port.Code() {
		case serial.PortBusy:
			return "terminal.port_busy"
		case serial.PermissionDenied:
			return "terminal.port_denied"
		}
		return "terminal.port"
	case errors.Is(err, errAddress), errors.As(err, &dns):
		return "terminal.address"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, wsaRefused), errors.Is(err, wsaReset):
		return "terminal.refused"
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		return "terminal.port"
	case errors.Is(err, context.DeadlineExceeded):
		return "terminal.unreachable"
	case ctx.Err() != nil:
		return "terminal.stopped"
	}
	return "terminal.unreachable"
}
