package receipt

import (
	"context"
	"encoding/json"
	"strings"

	"frontdesk/app/settings"
)

// submit lets the program that opens PDF files print this one. It returns when
// that program has ended or the file was taken.
func (p Press) submit(ctx context.Context, printer, path string) error {
	verb := "-Verb Print"
	if printer != "" {
		verb = "-Verb PrintTo -ArgumentList " + quoted(`"`+printer+`"`)
	}
	_, err := p.Run(ctx, "powershell", "-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command",
		"$p = Start-Process -FilePath "+quoted(path)+" "+verb+" -WindowStyle Hidden -PassThru -ErrorAction Stop; if ($p) { $null = $p.WaitForExit(20000) } else { Start-Sleep 5 }")
	return err
}

// quoted is a text of PowerShell in which nothing is read as a command.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// queues lists the printers of Windows.
func (p Press) queues(ctx context.Context) []Found {
	out, err := p.Run(ctx, "powershell", "-NoProfile", "-NonInteractive", "-Command",
		"[Console]::OutputEncoding = [Text.Encoding]::UTF8; ConvertTo-Json @(Get-CimInstance Win32_Printer | Select-Object Name,Default)")
	if err != nil {
		return nil
	}
	var printers []struct {
		Name    string
		Default bool
	}
	if err := json.Unmarshal(out, &printers); err != nil {
		return nil
	}
	var list []Found
	for _, printer := range printers {
		list = append(list, Found{Kind: settings.PrinterSystem, Address: printer.Name, Name: printer.Name, Default: printer.Default})
	}
	return list
}
