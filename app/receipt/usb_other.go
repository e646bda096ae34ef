//go:build !linux

package receipt

import (
	"io"

	"frontdesk/app/settings"
)

// openUSB: elsewhere a USB printer is one of the system.
func openUSB(settings.Printer) (io.ReadWriteCloser, error) { return nil, refuse("printer.kind") }

func usbPorts() []Found { return nil }
