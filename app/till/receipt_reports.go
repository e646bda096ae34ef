package till

import (
	"context"
	"io"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
)

// Evidence writes all that the journal knows about one sale, as "pdf" or "json".
// It needs the right to export. Codes operator.*, sale.missing.
func (d *Desk) Evidence(ctx context.Context, id app.SaleID, format string, w io.Writer, by app.Actor) error {
	e, err := d.till.Evidence(ctx, id, by)
	if err != nil {
		return err
	}
	sheet, err := d.sheet()
	if err != nil {
		return err
	}
	if format == FormatJSON {
		return receipt.WriteEvidenceJSON(w, e, sheet)
	}
	return receipt.WriteEvidencePDF(w, e, sheet)
}

// Formats of Evidence.
const (
	FormatPDF  = "pdf"
	FormatJSON = "json"
)

// DayPDF writes the report of a business day, empty for today, as A4 paper. It
// needs the right to export. Codes operator.*, day.*.
func (d *Desk) DayPDF(ctx context.Context, name string, w io.Writer, by app.Actor) error {
	if err := d.till.MayExport(ctx, by); err != nil {
		return err
	}
	r, err := d.days.Report(ctx, name)
	if err != nil {
		return err
	}
	sheet, err := d.sheet()
	if err != nil {
		return err
	}
	return receipt.WriteDayPDF(w, r, sheet)
}

// sheet is what stands on the paper of this desk.
func (d *Desk) sheet() (receipt.Sheet, error) {
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil {
		return receipt.Sheet{}, err
	}
	c := d.receiptConfig(kept)
	return receipt.Sheet{
		Salon: c.Salon, Mode: c.Mode, Simulated: c.Simulated, Zone: c.Zone, Language: kept.Language, Made: d.cfg.Now(), Desk: d.cfg.Name,
	}, nil
}

// PrintDay prints the report of a business day: a slip on a receipt printer, the
// whole report on a printer of the system. It needs the right to export. Codes
// operator.*, day.*, printer.*.
func (d *Desk) PrintDay(ctx context.Context, name string, by app.Actor) error {
	if err := d.till.MayExport(ctx, by); err != nil {
		return err
	}
	r, err := d.days.Report(ctx, name)
	if err != nil {
		return err
	}
	sheet, err := d.sheet()
	if err != nil {
		return err
	}
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil {
		return err
	}
	return d.prints.alone(ctx, func() error { return d.prints.press.PrintDay(ctx, kept.Receipt.Printer, r, sheet) })
}

// maxPeriod is how many days one report holds.
const maxPeriod = 366

// PeriodPDF writes the days from one to another, both included, as one report. It
// needs the right to export. Codes operator.*, day.*.
func (d *Desk) PeriodPDF(ctx context.Context, from, until string, w io.Writer, by app.Actor) error {
	if err := d.till.MayExport(ctx, by); err != nil {
		return err
	}
	first, err := time.Parse(time.DateOnly, from)
	last, bad := time.Parse(time.DateOnly, until)
	if err != nil || bad != nil || last.Before(first) || last.Sub(first) >= maxPeriod*24*time.Hour {
		return &payments.Error{Op: "till.period", Code: "day.shape", Err: payments.ErrRefused}
	}
	var all []day.Report
	for at := first; !at.After(last); at = at.AddDate(0, 0, 1) {
		r, err := d.days.Report(ctx, at.Format(time.DateOnly))
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	sheet, err := d.sheet()
	if err != nil {
		return err
	}
	return receipt.WritePeriodPDF(w, all, sheet)
}
