package till

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// How long each step of Test connection may take.
const (
	accountWithin = 25 * time.Second
	notifyWithin  = 20 * time.Second
	apiWithin     = 20 * time.Second
)

// trial is one run of Test connection.
type trial struct {
	desk *Desk
	tell func(setup.Row)
	rows []setup.Row
	ctx  context.Context
}

// TestConnection tries a draft step by step. No money moves and nothing is kept
// but a pairing, which the Save after it uses. row is called, in the order of
// the steps, for every change of a row; the rows returned are the last ones.
func (d *Desk) TestConnection(ctx context.Context, draft setup.Draft, row func(setup.Row)) []setup.Row {
	t := &trial{desk: d, tell: row, ctx: ctx}
	for _, step := range setup.Steps() {
		t.rows = append(t.rows, setup.Row{Step: step, Result: setup.Waiting})
	}
	p, err := d.propose(ctx, draft)
	if err != nil {
		t.refuse(draft, err)
		return t.rows
	}
	w, err := d.wire(p.plan)
	if err != nil {
		t.refuse(draft, err)
		return t.rows
	}
	t.key(w)
	t.certificate(w)
	t.account(w)
	t.notify(w, p)
	t.token(w)
	t.devices(w)
	t.cloud(w)
	d.watch.tested(t.result(setup.StepAccount))
	return t.rows
}

// show replaces a row.
func (t *trial) show(row setup.Row) {
	for i := range t.rows {
		if t.rows[i].Step == row.Step {
			t.rows[i] = row
		}
	}
	if t.tell != nil {
		t.tell(row)
	}
}

func (t *trial) end(step string, result setup.Result, code string, args ...string) {
	t.show(setup.Row{Step: step, Result: result, Code: code, Args: args})
}

func (t *trial) begin(step string) { t.show(setup.Row{Step: step, Result: setup.Running}) }

func (t *trial) result(step string) setup.Row {
	for _, r := range t.rows {
		if r.Step == step {
			return r
		}
	}
	return setup.Row{}
}

// refuse shows a draft that cannot be tried: each problem at its step.
func (t *trial) refuse(draft setup.Draft, err error) {
	problems := t.desk.Check(draft)
	at := map[string]string{}
	for _, p := range problems {
		step := stepOf(p.Field)
		if at[step] == "" {
			at[step] = p.Code
		}
	}
	if len(problems) == 0 {
		step := setup.StepKey
		if draft.Pair != "" && payments.CodeOf(err) != codeLocked {
			step = setup.StepNotify
		}
		at[step] = payments.CodeOf(err)
	}
	for _, step := range setup.Steps() {
		if code := at[step]; code != "" {
			t.end(step, setup.Fix, code)
		} else {
			t.end(step, setup.Unsure, "check.fields_first")
		}
	}
}

// stepOf is the step at which a problem of a field is shown.
func stepOf(field string) string {
	switch field {
	case setup.FieldCertificate:
		return setup.StepCertificate
	case setup.FieldSID, setup.FieldWallet, setup.FieldKeyIndex:
		return setup.StepAccount
	case setup.FieldRelay, setup.FieldPair:
		return setup.StepNotify
	case setup.FieldClientID, setup.FieldClientSecret:
		return setup.StepToken
	}
	if strings.HasPrefix(field, "Cloud.") {
		return setup.StepCloud
	}
	return setup.StepKey
}

// key signs and verifies offline.
func (t *trial) key(w *wires) {
	switch {
	case w.store.Key == nil:
		t.end(setup.StepKey, setup.NotUsed, "")
	case !w.store.Key.Proves():
		t.end(setup.StepKey, setup.Fix, "key.damaged")
	default:
		t.end(setup.StepKey, setup.Works, "", strconv.Itoa(w.store.Key.Bits()))
	}
}

func (t *trial) certificate(w *wires) {
	c, now := w.store.Certificate, t.desk.cfg.Now()
	switch {
	case c == nil:
		t.end(setup.StepCertificate, setup.NotUsed, "")
	case w.store.Key != nil && c.Certifies(w.store.Key):
		t.end(setup.StepCertificate, setup.Fix, "certificate.own")
	case now.After(c.NotAfter()):
		t.end(setup.StepCertificate, setup.Fix, "certificate.expired")
	case now.Before(c.NotBefore()):
		t.end(setup.StepCertificate, setup.Fix, "certificate.early")
	default:
		t.end(setup.StepCertificate, setup.Works, "", c.NotAfter().Format(time.DateOnly))
	}
}

// account asks myPOS about an order that cannot exist.
func (t *trial) account(w *wires) {
	if w.provider == nil {
		t.end(setup.StepAccount, setup.NotUsed, "")
		return
	}
	t.begin(setup.StepAccount)
	order, err := t.desk.probeOrder()
	if err != nil {
		t.end(setup.StepAccount, setup.Unsure, "check.cut")
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, accountWithin)
	defer cancel()
	t.show(setup.Judge(w.provider.Try(ctx, order, t.desk.cfg.Now), t.desk.cfg.Mode))
}

// probeOrder names an order that cannot exist.
func (d *Desk) probeOrder() (string, error) {
	random, err := payments.Draw(d.cfg.Entropy, 16)
	return "TEST" + random, err
}

// notify proves the way from the public notify address to this desk.
func (t *trial) notify(w *wires, p proposal) {
	account := t.result(setup.StepAccount)
	switch {
	case w.provider == nil:
		t.end(setup.StepNotify, setup.NotUsed, "")
		return
	case w.inbox == nil:
		t.end(setup.StepNotify, setup.Unsure, "check.no_relay")
		return
	case account.Result == setup.Fix && p.next.SID != p.before.SID:
		// The relay ties a place to the first store it hears of.
		t.end(setup.StepNotify, setup.Unsure, "check.account_first")
		return
	}
	t.begin(setup.StepNotify)
	ctx, cancel := context.WithTimeout(t.ctx, notifyWithin)
	defer cancel()
	now := t.desk.socket.now()
	if p.before.RelayDesk == p.next.RelayDesk && now.inbox != nil {
		t.show(setup.JudgeRelay(probe(ctx, now.relay)))
		return
	}
	t.show(setup.JudgeRelay(roundTrip(ctx, w)))
}

// roundTrip opens a stream of its own and probes through it. Notices that come
// are left where they are.
func roundTrip(ctx context.Context, w *wires) error {
	if err := w.relay.PutStore(ctx, w.keeper.store); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.relay.Run(ctx, payments.Position{}, func(ctx context.Context, _ relay.Delivery) error {
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	err := probe(ctx, w.relay)
	cancel()
	<-ended
	return err
}

// probe sends one probe as soon as the stream is there.
func probe(ctx context.Context, c *client.Client) error {
	for {
		err := c.Probe(ctx)
		if err == nil || !errors.Is(err, payments.ErrUnreachable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(catchupEach):
		}
	}
}

func (t *trial) token(w *wires) {
	if w.merchant == nil {
		t.end(setup.StepToken, setup.NotUsed, "")
		return
	}
	t.begin(setup.StepToken)
	ctx, cancel := context.WithTimeout(t.ctx, apiWithin)
	defer cancel()
	t.show(setup.JudgeAPI(setup.StepToken, w.merchant.Token(ctx)))
}

func (t *trial) devices(w *wires) {
	switch {
	case w.merchant == nil:
		t.end(setup.StepDevices, setup.NotUsed, "")
		return
	case t.result(setup.StepToken).Result == setup.Fix:
		t.end(setup.StepDevices, setup.Unsure, "check.token_first")
		return
	}
	t.begin(setup.StepDevices)
	ctx, cancel := context.WithTimeout(t.ctx, apiWithin)
	defer cancel()
	found, err := w.merchant.Devices(ctx)
	row := setup.JudgeAPI(setup.StepDevices, err)
	if err == nil {
		row.Args = []string{strconv.Itoa(len(found))}
	}
	t.show(row)
}
