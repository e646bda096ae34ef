package merchant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Want says which credit proves that a payment request was paid. Text is its
// booking text: at least 12 ASCII letters and digits, nothing else, unique to
// the request. Amount is what was asked for. Since is when the request was
// made; how far clocks and zones may be apart is allowed for.
type Want struct {
	Text   string
	Amount money.Amount
	Since  time.Time
}

const (
	// slack is how much older than Since a line may look: a day for a zone that
	// was not told.
	slack = 24 * time.Hour
	// minToken is the shortest booking text that cannot stand in a list by chance.
	minToken = 12
)

// FindCredit looks through the transactions since Want.Since, newest first, for
// credits of exactly the original amount and currency that carry the booking
// text as a word of its own, letter by letter: in a text of the line, or, for
// lines that show no such text, in their details. Fees and reversals do not
// count. It returns all that fit, oldest first, so that a caller can use each
// once; none and no error means that the whole list was read and holds none,
// which proves nothing.
func (c *Client) FindCredit(ctx context.Context, w Want) ([]Transaction, error) {
	const op = "merchant.find"
	if !token12(w.Text) {
		return nil, fieldFault(op, "rest.text", "a booking text must be 12 or more letters and digits")
	}
	if err := w.Amount.Payable(); err != nil {
		return nil, fieldFault(op, err.Error(), "amount")
	}
	if w.Since.IsZero() {
		return nil, fieldFault(op, "rest.field", "no start")
	}
	candidates, err := c.candidates(ctx, op, w)
	if err != nil {
		return nil, err
	}
	told, err := c.told(ctx, candidates)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(candidates, func(t Transaction) bool {
		d := told[t.Reference]
		return d.Reversal || d.Fee || !t.carries(w.Text) && !d.carries(w.Text)
	})
	slices.SortStableFunc(found, func(a, b Transaction) int { return a.Date.Compare(b.Date) })
	return found, nil
}

func token12(text string) bool {
	return len(text) >= minToken && len(text) <= 64 && strings.IndexFunc(text, func(r rune) bool { return !wordRune(r) }) < 0
}

// candidates are the lines since the start whose way, amount and currency fit.
func (c *Client) candidates(ctx context.Context, op string, w Want) ([]Transaction, error) {
	from := w.Since.Add(-slack)
	var list []Transaction
	seen := map[string]bool{}
	read := 0
	for page := 1; page <= maxPages; page++ {
		items, p, err := c.Transactions(ctx, Query{Page: page, Size: pageSize, From: from})
		if err != nil {
			return nil, err
		}
		fresh, old := 0, 0
		for _, t := range items {
			if seen[t.key()] {
				continue
			}
			seen[t.key()] = true
			fresh++
			if !t.Date.IsZero() && t.Date.Before(from) {
				old++
				continue
			}
			if t.Sign == Credit && t.Original == w.Amount && t.Type != typeFee {
				list = append(list, t)
			}
		}
		read += len(items)
		// Newest first: a page of older lines only means that the rest is older.
		if p.Ended(len(items), fresh, read) || old == fresh {
			return list, nil
		}
	}
	return nil, endless(op)
}

// typeFee is the transaction type of a fee.
const typeFee = "001"

func (t Transaction) key() string {
	if t.ID == "" {
		return string(t.Raw)
	}
	return t.ID
}

// carries reports whether a text of the line holds the token.
func (t Transaction) carries(token string) bool {
	return slices.ContainsFunc(t.Texts, func(text string) bool { return holds(text, token) })
}

// holds reports whether token stands in text as a word of its own.
func holds(text, token string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(r rune) bool { return !wordRune(r) }), token)
}

// wordRune reports whether r is part of a word of a booking text.
func wordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// carries reports whether a value of the details holds the token.
func (d Details) carries(token string) bool {
	return slices.ContainsFunc(d.Lines, func(l Line) bool { return holds(l.Value, token) })
}

// told asks for the details of lines, by payment reference. Lines without a
// reference, and those whose details the account does not give out, have none.
func (c *Client) told(ctx context.Context, lines []Transaction) (map[string]Details, error) {
	told := map[string]Details{}
	var references []string
	for _, t := range lines {
		_, ok := pathPart(t.Reference)
		if ok && !strings.Contains(t.Reference, ",") && !slices.Contains(references, t.Reference) {
			references = append(references, t.Reference)
		}
	}
	for batch := range slices.Chunk(references, maxDetails) {
		list, err := c.Details(ctx, batch...)
		switch code := payments.CodeOf(err); {
		case errors.Is(err, payments.ErrRefused) && (code == "rest.403" || code == "rest.404"):
			continue
		case err != nil:
			return nil, err
		}
		for _, d := range list {
			if slices.Contains(batch, d.Reference) {
				told[d.Reference] = d
			}
		}
	}
	return told, nil
}
