package checkout

import (
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/theme"
)

// Act is what a button of the dialog does.
type Act string

// Acts.
const (
	ActCheck  Act = "check"
	ActCancel Act = "cancel" // asks first
	ActAgain  Act = "again"
	ActKeep   Act = "keep"  // accept a late payment
	ActCode   Act = "code"  // back to the code after a decline
	ActClose  Act = "close" // leave the dialog; the sale stays as it is
	ActNew    Act = "new"   // leave and empty the till
	ActOpen   Act = "open"  // leave and open the sale in Payments

	ActTerminal Act = "terminal" // collect on a terminal instead
	ActQR       Act = "qr"       // collect with a code instead
	ActSettle   Act = "settle"   // say what the terminal, or myPOS, shows
	ActInsist   Act = "insist"   // charge again although a payment is not known
	ActCash     Act = "cash"     // take it in cash; asks first
	ActRefund   Act = "refund"   // give money back, in the dialog of refunds
	ActReceipt  Act = "receipt"  // show and print the receipt
	ActDevices  Act = "devices"  // leave and open the page of the terminals
	ActDrop     Act = "drop"     // answer the alarm without money; asks first
)

// Action is one button. Key is the hint at its right edge.
type Action struct {
	Act         Act
	Label, Icon string
	Key         string
}

// Fact is one row of a paid sale.
type Fact struct {
	Label, Value string
	Icon         string
	Words        bool // Value is a pair of match words
}

// Step is one line of the short timeline. When holds the time, or "in 8 s".
type Step struct {
	Icon          string
	Family        theme.Family
	Title, Detail string
	When          string
}

// Model is everything the dialog shows. The fields named Tick change with the
// clock alone.
type Model struct {
	Waiting bool // the code stands on the left; else the state panel
	State   app.State
	Family  theme.Family
	Icon    string
	Word    string
	Amount  money.Amount
	Problem string // why a press had no effect
	Tick    Tick

	// While waiting.
	Sentence, Who string
	Words         string
	QR            [][]bool
	Link          string // whole address; empty until there is one
	Terminal      Terminal
	Locked        bool // cancelling: nothing may be pressed

	// Result.
	Tint                bool // tint panel with a countdown ring instead of a solid one
	Title, Subtitle     string
	Lead, Say           string
	LockTitle, LockText string
	Facts               []Fact
	Notices             []Notice
	Steps               []Step
	Details             string   // code for support
	Links               []Action // beside the details: what is seldom right

	Main    Action // empty while waiting
	Side    []Action
	Closes  bool // Esc and the cross leave without asking
	Confirm Confirm
	Mail    Mail
}

// Tick is what moves by itself, at most once a second.
type Tick struct {
	Caption   string // waiting: when we looked, how long the code works
	Preparing string // stands on the empty card
	PanelLine string
	Ring      float32 // part of the wait that is left, 0 to 1
	Next      Step    // the look to come; empty title when none is planned
}

// Confirm is the question before a cancel. Yes cancels, No goes on waiting.
type Confirm struct{ Title, Text, Yes, No string }

// Mail is what the E-mail button prepares.
type Mail struct{ Subject, Body string }

// Input is what View looks at. Events may be nil until they were read.
type Input struct {
	Checkout app.Checkout
	Events   []app.Event
	Now      time.Time
	Zone     *time.Location
	Desk     string
	ShowCode bool         // the operator went back to the code after a decline
	Problem  text.Problem // of the last press; empty What when it worked
	Devices  []devices.Status
	Ways     []payments.Rail // that may be charged now
	Settles  bool            // a person may settle what stays unknown
	Insists  bool            // who is here may charge although a payment is not known
	Refunds  bool            // there is a dialog that gives money back
	Receipts bool            // there is a dialog that prints
	Fleet    bool            // there is a page of the terminals
	Alarm    bool            // the dialog came over the screen by itself
	More     int             // alarms that wait behind this one
}

// view carries what the parts of View need.
type view struct {
	Input
	c    *text.Catalog
	sale app.Sale
	last app.Attempt
}

// View says what the dialog shows. It is a pure function.
func View(in Input, c *text.Catalog) Model {
	v := view{Input: in, c: c, sale: in.Checkout.Sale}
	v.last = told(v.sale)
	icon, family := history.StateMark(v.sale.State)
	m := Model{State: v.sale.State, Family: family, Icon: icon, Amount: v.sale.Amount, Word: c.Word(v.sale.State)}
	m.Words, m.Link = v.last.Words, v.last.Link
	m.Mail = Mail{c.T("checkout.mail.subject", v.sale.Amount), c.T("checkout.mail.body", v.sale.Amount, m.Link, m.Words)}
	if in.Problem.What != "" {
		m.Problem = in.Problem.Text()
	}
	m.Waiting = v.waiting()
	if m.Waiting && v.onTerminal() {
		v.presenting(&m)
		return m
	}
	if m.Waiting {
		v.wait(&m)
		return m
	}
	v.result(&m)
	return m
}

// told is the attempt that the dialog tells about: the newest, and of a sale that
// is paid the newest that was.
func told(s app.Sale) (newest app.Attempt) {
	for _, a := range slices.Backward(s.Attempts) {
		if newest.ID == "" {
			newest = a
		}
		if (s.State == app.Paid || s.State == app.PaidLate) && (a.State == app.Paid || a.State == app.PaidLate) {
			return a
		}
	}
	return newest
}

func (v view) waiting() bool {
	switch v.sale.State {
	case app.Preparing, app.Offered, app.Opened, app.Cancelling:
		return true
	case app.Declined:
		return v.ShowCode && v.pageOpen()
	}
	return false
}

// pageOpen tells whether the customer can still pay the page of the last
// attempt, as far as the desk's clock knows.
func (v view) pageOpen() bool {
	return v.last.Rail == payments.RailLink && v.last.Link != "" && v.Now.Before(v.last.Expires)
}

func (v view) wait(m *Model) {
	c := v.c
	m.Sentence = c.Sentence(v.sale.State)
	m.Tick.Caption = v.caption()
	m.Who = join(" · ", v.client(), v.what())
	m.QR = v.Checkout.QR
	m.Locked = v.sale.State == app.Cancelling
	if v.sale.State == app.Declined {
		m.Sentence = c.T("checkout.declined.open")
	}
	if m.QR == nil && v.sale.State == app.Preparing {
		m.Tick.Preparing = c.Word(app.Preparing)
		if d := v.Now.Sub(v.sale.Created); d >= 300*time.Millisecond {
			tenths := int(d / (100 * time.Millisecond))
			m.Tick.Preparing = c.T("checkout.preparing.wait", c.T("seconds", tenthsText(tenths)))
		}
	}
	if m.Locked {
		m.QR, m.Tick.Preparing = nil, c.T("checkout.cancelling") // nobody shall scan it now
		m.Side = []Action{v.leave(c.T("checkout.next"), "plus")}
		return
	}
	m.Confirm = v.confirm()
	if use, ok := v.useTerminal(); ok && v.sale.State != app.Preparing {
		m.Side = []Action{use}
	}
	if v.last.Link != "" {
		m.Side = append(m.Side, Action{Act: ActCheck, Label: c.T("checkout.check"), Icon: "refresh"})
	}
	if v.last.Rail == payments.RailRequest {
		m.Words = "" // the page of a request shows none
		m.Sentence = c.T("pay.request.sentence")
	}
}

func (v view) confirm() Confirm {
	c := v.c
	q := Confirm{c.T("question.cancel.title", v.sale.Amount), c.T("question.cancel.waiting"), c.T("question.cancel.yes"), c.T("question.cancel.no")}
	if v.last.Rail == payments.RailRequest {
		q.Text = c.T("pay.request.cancel")
		return q
	}
	if v.sale.State == app.Opened || v.sale.State == app.Declined {
		q.Text = v.c.T("question.cancel.opened")
	}
	return q
}

func (v view) caption() string {
	if v.last.Link == "" {
		return ""
	}
	c := v.c
	checked := ""
	if !v.last.Checked.IsZero() {
		checked = c.T("checkout.caption.checked", c.Duration(v.Now.Sub(v.last.Checked)))
	}
	if v.last.Rail == payments.RailRequest {
		return join(" ", checked, c.T("pay.request.caption"))
	}
	if !v.pageOpen() {
		return join(" ", checked, c.T("checkout.caption.ended"))
	}
	return join(" ", checked, c.T("checkout.caption.works", c.Left(v.last.Expires.Sub(v.Now))))
}

func (v view) client() string {
	if v.sale.Client == "" {
		return v.c.T("walkin")
	}
	return v.sale.Client
}

// what names what was sold: the note, else the labels of the lines.
func (v view) what() string {
	if v.sale.Note != "" {
		return v.sale.Note
	}
	var labels []string
	for _, l := range v.sale.Lines {
		if l.Label != "" {
			labels = append(labels, l.Label)
		}
	}
	return strings.Join(labels, ", ")
}

func (v view) rail() string {
	if v.last.Rail == "" {
		return ""
	}
	return v.c.T("rail." + string(v.last.Rail))
}

func tenthsText(tenths int) string {
	digits := []byte{byte('0' + tenths%10)}
	whole := tenths / 10
	out := ""
	for {
		out = string(rune('0'+whole%10)) + out
		whole /= 10
		if whole == 0 {
			break
		}
	}
	return out + "." + string(digits)
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
