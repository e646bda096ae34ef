package rails

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/app/reconcile"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
)

// Slips lists the payments of card terminals, which tell more of a line than the
// statement: the card's last four and the retrieval reference.
type Slips interface {
	DeviceTransactions(ctx context.Context, q merchant.DeviceTransactionQuery) ([]merchant.DeviceTransaction, merchant.Paging, error)
}

// List reads the account's list of transactions for a comparison with the
// journal. What the account has told about a line is asked once. Its methods may
// be called from any goroutine, one at a time.
type List struct {
	statement func() Statement

	mu   sync.Mutex
	told map[string]merchant.Details // by reference
}

// NewList returns a list; statement returns nil while the account is not
// connected. A Statement that is also Slips is asked for those, too.
func NewList(statement func() Statement) *List {
	return &List{statement: statement, told: map[string]merchant.Details{}}
}

// Bounds of one reading: a salon of three days is far below them.
const (
	listPages   = 100
	listDetails = 2000
)

// Read returns the lines since then, and a day before it for a zone that is not
// told, newest first. All of them, or an error: match.off (not connected),
// match.pages (more than can be read), and those of package merchant.
func (l *List) Read(ctx context.Context, since time.Time) ([]reconcile.Line, error) {
	const op = "rails.list.read"
	s := l.statement()
	if s == nil {
		return nil, refuse(op, "match.off")
	}
	since = since.Add(-day)
	raw, err := statementSince(ctx, s, since)
	if err != nil {
		return nil, err
	}
	slips, err := slipsSince(ctx, s, since)
	if err != nil {
		return nil, err
	}
	told, err := l.details(ctx, s, raw)
	if err != nil {
		return nil, err
	}
	lines := make([]reconcile.Line, 0, len(raw))
	for _, t := range raw {
		lines = append(lines, lineOf(t, slips[t.Reference], told[t.Reference]))
	}
	return lines, nil
}

// statementSince reads the statement page by page. Lines that come in meanwhile
// push others onto the next page: those are read once.
func statementSince(ctx context.Context, s Statement, since time.Time) ([]merchant.Transaction, error) {
	var list []merchant.Transaction
	seen := map[string]bool{}
	read := 0
	for page := 1; page <= listPages; page++ {
		items, p, err := s.Transactions(ctx, merchant.Query{Page: page, Size: listSize, From: since})
		if err != nil {
			return nil, err
		}
		fresh := 0
		for _, t := range items {
			key := cmp.Or(t.ID, string(t.Raw))
			if seen[key] {
				continue
			}
			seen[key] = true
			if t.Date.IsZero() || !t.Date.Before(since) {
				list, fresh = append(list, t), fresh+1
			}
		}
		read += len(items)
		if p.Ended(len(items), fresh, read) {
			return list, nil
		}
	}
	return nil, &payments.Error{Op: "rails.list.read", Code: "match.pages", Err: errors.New("the list does not end")}
}

// slipsSince reads the payments of terminals by their reference. An account
// without that call has none.
func slipsSince(ctx context.Context, s Statement, since time.Time) (map[string]merchant.DeviceTransaction, error) {
	slips, ok := s.(Slips)
	if !ok {
		return nil, nil
	}
	by := map[string]merchant.DeviceTransaction{}
	read := 0
	for page := 1; page <= listPages; page++ {
		items, p, err := slips.DeviceTransactions(ctx, merchant.DeviceTransactionQuery{
			Page: page, Size: listSize, From: since, To: since.Add(maxDays * day),
		})
		if code := payments.CodeOf(err); code == "rest.403" || code == "rest.404" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		before := len(by)
		for _, t := range items {
			by[t.Reference] = t
		}
		read += len(items)
		if p.Ended(len(items), len(by)-before, read) {
			break
		}
	}
	delete(by, "") // whose it is is not told
	return by, nil
}

// maxDays is how many days of terminals are asked for at most.
const maxDays = 31

// details asks what the account tells about lines that carry no order of ours.
func (l *List) details(ctx context.Context, s Statement, raw []merchant.Transaction) (map[string]merchant.Details, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := map[string]merchant.Details{}
	var ask []string
	for _, t := range raw {
		known, ok := l.told[t.Reference]
		switch {
		case ok:
			told[t.Reference] = known
		case t.Reference != "" && kindOf(t, merchant.Details{}) != reconcile.Fee && !slices.ContainsFunc(t.Texts, reconcile.IsOrder):
			ask = append(ask, t.Reference)
		}
	}
	slices.Sort(ask)
	ask = slices.Compact(ask)
	if len(ask) > listDetails {
		return nil, &payments.Error{Op: "rails.list.read", Code: "match.pages", Err: errors.New("too many lines to ask about")}
	}
	for some := range slices.Chunk(ask, perQuestion) {
		got, err := s.Details(ctx, some...)
		if err != nil {
			return nil, err
		}
		for _, d := range got {
			if slices.Contains(some, d.Reference) {
				told[d.Reference] = d
			}
		}
	}
	l.told = told // what is not listed any more is forgotten
	return told, nil
}

// lineOf puts a line into the words of a comparison.
func lineOf(t merchant.Transaction, slip merchant.DeviceTransaction, d merchant.Details) reconcile.Line {
	l := reconcile.Line{
		Key:       cmp.Or(t.ID, t.Reference, string(t.Raw)),
		Reference: cmp.Or(t.Reference, t.ID), Kind: kindOf(t, d), Reversal: d.Reversal || has(t.Operation, "revers"),
		Amount: t.Original, At: t.Date, When: t.When, Terminal: cmp.Or(t.TerminalID, slip.TerminalID), Last4: slip.CardLast4,
		Texts: slices.Clone(t.Texts), Raw: t.Raw,
	}
	if l.Amount.Minor < 0 {
		l.Amount.Minor = -l.Amount.Minor
	}
	for _, text := range []string{slip.ReferenceNumber, slip.RRN} {
		if text != "" {
			l.Texts = append(l.Texts, text)
		}
	}
	for _, line := range d.Lines {
		l.Texts = append(l.Texts, line.Value)
	}
	if l.Amount == (money.Amount{}) {
		l.Kind = reconcile.Other // an amount that cannot be read compares with nothing
	}
	return l
}

// kindOf reads what kind of line it is. Types beyond 003 are not published, so
// the words of the operation are read, too: what they do not name is a payment.
func kindOf(t merchant.Transaction, d merchant.Details) reconcile.Kind {
	switch {
	case d.Fee, t.Type == "001", has(t.Operation, "fee"):
		return reconcile.Fee
	case t.Type == "002", t.Type == "003", t.Sign == "", has(t.Operation, "transfer", "payout", "withdrawal", "top-up"):
		return reconcile.Other
	case t.Sign == merchant.Debit:
		return reconcile.Out
	}
	return reconcile.In
}

func has(text string, words ...string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
