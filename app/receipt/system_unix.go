//go:build !windows

package receipt

import (
	"context"
	"strings"

	"frontdesk/app/settings"
)

// submit gives the file to CUPS; the older program stands in for the newer one.
func (p Press) submit(ctx context.Context, printer, path string) error {
	args := []string{"-o", "fit-to-page"}
	if printer != "" {
		args = append(args, "-d", printer)
	}
	_, err := p.Run(ctx, "lp", append(args, "--", path)...)
	if err == nil || ctx.Err() != nil {
		return err
	}
	args = nil
	if printer != "" {
		args = append(args, "-P", printer)
	}
	if _, again := p.Run(ctx, "lpr", append(args, path)...); again != nil {
		return err
	}
	return nil
}

// queues lists what CUPS prints on.
func (p Press) queues(ctx context.Context) []Found {
	names, err := p.Run(ctx, "lpstat", "-e")
	if err != nil {
		return nil
	}
	standard := ""
	if out, err := p.Run(ctx, "lpstat", "-d"); err == nil {
		_, standard, _ = strings.Cut(string(out), ": ")
		standard = strings.TrimSpace(standard)
	}
	var list []Found
	for line := range strings.Lines(string(names)) {
		if name := strings.TrimSpace(line); name != "" {
			list = append(list, Found{Kind: settings.PrinterSystem, Address: name, Name: strings.ReplaceAll(name, "_", " "), Default: name == standard})
		}
	}
	return list
}
