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

// wsaRefused is what Windows says for ECONNREFUSED.
const wsaRefused = syscall.Errno(10061)

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

// Care for serial lines (spec 3.3).
const (
	baud       = 115200
	linesDown  = 200 * time.Millisecond
	linesUp    = 200 * time.Millisecond
	beforeTalk = 100 * time.Millisecond
)

// Serial opens a terminal on a cable, or behind a Bluetooth serial port: 115200
// 8N1, no flow control. DTR and RTS are dropped and raised, and what lay in the
// buffers is thrown away. Ports without such lines are fine.
func Serial(path string) Dialer {
	path = strings.TrimSpace(path)
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		if path == "" {
			return nil, errAddress
		}
		port, err := serial.Open(path, &serial.Mode{BaudRate: baud, DataBits: 8, Parity: serial.NoParity, StopBits: serial.OneStopBit})
		if err != nil {
			return nil, err
		}
		if err := wake(ctx, port); err != nil {
			_ = port.Close()
			return nil, err
		}
		return port, nil
	}
}

// wake gives the terminal the edges it looks for. Pseudo terminals and some
// drivers have no lines, so what they answer is ignored.
func wake(ctx context.Context, port serial.Port) error {
	for _, step := range []struct {
		up   bool
		wait time.Duration
	}{{false, linesDown}, {true, linesUp}} {
		_ = port.SetDTR(step.up)
		_ = port.SetRTS(step.up)
		if err := sleep(ctx, step.wait); err != nil {
			return err
		}
	}
	if err := port.ResetInputBuffer(); err != nil {
		return err
	}
	if err := port.ResetOutputBuffer(); err != nil {
		return err
	}
	return sleep(ctx, beforeTalk)
}

// Ports lists the serial ports of this computer, cables and Bluetooth alike.
func Ports() ([]string, error) { return serial.GetPortsList() }

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
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaRefused):
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
