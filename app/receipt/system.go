package receipt

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"go.bug.st/serial"

	"frontdesk/app/settings"
)

// system hands a PDF to the printing of the system.
func (p Press) system(ctx context.Context, to settings.Printer, j job) (err error) {
	dir, err := os.MkdirTemp(p.Temp, "frontdesk-print-")
	if err != nil {
		return lost("printer.system", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, j.name+".pdf")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return lost("printer.system", err)
	}
	if err := errors.Join(j.pdf(f), f.Close()); err != nil {
		return lost("printer.system", err)
	}
	// A print service that does not answer would hold up every receipt behind it.
	ctx, cancel := context.WithTimeout(ctx, p.patience.usual().submit)
	defer cancel()
	switch err := p.submit(ctx, to.Address, path); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return part("printer.unsure", err) // it may have been taken
	default:
		return lost("printer.system", err)
	}
}

// Find lists the printers of the system and the ports behind which a receipt
// printer may stand. Network printers are not looked for: their address is
// typed. What cannot be listed is left out.
func (p Press) Find(ctx context.Context) []Found {
	list := append(p.queues(ctx), usbPorts()...)
	ports, err := serial.GetPortsList()
	if err != nil {
		return list
	}
	for _, name := range ports {
		list = append(list, Found{Kind: settings.PrinterSerial, Address: name, Name: filepath.Base(name)})
	}
	return list
}
