package receipt

import (
	"context"
	"net"
)

// Found is a printer, or a port behind which one may stand.
type Found struct {
	Kind    string // as in settings.Printer
	Address string
	Name    string // as people know it
	Default bool   // the one the system prints on
}

// Press brings receipts to printers. Dial and Run are required; the rest may be
// left at zero.
type Press struct {
	// Dial connects to a network printer; (*net.Dialer).DialContext fits.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Run runs a program of the system and returns what it printed.
	Run func(ctx context.Context, name string, args ...string) ([]byte, error)
	// Temp is the folder for what a system printer is given; it is removed again.
	// Empty: that of the system.
	Temp string
}
