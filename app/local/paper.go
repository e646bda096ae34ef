package local

import (
	"bytes"
	"context"
	"io"

	"frontdesk/app"
	"frontdesk/app/receipt"
)

// Operations that put something on paper.
const (
	OpReceipt  = "receipt"  // ReceiptArgs in; Receipt out, or any number of Piece when PDF is asked for
	OpEvidence = "evidence" // EvidenceArgs in; any number of Piece out
)

// Formats beside those of package day.
const (
	FormatPDF  = "pdf"
	FormatJSON = "json"
)

// ReceiptArgs names a receipt: that of a sale, or of a refund by its order id.
// With Print it is printed; with PDF it comes as one. Copy marks it as a copy,
// which it is in any case when it was printed before.
type ReceiptArgs struct {
	Sale     app.SaleID `json:"sale"`
	Refund   string     `json:"refund,omitempty"`
	Copy     bool       `json:"copy,omitempty"`
	Print    bool       `json:"print,omitempty"`
	PDF      bool       `json:"pdf,omitempty"`
	Width    int        `json:"width,omitempty"` // 32 to 128; what is beyond counts as that
	Operator string     `json:"operator,omitempty"`
}

// Receipt is what `receipt` prints.
type Receipt struct {
	Sale     app.SaleID `json:"sale"`
	Refund   string     `json:"refund,omitempty"`
	Number   string     `json:"number"`
	Language string     `json:"language"`
	Copy     bool       `json:"copy"`
	Printed  bool       `json:"printed"`
	Lines    []string   `json:"lines"`
}

// EvidenceArgs names a sale and the form in which its evidence is wanted.
type EvidenceArgs struct {
	Sale     app.SaleID `json:"sale"`
	Format   string     `json:"format"`
	Operator string     `json:"operator,omitempty"`
	PIN      string     `json:"pin,omitempty"`
}

// The width of a receipt as text, in characters: as much as a line of paper or of a
// terminal takes.
const (
	minWidth = 32
	maxWidth = 128
)

// Papers makes receipts and evidence.
type Papers interface {
	Receipt(ctx context.Context, id app.SaleID, refund string) (receipt.Receipt, error)
	PrintReceipt(ctx context.Context, id app.SaleID, refund string, again bool, by app.Actor) error
	Evidence(ctx context.Context, id app.SaleID, format string, w io.Writer, by app.Actor) error
}

// Reports writes days as PDF.
type Reports interface {
	DayPDF(ctx context.Context, day string, w io.Writer, by app.Actor) error
	PeriodPDF(ctx context.Context, from, until string, w io.Writer, by app.Actor) error
}

// paperOps adds the operations on papers.
func (p Parts) paperOps(ops map[string]Handler) {
	ops[OpReceipt] = with(p.receipt)
	ops[OpEvidence] = with(func(ctx context.Context, a EvidenceArgs, emit func(any) error) error {
		if p.Papers == nil || a.Format != FormatPDF && a.Format != FormatJSON {
			return refused("evidence", CodeOp)
		}
		return paper(emit, func(w io.Writer) error {
			return p.Papers.Evidence(ctx, a.Sale, a.Format, w, app.Actor{Operator: a.Operator, PIN: a.PIN})
		})
	})
}

func (p Parts) receipt(ctx context.Context, a ReceiptArgs, emit func(any) error) error {
	if p.Papers == nil {
		return refused("receipt", CodeOp)
	}
	r, err := p.Papers.Receipt(ctx, a.Sale, a.Refund)
	if err != nil {
		return err
	}
	r.Kind.Copy = r.Kind.Copy || a.Copy
	if a.Print {
		if err := p.Papers.PrintReceipt(ctx, a.Sale, a.Refund, a.Copy, app.Actor{Operator: a.Operator}); err != nil {
			return err
		}
	}
	if a.PDF {
		return paper(emit, func(w io.Writer) error { return receipt.WritePDF(w, r) })
	}
	return emit(Receipt{
		Sale: r.Sale, Refund: a.Refund, Number: r.Number, Language: r.Language, Copy: r.Kind.Copy, Printed: a.Print, Lines: r.Text(min(max(a.Width, minWidth), maxWidth)),
	})
}

// dayPaper is an export as PDF.
func (p Parts) dayPaper(ctx context.Context, a DayArgs, emit func(any) error) error {
	if p.Reports == nil {
		return refused("export", CodeOp)
	}
	return paper(emit, func(w io.Writer) error {
		if a.Until != "" {
			return p.Reports.PeriodPDF(ctx, a.Day, a.Until, w, a.actor())
		}
		return p.Reports.DayPDF(ctx, a.Day, w, a.actor())
	})
}

// paper sends what write writes, once all of it is there.
func paper(emit func(any) error, write func(io.Writer) error) error {
	var all bytes.Buffer
	if err := write(&all); err != nil {
		return err
	}
	for all.Len() > 0 {
		if err := emit(Piece{Raw: all.Next(pieceSize)}); err != nil {
			return err
		}
	}
	return nil
}
