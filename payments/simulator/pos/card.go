package pos

import (
	"errors"
	"slices"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// cardRead is what the card holder's card and choices came to.
type cardRead struct {
	entry string // ENTRY_MODE: P contactless, C chip
	cvm   string
	last4 string
	dcc   bool
	asked bool // a PIN was asked
}

// offlineTries is how often a card's chip lets its PIN be tried.
const offlineTries = 3

// failure is an end brought about at the terminal: nothing was charged.
type failure struct{ status int }

func (failure) Error() string { return "nothing was charged" }

// card is PURCHASE and REFUND: a card is presented, perhaps a currency chosen
// and a PIN typed, and the bank asked.
func (o *operation) card() error {
	err := o.present()
	var f failure
	switch {
	case errors.As(err, &f):
		return o.fail(f.status)
	case errors.Is(err, errCancelled):
		return o.fail(statusCancelled)
	case err != nil:
		return err
	}
	o.screen(ScreenWait)
	if err := o.wait(o.t.Pace.Host); err != nil {
		return err
	}
	return o.settle(o.outcome())
}

// present goes from the accepted request to a card that may be charged.
func (o *operation) present() error {
	if err := o.accept(); err != nil {
		return err
	}
	if o.t.Switches().Slave {
		return o.relay()
	}
	if err := o.wait(o.t.Pace.Step); err != nil {
		return err
	}
	if o.play.Outcome.NotEnabled {
		return o.stop(2, statusCancelled)
	}
	act, err := o.cardIn()
	if err != nil {
		return err
	}
	if err := o.wait(o.t.Pace.Step); err != nil {
		return err
	}
	if act == ActForeign || o.play.Outcome.DCC {
		if err := o.currency(); err != nil {
			return err
		}
	}
	switch act {
	case ActInsert, ActForeign:
		return o.pinOffline()
	case ActInsertLive:
		return o.pinOnline()
	}
	return nil
}

// accept tells that the request was taken; in slave mode also where the till is
// to connect for it.
func (o *operation) accept() error {
	more := []terminal.Field{number("CURRENT_VERSION", int64(o.t.Switches().version()))}
	if o.t.Switches().Slave {
		more = append(more, field("IP", "pos1.mypos.com"), field("PORT", "3012"),
			field("CHAIN", "01234567890123456789;"))
	}
	return o.tell(1, statusOK, more...)
}

// relay waits in vain for a till that relays the bank's bytes.
func (o *operation) relay() error {
	if err := o.wait(40 * time.Second); err != nil {
		return err
	}
	return failure{statusLink}
}

// stop tells that the customer's part failed, and ends in the same status.
func (o *operation) stop(stage, status int) error {
	if err := o.tell(stage, status); err != nil {
		return err
	}
	if err := o.wait(o.t.Pace.Step); err != nil {
		return err
	}
	return failure{status}
}

// cardIn shows "present card" until one is read.
func (o *operation) cardIn() (Act, error) {
	o.arm(ScreenCard, asksCard())
	if err := o.tell(11, statusOK); err != nil {
		return "", err
	}
	for {
		act, err := o.await(asksCard())
		switch {
		case errors.Is(err, errTimeout):
			return "", o.stop(2, statusNoCard)
		case err != nil:
			return "", err
		}
		switch act {
		case ActCancel:
			return "", o.stop(2, statusCancelled)
		case ActBroken:
			return "", o.stop(2, statusChip)
		case ActUnsupported:
			o.arm(ScreenCard, asksCard())
			if err := o.tell(2, statusUnsupported); err != nil {
				return "", err
			}
			continue
		}
		o.read = cardRead{entry: "C", cvm: "N", last4: "4242"}
		if act == ActTap {
			o.read.entry, o.read.last4 = "P", "1234"
		}
		o.screen(ScreenWait)
		return act, o.tell(2, statusOK)
	}
}

// rate is the practice exchange rate of DCC: 1 EUR is 1.25 USD.
const rate = 125

// currency offers the card's own currency.
func (o *operation) currency() error {
	decimal, err := o.req.amount.IPP()
	if err != nil {
		return err
	}
	o.arm(ScreenCurrency, asksCurrency())
	home := money.Amount{Minor: o.req.amount.Minor * rate / 100, Currency: money.USD}
	if err := o.tell(12, statusOK,
		field("AMOUNT", decimal), field("CURRENCY", numeric(o.t.Currency)), field("CURRENCY_NAME", string(o.t.Currency)),
		field("DCC_AMOUNT", home.Decimal()), field("DCC_CURRENCY", numeric(home.Currency)),
		field("DCC_CURRENCY_NAME", string(home.Currency)), field("DCC_EXCHANGE_RATE", "1.2500"),
	); err != nil {
		return err
	}
	act, err := o.await(asksCurrency())
	switch {
	case errors.Is(err, errTimeout):
		act = ActLocal
	case err != nil:
		return err
	case act == ActCancel:
		return o.stop(14, statusCancelled)
	}
	o.read.dcc = act == ActHome
	used := "0"
	if o.read.dcc {
		used = "1"
	}
	o.screen(ScreenWait)
	return o.tell(14, statusOK, field("DCC_USED", used))
}

// pinOffline lets the card check the PIN.
func (o *operation) pinOffline() error {
	o.read.asked, o.read.cvm = true, "O"
	screen := ScreenPIN
	for tries := offlineTries; ; {
		act, err := o.pin(screen, tries)
		if err != nil {
			return err
		}
		if act == ActPIN {
			return o.tell(3, statusOK)
		}
		tries--
		if tries == 0 {
			return o.stop(3, statusPINLocked)
		}
		if err := o.tell(3, statusWrongPIN, number("TRIES_LEFT", int64(tries))); err != nil {
			return err
		}
		screen = ScreenPINWrong
	}
}

// pinOnline sends the PIN to the bank, which declines a wrong one.
func (o *operation) pinOnline() error {
	o.read.asked, o.read.cvm = true, "P"
	act, err := o.pin(ScreenPIN, 0)
	if err != nil {
		return err
	}
	if act == ActWrongPIN {
		o.play.Outcome.Decline = "55"
	}
	return o.tell(3, statusPINOnline)
}

// pin asks for the PIN once.
func (o *operation) pin(screen Screen, tries int) (Act, error) {
	o.arm(screen, asksPIN())
	o.t.mu.Lock()
	o.t.show(func(s *State) { s.TriesLeft = tries })
	o.t.mu.Unlock()
	if err := o.tell(13, statusOK, number("TRIES_LEFT", int64(tries))); err != nil {
		return "", err
	}
	act, err := o.await(asksPIN())
	switch {
	case errors.Is(err, errTimeout):
		return "", o.stop(3, statusNoCard)
	case err != nil:
		return "", err
	case act == ActCancel:
		return "", o.stop(3, statusCancelled)
	}
	o.screen(ScreenWait)
	return act, nil
}

// screen changes what the display shows.
func (o *operation) screen(screen Screen) {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	if o.context.Err() == nil {
		o.t.show(func(s *State) { s.Screen, s.Asks = screen, nil })
	}
}

// arm shows a screen that asks for something, before the till is told of it: a
// card holder may be as fast as the frame.
func (o *operation) arm(screen Screen, asks []Act) {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	if o.context.Err() != nil {
		return
	}
	select {
	case <-o.acts:
	default:
	}
	o.t.show(func(s *State) { s.Screen, s.Asks = screen, asks })
}

// await waits for the card holder, the automatic one included, at a screen that
// was armed. errTimeout: nobody acted; errCancelled: the till took it back.
func (o *operation) await(asks []Act) (Act, error) {
	o.t.mu.Lock()
	act, self := o.automatic(asks)
	o.t.mu.Unlock()
	patience := time.NewTimer(o.t.scale(o.t.Pace.Patience))
	defer patience.Stop()
	var moment <-chan time.Time
	if self {
		timer := time.NewTimer(o.t.scale(o.t.Pace.Customer))
		defer timer.Stop()
		moment = timer.C
	}
	defer o.unask()
	select {
	case act := <-o.acts:
		return act, nil
	case <-moment:
		return act, nil
	case <-o.cancels:
		return "", errCancelled
	case <-patience.C:
		return "", errTimeout
	case <-o.context.Done():
		return "", errGone
	}
}

// unask takes no more acts for the screen that was shown.
func (o *operation) unask() {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	o.t.show(func(s *State) { s.Asks = nil })
	o.open = false
}

// automatic is what a scripted or automatic customer does here. The caller
// holds t.mu.
func (o *operation) automatic(asks []Act) (Act, bool) {
	if o.play.Customer != nil {
		if len(o.play.Customer) == 0 || !slices.Contains(asks, o.play.Customer[0]) {
			return "", false
		}
		act := o.play.Customer[0]
		o.play.Customer = o.play.Customer[1:]
		return act, true
	}
	self := o.t.switches.Customer
	switch {
	case self == CustomerNone:
		return "", false
	case slices.Contains(asks, ActPIN):
		return ActPIN, true
	case slices.Contains(asks, ActLocal):
		return ActLocal, true
	case self == CustomerInsert:
		return ActInsert, true
	}
	return ActTap, true
}

// cancel is STAGE 101 from the till (spec 3.9-E).
func (t *Terminal) cancel(l *line, r request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.op
	mode := t.switches.Cancel
	switch {
	case o == nil:
		l.send(refused(r, statusNotFound))
	case o.mute || mode == CancelIgnored:
	case !o.open || r.method != o.req.method || mode == CancelBusy:
		l.send(refused(r, statusBusy))
	case mode == CancelRace:
		o.race()
	default:
		if mode == CancelAnswered {
			answer := o.frame(5, statusOK, 0)
			for i := range answer {
				if answer[i].Name == "SID" {
					answer[i] = field("SID", r.sid)
				}
			}
			l.send(answer)
		}
		select {
		case o.cancels <- struct{}{}:
		default:
		}
	}
}

// race lets the customer's card be faster than the cancel. The caller holds
// t.mu.
func (o *operation) race() {
	if !slices.Contains(o.t.state.Asks, ActTap) {
		o.play.Customer = []Act{ActTap}
		return
	}
	o.t.show(func(s *State) { s.Asks = nil })
	o.acts <- ActTap
}
