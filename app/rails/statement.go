package rails

import (
	"context"
	"slices"
	"strings"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
)

// Statement is the list of transactions of the myPOS account.
type Statement interface {
	Transactions(ctx context.Context, q merchant.Query) ([]merchant.Transaction, merchant.Paging, error)
	Details(ctx context.Context, references ...string) ([]merchant.Details, error)
}

const (
	// maxPages and maxCandidates bound a search; what is not found by then proves
	// nothing anyway.
	maxPages      = 20
	maxCandidates = 50
	perQuestion   = 5 // references that one question about details may name
)

// RefundInList searches the account for a refund whose answer was lost: a debit
// of exactly its amount that carries its own OrderID, which stands in no other
// order. Absent says that none was found, and proves nothing.
func RefundInList(ctx context.Context, s Statement, r app.RefundOrder) (payments.Answer, error) {
	from := r.Begun.Add(-day) // a day for a zone that is not told
	var unread []string
	read := 0
	for page := 1; page <= maxPages; page++ {
		list, p, err := s.Transactions(ctx, merchant.Query{Page: page, Size: listSize, From: from})
		if err != nil {
			return payments.Answer{}, unsure(err)
		}
		for _, t := range list {
			switch {
			case t.Sign != merchant.Debit || t.Original != r.Amount || !t.Date.IsZero() && t.Date.Before(from):
			case slices.ContainsFunc(t.Texts, func(text string) bool { return names(text, r.OrderID) }):
				return givenBack(r, t.Reference, t.Raw), nil
			case t.Reference != "" && len(unread) < maxCandidates:
				unread = append(unread, t.Reference)
			}
		}
		read += len(list)
		if p.Ended(len(list), len(list), read) {
			break
		}
	}
	for some := range slices.Chunk(unread, perQuestion) {
		told, err := s.Details(ctx, some...)
		if err != nil {
			return payments.Answer{}, unsure(err)
		}
		for _, d := range told {
			if !d.Fee && slices.ContainsFunc(d.Lines, func(l merchant.Line) bool { return names(l.Value, r.OrderID) }) {
				return givenBack(r, d.Reference, d.Raw), nil
			}
		}
	}
	return payments.Answer{Outcome: payments.Absent, OrderID: r.OrderID}, nil
}

// names reports whether an OrderID stands in a text as a word of its own.
func names(text, orderID string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}), orderID)
}

func givenBack(r app.RefundOrder, reference string, raw []byte) payments.Answer {
	return payments.Answer{
		Outcome: payments.Refunded, OrderID: r.OrderID, Reference: reference, Amount: r.Amount, Listed: true, Raw: raw,
	}
}
