package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// What a refund sends, as RefundPlan.By names it.
const (
	SendsIPCRefund = "IPCRefund" // link: the signed call of the hosted checkout
	SendsReversal  = "REVERSAL"  // terminal: takes its last payment back, no card
	SendsRefund    = "REFUND"    // terminal: the customer presents the card
	SendsREST      = "REST"      // terminal: through the myPOS account, no card
	SendsPortal    = "portal"    // nothing is sent: it is given back in the myPOS portal
	SendsDrawer    = "drawer"    // nothing is sent: the money comes out of the drawer
)

// RefundPlan is what a refund would send, without sending it. OrderID is drawn
// for it and used once: RefundRequest.OrderID hands it back.
type RefundPlan struct {
	Attempt AttemptID
	Rail    payments.Rail
	Way     RefundWay    // the way it would take; empty on rails that have one only
	Ways    []RefundWay  // that are open now, the default first
	Amount  money.Amount // as asked for, or what is to be given back
	Left    money.Amount // of the attempt, refunds that are not known counted as done
	OrderID string

	Reference       string // of the payment
	PurchaseOrderID string
	CardLast4       string
	CardName        string
	Device          string // the refund runs on
	DeviceLabel     string
	NeedsPIN        bool
	By              string // what is sent, see SendsIPCRefund and the others; empty while one is listed that is not noted
	Block           error  // why it cannot be done now; its code has a sentence
}

// RefundPlan says what Refund would send for the request and what stands in its
// way. A zero Amount asks for what is to be given back: what an overpaid sale has
// received too much, else all that is left. Nothing is written down. The error is
// about the sale (sale.missing); what forbids the refund is in Block.
func (t *Till) RefundPlan(ctx context.Context, id SaleID, r RefundRequest) (RefundPlan, error) {
	var p RefundPlan
	err := t.do(ctx, func() (err error) {
		p, err = t.desk.planRefund(id, r)
		return err
	})
	if err != nil {
		return RefundPlan{}, err
	}
	p.NeedsPIN = t.needsPIN(r.Actor.Operator, operators.RefundUpTo)
	return p, nil
}

// needsPIN reports whether the operator will be asked for a PIN.
func (t *Till) needsPIN(operator string, right operators.Right) bool {
	if a, ok := t.cfg.Authority.(PINAsker); ok {
		return a.NeedsPIN(operator, right)
	}
	return t.cfg.Authority != nil
}

func (d *desk) planRefund(id SaleID, r RefundRequest) (RefundPlan, error) {
	h, err := d.known("refund", id)
	if err != nil {
		return RefundPlan{}, err
	}
	if r.Amount == (money.Amount{}) {
		r = prefilled(h.sale, r)
	}
	a, block := d.allowed(h, r)
	if block != nil && a.ID == "" {
		a = nearest(h.sale, r.Attempt)
	}
	m, err := d.means(h, a, r)
	if block == nil {
		block = err
	}
	p := RefundPlan{
		Attempt: a.ID, Rail: a.Rail, Way: m.way, Ways: m.ways, Amount: r.Amount, Left: money.Amount{Minor: a.Left(), Currency: h.sale.Amount.Currency},
		Reference: a.Reference, PurchaseOrderID: a.OrderID, CardLast4: a.CardLast4, CardName: a.CardName,
		By: sends(a.Rail, m.way), Block: block, OrderID: r.OrderID,
	}
	if a.Device != "" {
		r.Way = m.way
		p.Device, p.DeviceLabel = refundsOn(a, r), a.DeviceLabel
		p.DeviceLabel = d.labelOf(a, p.Device)
	}
	switch payments.CodeOf(block) {
	case "refund.portal":
		p.By = SendsPortal
	case codeListed:
		p.By = "" // in the portal neither
	}
	if p.OrderID == "" {
		p.OrderID, err = drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode)
	}
	return p, err
}

// labelOf is what a device is called: as it was when it took the payment, or as
// it is now.
func (d *desk) labelOf(a Attempt, device string) string {
	if p, ok := d.presenter(a.Rail); ok && device != a.Device {
		if dev, err := p.Device(device); err == nil {
			return dev.Label
		}
	}
	return a.DeviceLabel
}

// prefilled fills in what is to be given back.
func prefilled(s Sale, r RefundRequest) RefundRequest {
	if a, over, ok := s.Surplus(); ok && (r.Attempt == "" || r.Attempt == a.ID) {
		r.Attempt, r.Amount = a.ID, over
		return r
	}
	a := nearest(s, r.Attempt)
	r.Amount = money.Amount{Minor: a.Left(), Currency: s.Amount.Currency}
	if !s.returning(a.ID) {
		r.Attempt = a.ID
	}
	return r
}

// nearest is the attempt a refund that cannot be done is about: the one that was
// named, else the newest that has something left, else the newest.
func nearest(s Sale, id AttemptID) Attempt {
	var last Attempt
	for _, a := range slices.Backward(s.Attempts) {
		switch {
		case id != "" && a.ID == id, id == "" && a.Left() > 0:
			return a
		case last.ID == "":
			last = a
		}
	}
	return last
}

// means is how a refund would be given.
type means struct {
	rail Refunder // nil for cash
	way  RefundWay
	ways []RefundWay
}

// means checks everything about a refund but its amount, before anything is
// written down.
func (d *desk) means(h *held, a Attempt, r RefundRequest) (m means, err error) {
	if err := checkRefund(d.t.cfg.Mode, r); err != nil {
		return m, err
	}
	if a.Rail == payments.RailLink && (h.adopted(a.ID) || h.hearsay(a.ID)) {
		return m, refuse("refund", "refund.portal", nil)
	}
	if a.Rail == payments.RailCash {
		m.way, m.ways = RefundCash, []RefundWay{RefundCash}
	} else if err := d.meansOf(h, a, r, &m); err != nil {
		return m, err
	}
	switch {
	case r.Way == "":
	case r.Way == RefundReversal && r.Amount != a.Amount:
		return m, refuse("refund", "refund.whole", nil)
	case len(m.ways) > 0 && !slices.Contains(m.ways, r.Way), len(m.ways) == 0 && (a.Device == "" || r.Way == RefundCash):
		return m, refuse("refund", whyNot(a, r.Way), nil)
	default:
		m.way = r.Way
	}
	if a.Device == "" || m.way == RefundOnline {
		return m, nil
	}
	return m, d.free("refund", refundsOn(a, r), "")
}

// whyNot is the code of why a way is not open.
func whyNot(a Attempt, way RefundWay) string {
	switch {
	case a.Device != "" && way == RefundOnline:
		return "refund.account"
	case a.Device != "" && way == RefundReversal:
		return "terminal.not_last"
	}
	return "refund.way"
}

// meansOf asks the rail of the attempt.
func (d *desk) meansOf(h *held, a Attempt, r RefundRequest, m *means) error {
	var ok bool
	if m.rail, ok = d.rails[a.Rail].(Refunder); !ok {
		return refuse("refund", noRefunds(a.Rail), nil)
	}
	planner, ok := m.rail.(RefundPlanner)
	if !ok {
		return nil
	}
	ways, err := planner.RefundWays(orderOf(h, a, r))
	if err != nil {
		return refuse("refund", cmp.Or(payments.CodeOf(err), "rail.missing"), err)
	}
	if a.Device != "" && d.notLast(a) {
		ways = slices.DeleteFunc(ways, func(w RefundWay) bool { return w == RefundReversal })
	}
	if len(ways) > 0 {
		m.ways, m.way = ways, ways[0]
	}
	return nil
}

// notLast reports whether the device is known to have taken another payment
// since: it takes back its last one only.
func (d *desk) notLast(a Attempt) bool {
	newest, err := d.t.cfg.Journal.Sales(context.WithoutCancel(d.t.life), Query{Device: a.Device, Limit: 1})
	if err != nil || len(newest) == 0 {
		return false // the terminal will say
	}
	return slices.ContainsFunc(newest[0].Attempts, func(o Attempt) bool {
		return o.ID != a.ID && o.Device == a.Device && o.Offered.After(a.Offered) &&
			slices.Contains([]State{Paid, PaidLate, PartRefunded, Refunded}, o.State)
	})
}

// checkRefund checks what was typed.
func checkRefund(mode payments.Mode, r RefundRequest) error {
	switch {
	case !utf8.ValidString(r.Reason):
		return refuse("refund", "text.encoding", nil)
	case utf8.RuneCountInString(r.Reason) > maxNote:
		return refuse("refund", "text.limit", nil)
	case holdsCardNumber(r.Reason):
		return refuse("refund", "note.card", nil)
	case r.OrderID != "" && !isOrder(mode, r.OrderID):
		return refuse("refund", "refund.repeated", nil)
	}
	return nil
}

// isOrder reports whether the text has the form of an OrderID of the mode.
func isOrder(mode payments.Mode, s string) bool {
	const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	return len(s) == 1+orderDrawn && s[0] == mode.OrderLetter() && strings.Trim(s[1:], crockford) == ""
}

// sends names what leaves for a refund.
func sends(rail payments.Rail, way RefundWay) string {
	switch {
	case rail == payments.RailCash:
		return SendsDrawer
	case rail == payments.RailRequest:
		return SendsPortal
	case way == RefundOnline:
		return SendsREST
	case way == RefundReversal:
		return SendsReversal
	case rail == payments.RailTerminal || rail == payments.RailCloud:
		return SendsRefund
	}
	return SendsIPCRefund
}

// noRefunds is why a rail cannot give money back.
func noRefunds(r payments.Rail) string {
	if r == payments.RailRequest {
		return "refund.portal"
	}
	return "rail.missing"
}
