package app

import (
	"context"
	"slices"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Heard is what the provider's list says of an attempt, or of a refund whose
// OrderID is Refund. Answer.Listed is set, and Answer.Amount is that of the entry.
type Heard struct {
	Sale    SaleID
	Attempt AttemptID
	Refund  string
	Answer  payments.Answer
}

// HearList takes in entries of the provider's list that carry a name of ours,
// and returns how many of them told something new. asOf is the highest Seq of the
// journal before the list was read. An entry is evidence like any other: it is
// checked against what was asked for, used once, and a contradiction is not
// known. That something is not listed is no evidence and is never handed in.
func (t *Till) HearList(ctx context.Context, asOf int64, heard []Heard) (news int, err error) {
	for _, one := range heard {
		if err := t.do(ctx, func() error {
			told, err := t.desk.hear(asOf, one)
			if told {
				news++
			}
			return err
		}); err != nil {
			return news, err
		}
	}
	return news, nil
}

func (d *desk) hear(asOf int64, one Heard) (bool, error) {
	h, err := d.hold(context.WithoutCancel(d.t.life), one.Sale)
	if err != nil || h == nil {
		return false, err
	}
	a, ok := h.attempt(one.Attempt)
	if !ok || !one.Answer.Listed || d.isUnsaved(a.ID) {
		return false, nil
	}
	if one.Refund != "" {
		return d.hearRefund(h, a, one), nil
	}
	if d.presenting(a) {
		return false, nil // the terminal tells by itself how it ends
	}
	e := d.evidence(h, a, asOf, one.Answer)
	if e == nil || !d.changes(h, a, *e) {
		return false, nil
	}
	return true, d.commit([]Event{*e}, nil)
}

// presenting reports whether a payment on a device runs right now.
func (d *desk) presenting(a Attempt) bool {
	return a.Device != "" && a.Live() && a.State != Unknown
}

// hearRefund settles a refund that is not known. One that runs will be answered.
func (d *desk) hearRefund(h *held, a Attempt, one Heard) bool {
	i := slices.IndexFunc(a.Refunds, func(r Refund) bool { return r.OrderID == one.Refund && r.State == RefundUnknown })
	if i < 0 || one.Answer.Outcome != payments.Refunded || one.Answer.Amount != a.Refunds[i].Amount {
		return false
	}
	order := RefundOrder{OrderID: one.Refund, Amount: a.Refunds[i].Amount}
	d.refundHeard(h, a.ID, h.jobs[a.ID], order, one.Answer)
	return true
}

// changes reports whether the event would change the attempt.
func (d *desk) changes(h *held, a Attempt, e Event) bool {
	e.Seq, e.Wall, e.Mono = d.head+1, d.t.cfg.Now().UTC(), d.t.cfg.Mono()
	after, _ := (&held{sale: Fold(append(h.events[:len(h.events):len(h.events)], e))}).attempt(a.ID)
	return after.State != a.State || after.Reference != a.Reference || after.Reason != a.Reason
}

// Adoption is an entry of the provider's list that nobody here has begun.
// Reference is the one of the entry.
type Adoption struct {
	Reference   string
	OrderID     string // that the entry names; empty for none. A notice about it that comes late is about this payment
	Amount      money.Amount
	Rail        payments.Rail
	Device      string // of terminals
	DeviceLabel string
	Last4       string
	Provider    string // the provider's own time text
	Raw         []byte

	// Attempt is of AdoptRefund: the payment that the entry names; empty when it
	// tells none, or several.
	Attempt AttemptID
	// AsOf is the highest Seq of the journal before the entry was compared with it: a
	// line since may be about the same money. 0: nothing was compared.
	AsOf int64
}

// Adopt makes a paid sale of an entry of the provider's list, with the name of
// whoever did it. The entry is used once, here and in the database, and not while
// it may be that of a payment on the same terminal whose end is not known. Codes
// adopt.gone (ErrMoved), adopt.used, adopt.open, amount.*, operator.*.
func (t *Till) Adopt(ctx context.Context, ad Adoption, by Actor) (SaleID, error) {
	if err := ad.Amount.Payable(); err != nil || ad.Reference == "" {
		return "", refuse("adopt", "amount.zero", err)
	}
	name, err := t.allow(ctx, "adopt", by, operators.Charge, ad.Amount)
	if err != nil {
		return "", err
	}
	var id SaleID
	err = t.do(ctx, func() (err error) {
		id, err = t.desk.adopt(ad, name)
		return err
	})
	return id, err
}

func (d *desk) adopt(ad Adoption, operator string) (SaleID, error) {
	if d.moved(ad) {
		return "", refuse("adopt", "adopt.gone", ErrMoved)
	}
	found, err := d.t.cfg.Journal.Sales(context.WithoutCancel(d.t.life), Query{Reference: ad.Reference, Limit: 1})
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return "", refuse("adopt", "adopt.used", nil)
	}
	if d.mayBeOurs(ad) {
		return "", refuse("adopt", "adopt.open", nil)
	}
	var names [2]string
	for i := range names {
		if names[i], err = payments.Draw(d.t.cfg.Entropy, idLength); err != nil {
			return "", err
		}
	}
	order, err := d.adoptedOrder(ad)
	if err != nil {
		return "", err
	}
	id, attempt := SaleID(names[0]), AttemptID(names[1])
	return id, d.commit([]Event{
		{
			Sale: id, Source: FromList, Kind: SaleOpened, Amount: ad.Amount, Operator: operator,
			Data: encode(SaleData{Lines: []Line{{Amount: ad.Amount}}}),
		},
		{
			Sale: id, Attempt: attempt, Source: FromList, Kind: AttemptIntended, Amount: ad.Amount, Operator: operator,
			Data: encode(IntentData{Rail: ad.Rail, OrderID: order, Device: ad.Device, DeviceLabel: ad.DeviceLabel}),
		},
		{
			Sale: id, Attempt: attempt, Source: FromList, Kind: PaymentSeen, Reference: ad.Reference, Amount: ad.Amount, Provider: ad.Provider,
			Data: encode(EvidenceData{OrderID: order, CardLast4: ad.Last4, Raw: ad.Raw}),
		},
	}, nil)
}

// adoptedOrder is the order that the entry names when nothing here has it, else one
// that is never sent anywhere and names the sale in lists.
func (d *desk) adoptedOrder(ad Adoption) (string, error) {
	if isOrder(d.t.cfg.Mode, ad.OrderID) {
		h, _, err := d.find(context.WithoutCancel(d.t.life), ad.OrderID)
		if err != nil || h == nil {
			return ad.OrderID, err
		}
	}
	return drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode)
}

// moved reports whether something was written down since the entry was compared.
func (d *desk) moved(ad Adoption) bool { return ad.AsOf != 0 && d.head > ad.AsOf }

// mayBeOurs reports whether the entry may belong to a payment that was begun here
// on a terminal and has not ended as far as we know. What it comes to may be more
// than was asked for: customers add tips on terminals.
func (d *desk) mayBeOurs(ad Adoption) bool {
	for _, h := range d.sales {
		for _, a := range h.sale.Attempts {
			if a.Device != "" && a.Live() && (ad.Device == "" || ad.Device == a.Device) &&
				ad.Rail != payments.RailLink && ad.Amount.Currency == a.Amount.Currency && ad.Amount.Minor >= a.Amount.Minor {
				return true
			}
		}
	}
	return false
}

// adopted reports whether an attempt was made of an entry of the list. The names
// of the list are not those by which money is asked back online: an IPCRefund that
// carried one would be about nobody's payment, or about somebody else's.
func (h *held) adopted(id AttemptID) bool {
	return slices.ContainsFunc(h.events, func(e Event) bool {
		return e.Attempt == id && e.Kind == AttemptIntended && e.Source == FromList
	})
}
