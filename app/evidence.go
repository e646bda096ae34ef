package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Evidence is all that the journal knows about one sale, for somebody who does
// not believe the desk: each line with its place in the chain, both clocks, and
// each notice proven again.
type Evidence struct {
	Mode  payments.Mode
	Desk  string
	Made  time.Time
	Sale  Sale
	Lines []EvidenceLine // by Seq
	Head  ChainHead
	Chain string // "whole", or what is wrong with the chain
}

// EvidenceLine is one line of the journal. Event.Wall is the desk's clock,
// Event.Mono that since the program started, Event.Provider the provider's own
// time.
type EvidenceLine struct {
	Event Event
	Hash  []byte // of the line in the chain
	Raw   []byte // as it came in; nil when there is none or it was erased
	// Verified is "valid", "invalid: why" or "unchecked: why" for what the provider
	// has signed, "" for everything else.
	Verified string
}

// VerifiedValid is EvidenceLine.Verified of what has a signature that holds.
const VerifiedValid = "valid"

// Evidence gathers what the journal holds about a sale and walks the chain. It
// takes as long as that takes and holds nothing up. Its error wraps
// errors.ErrUnsupported where the journal has no chain. Codes operator.*,
// sale.missing.
func (t *Till) Evidence(ctx context.Context, id SaleID, by Actor) (Evidence, error) {
	if _, err := t.allow(ctx, "evidence", by, operators.Export, money.Amount{}); err != nil {
		return Evidence{}, err
	}
	chain, ok := t.cfg.Journal.(Prover)
	if !ok {
		return Evidence{}, fmt.Errorf("evidence: %w", errors.ErrUnsupported)
	}
	s, events, err := t.Sale(ctx, id)
	if err != nil {
		return Evidence{}, err
	}
	hashes, head, err := chain.Hashes(ctx, id)
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Mode: t.cfg.Mode, Desk: t.cfg.Desk, Made: t.cfg.Now().UTC(), Sale: s, Head: head}
	signed := map[AttemptID]bool{}
	for _, a := range s.Attempts {
		signed[a.ID] = a.Rail == payments.RailLink
	}
	for _, event := range events {
		line := EvidenceLine{Event: event, Hash: hashes[event.Seq], Raw: decode[words](event).Raw}
		if len(line.Raw) > 0 {
			line.Verified = t.verified(event, line.Raw, signed[event.Attempt])
		}
		e.Lines = append(e.Lines, line)
	}
	e.Chain, err = chain.Whole(ctx)
	return e, err
}

// verified proves again what was signed: notices, and answers of the hosted
// checkout.
func (t *Till) verified(e Event, raw []byte, link bool) string {
	var err error
	switch v := t.cfg.Verifier; {
	case v == nil:
		return ""
	case e.Source == FromNotice:
		err = v.VerifyNotice(raw)
	case e.Source == FromStatus && link:
		err = v.VerifyAnswer(raw)
	default:
		return ""
	}
	switch {
	case err == nil:
		return VerifiedValid
	case errors.Is(err, payments.ErrUnreachable):
		return "unchecked: " + payments.CodeOf(err)
	}
	return "invalid: " + cmp.Or(payments.CodeOf(err), err.Error())
}
