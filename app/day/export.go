package day

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"frontdesk/app"
	"frontdesk/payments"
)

// Format of an export. The strings are what frontdeskctl takes.
type Format string

// Formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// mark stands in every row of money that is not real.
func mark(m payments.Mode) string {
	if m == payments.Live {
		return ""
	}
	return strings.ToUpper(string(m))
}

// row is one posting as the bookkeeper gets it. Amounts are decimal texts with
// a point in JSON; in CSV the decimal mark is the one of the locale.
type row struct {
	Day       string `json:"day"`
	Time      string `json:"time"` // RFC 3339, local
	Kind      string `json:"kind"`
	Amount    string `json:"amount"`
	Tip       string `json:"tip"`
	Currency  string `json:"currency"`
	Minor     int64  `json:"minor"`
	Rail      string `json:"rail"`
	Device    string `json:"device"`
	Operator  string `json:"operator"`
	Sale      string `json:"sale"`
	OrderID   string `json:"order_id"`
	Reference string `json:"reference"`
	Mode      string `json:"mode,omitempty"`
}

func columns() []string {
	return []string{"day", "time", "kind", "amount", "tip", "currency", "rail", "device", "operator", "sale", "order_id", "reference", "mode"}
}

func (r row) fields(comma bool) []string {
	decimal := func(s string) string {
		if comma {
			return strings.Replace(s, ".", ",", 1)
		}
		return s
	}
	return []string{r.Day, r.Time, r.Kind, decimal(r.Amount), decimal(r.Tip), r.Currency, r.Rail, harmless(r.Device), harmless(r.Operator), r.Sale, r.OrderID, harmless(r.Reference), r.Mode}
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(s string) string {
	if first, size := utf8.DecodeRuneInString(s); size > 0 && strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
		return "'" + s
	}
	return s
}

// Export writes every posting of a day, empty for today. CSV begins with a
// byte-order mark and, with comma, has decimal commas and semicolons between
// the fields, as spreadsheets of most of Europe expect. JSON is an object per
// line. It needs the right to export.
func (b *Book) Export(ctx context.Context, by app.Actor, w io.Writer, day string, f Format, comma bool) error {
	if err := b.cfg.Till.MayExport(ctx, by); err != nil {
		return err
	}
	r, period, err := b.frame(ctx, day)
	if err != nil {
		return err
	}
	var write func(row) error
	flush := func() error { return nil }
	switch f {
	case JSON:
		encoder := json.NewEncoder(w)
		write = func(r row) error { return encoder.Encode(r) }
	case CSV:
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		c := csv.NewWriter(w)
		if comma {
			c.Comma = ';'
		}
		c.UseCRLF = true
		if err := c.Write(columns()); err != nil {
			return err
		}
		write = func(r row) error { return c.Write(r.fields(comma)) }
		flush = func() error {
			c.Flush()
			return c.Error()
		}
	default:
		return fmt.Errorf("day: no format %q", f)
	}
	if err := b.cfg.Ledger.Postings(ctx, period, func(p app.Posting) error { return write(b.row(r.Day, p)) }); err != nil {
		return err
	}
	return flush()
}

func (b *Book) row(day string, p app.Posting) row {
	return row{
		Day: day, Time: p.At.In(b.cfg.Zone).Format("2006-01-02T15:04:05-07:00"), Kind: string(p.Kind),
		Amount: p.Amount.Decimal(), Tip: p.Tip.Decimal(), Currency: string(p.Amount.Currency), Minor: p.Amount.Minor,
		Rail: string(p.Rail), Device: p.Device, Operator: p.Operator, Sale: string(p.Sale),
		OrderID: p.OrderID, Reference: p.Reference, Mode: mark(b.cfg.Mode),
	}
}
