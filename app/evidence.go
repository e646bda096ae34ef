package app

import (
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
	Event    Event
	Hash     []byte // of the line in the chain
	Raw      []byte // as posted; nil when there is none or it was erased
	Verified string // "valid", "invalid: why" or "" for what nobody has signed
}

// VerifiedValid is EvidenceLine.Verified of a notice whose signature holds.
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
	for _, event := range events {
		e.Lines = append(e.Lines, t.evidenceLine(event, hashes[event.Seq]))
	}
	e.Chain, err = chain.Whole(ctx)
	return e, err
}

func (t *Till) evidenceLine(e Event, hash []byte) EvidenceLine {
	line := EvidenceLine{Event: e, Hash: hash, Raw: decode[words](e).Raw}
	if e.Source != FromNotice || len(line.Raw) == 0 || t.cfg.Verifier == nil {
		return line
	}
	line.Verified = VerifiedValid
	if err := t.cfg.Verifier.VerifyNotice(line.Raw); err != nil {
		line.Verified = "invalid: " + err.Error()
	}
	return line
}
