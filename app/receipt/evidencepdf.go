package receipt

import (
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/qr"
)

// WriteEvidencePDF writes the evidence of one sale on A4 pages, for somebody who
// does not believe the desk. It tells what WriteEvidenceJSON tells, and ends with
// the head of the chain as text and QR code.
func WriteEvidencePDF(w io.Writer, e app.Evidence, s Sheet) error {
	s.Mode, s.Made = e.Mode, e.Made
	t := text.New(s.Language)
	b, err := newBook(t, s, t.T("paper.evidence", number(e.Sale.ID)))
	if err != nil {
		return err
	}
	b.sale(e.Sale)
	b.attempts(e.Sale)
	b.lines(e.Lines)
	if err := b.chain(e); err != nil {
		return err
	}
	return finish(w, b.pdf)
}

func (b *book) sale(s app.Sale) {
	b.heading(b.t.T("paper.sale"))
	list := [][2]string{
		{b.t.T("paper.id"), string(s.ID)},
		{b.t.T("paper.state"), b.t.Name(s.State)},
		{b.t.T("paper.owed"), b.t.Amount(s.Amount)},
		{b.t.T("paper.received"), b.t.Amount(s.Received)},
		{b.t.T("paper.refunded"), b.t.Amount(s.Refunded)},
		{b.t.T("paper.created"), b.stamp(s.Created)},
		{b.t.T("paper.by"), plain(s.Operator)},
		{b.t.T("paper.client"), plain(s.Client)},
		{b.t.T("paper.note"), plain(s.Note)},
	}
	if !s.Erased.IsZero() {
		list = append(list, [2]string{b.t.T("paper.erased"), b.stamp(s.Erased)})
	}
	b.pairs(list)
}

// attempts tells every try to collect the sale, and what went back of each.
func (b *book) attempts(s app.Sale) {
	b.heading(b.t.T("paper.attempts"))
	var rows [][]string
	for _, a := range s.Attempts {
		rail := string(a.Rail)
		if b.t.Has("rail." + rail) {
			rail = b.t.T("rail." + rail)
		}
		if a.DeviceLabel != "" {
			rail += ", " + plain(a.DeviceLabel)
		}
		card := strings.TrimSpace(plain(a.CardName) + " " + stars(a.CardLast4))
		rows = append(rows, []string{rail, b.t.Name(a.State), a.OrderID, strings.TrimSpace(plain(a.Reference) + " " + plain(a.AuthCode)), card, b.t.Amount(a.Amount)})
		for _, r := range a.Refunds {
			who := strings.TrimSpace(plain(r.Operator) + ": " + plain(r.Reason))
			rows = append(rows, []string{
				b.t.T("paper.refund"), b.t.T("paper.refund." + string(r.State)), r.OrderID, plain(r.Reference),
				strings.Trim(who, ": "), b.t.Amount(minus(r.Amount)),
			})
		}
	}
	b.table([]column{
		{b.t.T("paper.way"), 2, atLeft},
		{b.t.T("paper.state"), 1.7, atLeft},
		{b.t.T("paper.order"), 2.7, atLeft},
		{b.t.T("receipt.reference"), 2, atLeft},
		{b.t.T("receipt.card"), 1.8, atLeft},
		{b.t.T("paper.amount"), 1.7, atRight},
	}, rows)
}

func stars(last4 string) string {
	if last4 == "" {
		return ""
	}
	return "****" + lastFour(last4)
}

// lines tells what the journal wrote down, line by line: the desk's clock and
// the one since the program started, the provider's time, the hash, and what was
// posted with the result of its verification.
func (b *book) lines(list []app.EvidenceLine) {
	b.heading(b.t.T("paper.journal"))
	b.para(small, b.t.T("paper.journal.sentence"))
	for _, line := range list {
		e := line.Event
		b.room(4 * a4Line)
		b.y += 2
		b.line(b.y)
		head := strconv.FormatInt(e.Seq, 10) + apart + string(e.Kind) + apart + string(e.Source)
		if e.Operator != "" {
			head += apart + plain(e.Operator)
		}
		if !e.Amount.IsZero() {
			head += apart + b.t.Amount(e.Amount)
		}
		b.para(strong, head)
		times := b.local(e.Wall).Format("2006-01-02 15:04:05.000 -07:00") + apart + "+" + e.Mono.Round(time.Millisecond).String()
		if e.Provider != "" {
			times += apart + b.t.T("paper.provider", plain(e.Provider))
		}
		b.para(small, times)
		if e.Reference != "" {
			b.para(small, b.t.T("receipt.reference")+" "+plain(e.Reference))
		}
		if words := facts(told(e)); words != "" {
			b.para(small, plain(words))
		}
		if len(line.Hash) > 0 {
			b.para(small, b.t.T("paper.seal.hash", spaced(hex.EncodeToString(line.Hash))))
		}
		b.posted(line)
	}
}

// apart stands between short words of one line.
const apart = " · "

func (b *book) posted(line app.EvidenceLine) {
	if line.Verified != "" {
		verdict := b.t.T("paper.valid")
		if line.Verified != app.VerifiedValid {
			verdict = b.t.T("paper.invalid", plain(line.Verified))
		}
		b.para(strong, verdict)
	}
	switch {
	case len(line.Raw) == 0:
	case holdsCard(string(line.Raw)):
		b.para(small, b.t.T("paper.withheld"))
	default:
		b.para(small, plain(string(line.Raw)))
	}
}

// chain tells where the chain ended when the evidence was made.
func (b *book) chain(e app.Evidence) error {
	b.heading(b.t.T("paper.chain"))
	state := b.t.T("paper.chain.whole")
	if e.Chain != chainWhole {
		state = b.t.T("paper.chain.broken", plain(e.Chain))
	}
	matrix, err := qr.Matrix(headSeal(e.Mode, e.Head))
	if err != nil {
		return err
	}
	b.code(matrix, []string{state, b.t.T("paper.seal.line", e.Head.Seq), b.t.T("paper.seal.hash", spaced(hex.EncodeToString(e.Head.Hash)))})
	return nil
}

// chainWhole is app.Evidence.Chain when nothing is wrong.
const chainWhole = "whole"

// headSeal is what the code of a chain's head says; capitals and digits make it
// small.
func headSeal(m payments.Mode, h app.ChainHead) string {
	return strings.ToUpper(strings.Join([]string{"FRONTDESK", "HEAD", string(m), strconv.FormatInt(h.Seq, 10), hex.EncodeToString(h.Hash)}, ":"))
}
