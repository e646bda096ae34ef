package checkout

import (
	"encoding/json"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/widgets"
)

// stillUnknown is how long a terminal may be silent before more is said about
// what to do (spec/terminals 3.10).
const stillUnknown = 3 * time.Minute

// codeUnfinished: the terminal holds an earlier payment that nobody completed.
const codeUnfinished = "terminal.unfinished"

// Terminal is what the dialog shows of a payment that runs on a card terminal.
// The zero value means that none does.
type Terminal struct {
	Label, Kind string // "Front counter", "myPOS Ultra, on the network"
	Steps       []widgets.Step
	Foot        string // why it can be cancelled, or cannot
	CanCancel   bool
}

// Notice is something that must be done although the money has come.
type Notice struct{ Icon, Title, Text string }

// onTerminal reports whether the last attempt runs on a card terminal.
func (v view) onTerminal() bool {
	return v.last.Rail == payments.RailTerminal || v.last.Rail == payments.RailCloud
}

// stageName is the stage shown; before the terminal has told any it wakes up.
func (v view) stageName() string {
	switch {
	case v.sale.State == app.Cancelling:
		return "cancelling"
	case v.last.Stage.Name != "" && v.c.Has("pay.word."+string(v.last.Stage.Name)):
		return string(v.last.Stage.Name)
	case v.sale.State == app.Preparing:
		return "waking"
	case v.sale.State == app.Opened:
		return string(app.StageAuthorising)
	}
	return string(app.StageSent)
}

func stageIcon(stage string) string {
	switch app.StageName(stage) {
	case app.StagePresentCard:
		return "tap"
	case app.StageCardRead:
		return "card"
	case app.StagePIN, app.StagePINWrong:
		return "pin"
	case app.StageCurrency:
		return "euro"
	}
	if stage == "cancelling" {
		return "clock"
	}
	return "hourglass"
}

// presenting is a payment that runs on a terminal.
func (v view) presenting(m *Model) {
	c, stage := v.c, v.stageName()
	m.Word, m.Icon = c.T("pay.word."+stage), stageIcon(stage)
	m.Sentence = c.T("pay.sentence." + stage)
	switch {
	case app.StageName(stage) == app.StagePINWrong && v.last.Stage.TriesLeft > 0:
		m.Sentence = c.N("pay.tries", v.last.Stage.TriesLeft)
	case app.StageName(stage) == app.StageCurrency && v.last.Stage.Offer != "":
		m.Sentence = c.T("pay.offer", v.last.Stage.Offer)
	case v.last.Stage.Code != "" && c.Knows(v.last.Stage.Code):
		m.Sentence = c.Problem(v.last.Stage.Code).What + " " + m.Sentence
	}
	if since := v.last.Stage.Since; !since.IsZero() {
		m.Tick.Caption = c.T("pay.for", c.Duration(v.Now.Sub(since)))
	}
	m.Words, m.Link, m.Who = "", "", join(" · ", v.client(), v.what())
	m.Locked = v.sale.State == app.Cancelling
	m.Terminal = Terminal{Label: v.deviceLabel(), Kind: v.deviceKind(), Steps: v.stepsOf(stage)}
	// Until the amount has left, stopping is certain; afterwards the terminal
	// says whether it may still work.
	m.Terminal.CanCancel = v.sale.State == app.Preparing || v.last.Cancellable && v.sale.State == app.Offered
	switch {
	case m.Locked:
		m.Terminal.Foot = c.T("pay.foot.cancelling")
		m.Side = []Action{v.leave(c.T("checkout.next"), "plus")}
	case m.Terminal.CanCancel:
		m.Terminal.Foot = c.T("pay.foot.may")
		m.Confirm = Confirm{c.T("question.cancel.title", v.sale.Amount), c.T("pay.question.cancel"), c.T("question.cancel.yes"), c.T("question.cancel.no")}
	default:
		m.Terminal.Foot = c.T("pay.foot.read")
	}
}

// stepsOf is what was done, what happens now and what comes.
func (v view) stepsOf(stage string) []widgets.Step {
	c, at := v.c, 1
	switch app.StageName(stage) {
	case app.StageCardRead, app.StagePIN, app.StagePINWrong, app.StageCurrency, app.StageAuthorising:
		at = 2
	case "waking":
		at = 0
	}
	if v.sale.State == app.Cancelling && v.last.Offered.IsZero() {
		at = 0
	}
	rows := []widgets.Step{
		{Title: c.T("pay.step.sent")}, {Title: c.T("pay.step.card")}, {Title: c.T("pay.step.bank")}, {Title: c.T("pay.step.stored")},
	}
	for i := range rows {
		switch {
		case i < at:
			rows[i].Progress = widgets.Done
		case i == at:
			rows[i].Progress, rows[i].Icon = widgets.Now, stageIcon(stage)
			if key := "pay.step.now." + stage; c.Has(key) {
				rows[i].Title = c.T(key)
			}
		}
	}
	return rows
}

// device is the register's entry of the last attempt, as far as it is known.
func (v view) device() devices.Device {
	for _, s := range v.Devices {
		if s.ID == v.last.Device {
			return s.Device
		}
	}
	return devices.Device{}
}

func (v view) deviceLabel() string {
	if v.last.DeviceLabel != "" {
		return v.last.DeviceLabel
	}
	return v.rail()
}

// deviceKind is "myPOS Ultra, on the network".
func (v view) deviceKind() string {
	d := v.device()
	if d.Driver == "" {
		return ""
	}
	way := v.c.T("pay.kind." + string(d.Driver))
	if d.Driver == devices.Practice || d.Model == "" || d.Model == "Other" {
		return way
	}
	return v.c.T("pay.kind", d.Model, way)
}

// may reports whether a rail can be charged now.
func (v view) may(r payments.Rail) bool { return slices.Contains(v.Ways, r) }

// codeRail is the rail that shows a code: a link, else a payment request.
func (v view) codeRail() payments.Rail {
	for _, r := range []payments.Rail{payments.RailLink, payments.RailRequest} {
		if v.may(r) {
			return r
		}
	}
	return ""
}

// useTerminal offers the terminal for a sale whose code waits; empty when
// there is none to use.
func (v view) useTerminal() (Action, bool) {
	if v.onTerminal() || !v.may(payments.RailTerminal) && !v.may(payments.RailCloud) {
		return Action{}, false
	}
	return Action{Act: ActTerminal, Label: v.c.T("checkout.terminal"), Icon: "devices"}, true
}

// otherWay is the second rail for a sale that one rail could not collect.
func (v view) otherWay() (Action, bool) {
	if !v.onTerminal() {
		return v.useTerminal()
	}
	if v.codeRail() == "" {
		return Action{}, false
	}
	return Action{Act: ActQR, Label: v.c.T("pay.code"), Icon: "qr"}, true
}

// retry asks again on the rail of the last attempt.
func (v view) retry() Action {
	if v.onTerminal() {
		return Action{Act: ActAgain, Label: v.c.T("pay.again"), Icon: "devices"}
	}
	return Action{Act: ActAgain, Label: v.c.T("checkout.again", v.sale.Amount)}
}

// notices are what must still be done after a terminal has taken the money.
func (v view) notices() []Notice {
	var list []Notice
	if v.last.SignatureNeeded {
		list = append(list, Notice{"pencil", v.c.T("pay.signature.title"), v.c.T("pay.signature.text")})
	}
	if code := v.unprinted(); code != "" {
		p := v.c.Problem(code)
		list = append(list, Notice{"printer", v.c.T("checkout.unprinted.title"), join(" ", p.What, p.Do)})
	}
	if v.last.NoPaper {
		list = append(list, Notice{"printer", v.c.T("pay.paper.title"), v.c.T("pay.paper.text")})
	}
	return list
}

// cardFacts are what a terminal told about a payment.
func (v view) cardFacts(proof, stamp string) []Fact {
	c, a := v.c, v.last
	card, tip, number := v.deviceLabel(), "", ""
	switch {
	case a.CardLast4 != "" && a.CardName != "":
		card = c.T("pay.fact.card.named", a.CardName, a.CardLast4)
	case a.CardLast4 != "":
		card = c.T("pay.fact.card", a.CardLast4)
	}
	if !a.Tip.IsZero() {
		tip = c.T("pay.fact.tip.text", a.Tip)
	}
	if a.TerminalID != "" {
		number = c.T("pay.fact.number", a.TerminalID)
	}
	if proof == "" {
		proof = c.T("pay.fact.proof")
	}
	return []Fact{
		{Label: c.T("fact.with"), Value: card},
		{Label: c.T("pay.fact.tip"), Value: tip},
		{Label: c.T("pay.fact.terminal"), Value: join(", ", v.deviceLabel(), number)},
		{Label: c.T("fact.proof"), Value: proof, Icon: "shield"},
		{Label: c.T("fact.time"), Value: stamp},
		{Label: "RRN", Value: a.RRN},
		{Label: c.T("pay.fact.approval"), Value: a.AuthCode},
		{Label: c.T("fact.by"), Value: join(", ", v.sale.Operator, v.Desk)},
	}
}

// turnedDown is a terminal payment that ended without money: by the bank, by
// the customer, at the till, or because it never began. The reason stands in
// plain words, and the second rail beside it.
func (v view) turnedDown(m *Model) {
	c := v.c
	p := c.Problem(v.last.Reason)
	known := c.Knows(v.last.Reason)
	m.Tick.PanelLine = c.T("checkout.panel.declined")
	m.Lead = c.T("pay.lead.notcharged")
	if v.sale.State == app.Withdrawn { // it never began, so nothing was cancelled either
		m.Word = c.Word(app.NotCharged)
	}
	switch {
	case v.sale.State == app.Declined:
		m.Lead, m.Say = c.T("checkout.sentence.declined"), c.T("checkout.say.declined")
		if known {
			m.Lead = join(" ", p.What, p.Do)
		}
	case known:
		m.Lead = join(" ", p.What, p.Do)
	case v.sale.State == app.Withdrawn:
		m.Lead = c.T("pay.lead.stopped")
	}
	open := Action{Act: ActOpen, Label: c.T("checkout.open"), Icon: "payments"}
	fresh := v.leave(c.T("checkout.newsale"), "plus")
	m.Main, m.Side = v.retry(), []Action{open, fresh}
	if other, ok := v.otherWay(); ok {
		m.Side = []Action{open, other}
		if v.notMade() { // busy, gone, not ready: another way is what helps
			m.Main, m.Side = other, []Action{open, v.retry()}
		}
	}
	if v.last.Reason == codeUnfinished && v.Fleet { // whoever looks there settles it
		m.Side = []Action{m.Main, fresh}
		if m.Main.Act != ActAgain {
			m.Side[1] = v.retry()
		}
		m.Main = Action{Act: ActDevices, Label: c.T("checkout.devices")}
	}
}

// lost is a terminal payment whose answer did not reach us: what we do about
// it, and what people can do.
func (v view) lost(m *Model) {
	c, what := v.c, ""
	if c.Knows(v.last.Reason) {
		what = c.Problem(v.last.Reason).What
	}
	how := c.T("pay.unknown.asking", v.deviceLabel())
	if since := v.last.Unsure; !since.IsZero() && v.Now.Sub(since) >= stillUnknown {
		how = c.T("pay.unknown.long", v.deviceLabel())
	}
	m.Lead = join(" ", what, how)
	m.Steps = v.steps(maxSteps - 1)
}

// unprinted is the code of why the receipt of the sale was not printed when that
// was tried last; empty when it was, or was never tried.
func (v view) unprinted() string {
	for _, e := range slices.Backward(v.Events) {
		var d app.ReceiptData
		if e.Kind == app.ReceiptPrinted && json.Unmarshal(e.Data, &d) == nil && d.Kind != app.ReceiptRefund {
			return d.Failed
		}
	}
	return ""
}
