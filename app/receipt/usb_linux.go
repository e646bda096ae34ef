package receipt

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"frontdesk/app/settings"
)

// openUSB opens the file of a USB printer. Nothing but a device is ever written
// to.
func openUSB(to settings.Printer) (io.ReadWriteCloser, error) {
	if strings.TrimSpace(to.Address) == "" {
		return nil, refuse("printer.address")
	}
	info, err := os.Stat(to.Address)
	if err != nil {
		return nil, portError(err)
	}
	if info.Mode()&os.ModeCharDevice == 0 {
		return nil, refuse("printer.address")
	}
	f, err := os.OpenFile(to.Address, os.O_RDWR, 0)
	if err != nil {
		return nil, portError(err)
	}
	return f, nil
}

// usbPorts lists the files of USB printers.
func usbPorts() []Found {
	names, err := filepath.Glob("/dev/usb/lp*")
	if err != nil {
		return nil
	}
	var list []Found
	for _, name := range names {
		list = append(list, Found{Kind: settings.PrinterUSB, Address: name, Name: filepath.Base(name)})
	}
	return list
}
