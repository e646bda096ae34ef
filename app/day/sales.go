package day

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"frontdesk/app"
)

// pageOfSales is how many sales are read at once.
const pageOfSales = 200

// saleRow is one sale as the list of payments shows it. Amounts are decimal
// texts with a point in JSON; in CSV the decimal mark is the one of the locale.
type saleRow struct {
	Day       string `json:"day"`
	Time      string `json:"time"` // RFC 3339, local
	State     string `json:"state"`
	Client    string `json:"client"`
	Note      string `json:"note"`
	Amount    string `json:"amount"`
	Received  string `json:"received"`
	Refunded  string `json:"refunded"`
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

func saleColumns() []string {
	return []string{
		"day", "time", "state", "client", "note", "amount", "received", "refunded", "currency", "rail", "device", "operator", "sale", "order_id", "reference", "mode",
	}
}

func (r saleRow) fields(comma bool) []string {
	decimal := func(s string) string {
		if comma {
			return strings.Replace(s, ".", ",", 1)
		}
		return s
	}
	return []string{
		r.Day, r.Time, r.State, harmless(r.Client), harmless(r.Note), decimal(r.Amount), decimal(r.Received), decimal(r.Refunded), r.Currency,
		r.Rail, harmless(r.Device), harmless(r.Operator), r.Sale, r.OrderID, harmless(r.Reference), r.Mode,
	}
}

// ExportSales writes the sales that a query selects, newest first, a line each;
// Before and Limit of the query are not looked at. The formats are those of
// Export. It needs the right to export.
func (b *Book) ExportSales(ctx context.Context, by app.Actor, w io.Writer, q app.Query, f Format, comma bool) error {
	if err := b.cfg.Till.MayExport(ctx, by); err != nil {
		return err
	}
	switch f {
	case JSON:
		encoder := json.NewEncoder(w)
		return b.eachSale(ctx, q, func(s app.Sale) error { return encoder.Encode(b.saleRow(s)) })
	case CSV:
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		c := csv.NewWriter(w)
		if comma {
			c.Comma = ';'
		}
		c.UseCRLF = true
		if err := c.Write(saleColumns()); err != nil {
			return err
		}
		if err := b.eachSale(ctx, q, func(s app.Sale) error { return c.Write(b.saleRow(s).fields(comma)) }); err != nil {
			return err
		}
		c.Flush()
		return c.Error()
	}
	return fmt.Errorf("day: no format %q", f)
}

// eachSale reads page after page; each page begins behind the last sale of the
// one before, so what is sold meanwhile changes nothing.
func (b *Book) eachSale(ctx context.Context, q app.Query, each func(app.Sale) error) error {
	q.Before, q.Limit = 0, pageOfSales
	for {
		page, err := b.cfg.Till.Sales(ctx, q)
		if err != nil {
			return err
		}
		for _, s := range page {
			if err := each(s); err != nil {
				return err
			}
			q.Before = s.Seq
		}
		if len(page) < pageOfSales {
			return nil
		}
	}
}

func (b *Book) saleRow(s app.Sale) saleRow {
	at := s.Created.In(b.cfg.Zone)
	r := saleRow{
		Day: at.Format("2006-01-02"), Time: at.Format("2006-01-02T15:04:05-07:00"), State: string(s.State), Client: s.Client, Note: noteOf(s),
		Amount: s.Amount.Decimal(), Received: s.Received.Decimal(), Refunded: s.Refunded.Decimal(), Currency: string(s.Amount.Currency), Minor: s.Amount.Minor,
		Operator: s.Operator, Sale: string(s.ID), Mode: mark(b.cfg.Mode),
	}
	if n := len(s.Attempts); n > 0 {
		a := s.Attempts[n-1]
		r.Rail, r.Device, r.OrderID, r.Reference = string(a.Rail), a.DeviceLabel, a.OrderID, a.Reference
	}
	return r
}

// noteOf is the note of a sale, else what its lines are called.
func noteOf(s app.Sale) string {
	if s.Note != "" {
		return s.Note
	}
	var labels []string
	for _, l := range s.Lines {
		if l.Label != "" {
			labels = append(labels, l.Label)
		}
	}
	return strings.Join(labels, ", ")
}
