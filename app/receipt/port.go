package receipt

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"syscall"

	"go.bug.st/serial"

	"frontdesk/app/settings"
)

// baud is the speed of a serial printer where none is set.
const baud = 9600

// addressOf is host and port of a network printer, as typed and nothing else.
func addressOf(to settings.Printer) (string, error) {
	host, port := strings.TrimSpace(to.Address), to.At()
	if host == "" || port < 1 || port > 65535 || strings.ContainsAny(host, "/@ \t\r\n") {
		return "", refuse("printer.address")
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(port)), nil
}

func openSerial(to settings.Printer) (io.ReadWriteCloser, error) {
	if strings.TrimSpace(to.Address) == "" {
		return nil, refuse("printer.address")
	}
	speed := baud
	if to.Port > 0 {
		speed = to.Port
	}
	port, err := serial.Open(to.Address, &serial.Mode{BaudRate: speed, DataBits: 8, Parity: serial.NoParity, StopBits: serial.OneStopBit})
	if err != nil {
		return nil, portError(err)
	}
	return port, nil
}

// portError tells apart why a port cannot be opened.
func portError(err error) error {
	var port *serial.PortError
	code := "printer.missing"
	switch {
	case errors.As(err, &port) && port.Code() == serial.PermissionDenied, errors.Is(err, fs.ErrPermission):
		code = "printer.denied"
	case errors.As(err, &port) && port.Code() == serial.PortBusy, errors.Is(err, syscall.EBUSY):
		code = "printer.offline"
	}
	return lost(code, err)
}
