package customer

import (
	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Scene is what kind of picture the window shows.
type Scene string

// Scenes.
const (
	Idle   Scene = "idle"   // nothing to pay: the salon's name
	Pay    Scene = "pay"    // the code
	Card   Scene = "card"   // the customer pays on a card terminal
	Thanks Scene = "thanks" // the money has come
	Notice Scene = "notice" // one calm sentence
)

// Model is everything the window shows.
type Model struct {
	Scene  Scene
	Salon  string
	Amount money.Amount
	Words  string
	QR     [][]bool
	Hint   string // under the code, or the sentence of a notice
}

// View says what the customer sees of a sale. It is a pure function. The zero
// Checkout shows the idle window.
func View(co app.Checkout, salon string, c *text.Catalog) Model {
	s := co.Sale
	m := Model{Salon: salon, Amount: s.Amount}
	if n := len(s.Attempts); n > 0 {
		last := s.Attempts[n-1]
		if last.Rail == payments.RailTerminal || last.Rail == payments.RailCloud {
			return onTerminal(m, s, last.Stage.Name, c)
		}
		m.Words = last.Words
		if last.Rail == payments.RailRequest {
			m.Words = "" // the page of a request shows none
		}
	}
	switch s.State {
	case app.Preparing, app.Offered, app.Opened:
		m.Scene, m.QR, m.Hint = Pay, co.QR, c.T("customer.scan")
		if s.State == app.Opened {
			m.Hint = c.T("customer.paying")
		}
	case app.Declined:
		m.Scene, m.QR, m.Hint = Pay, co.QR, c.T("customer.declined")
		if co.QR == nil {
			m.Scene = Notice
		}
	case app.Paid, app.PaidLate, app.Overpaid:
		m.Scene = Thanks
	case app.Cancelling, app.Unknown, app.Reversed:
		m.Scene, m.Hint = Notice, c.T("customer.moment")
	case app.Withdrawn, app.Expired, app.NotCharged:
		m.Scene, m.Hint = Notice, c.T("customer.notpaid")
	default:
		m.Scene, m.Hint = Idle, c.T("customer.welcome")
	}
	return m
}

// onTerminal is what the customer sees while the terminal has the amount.
func onTerminal(m Model, s app.Sale, stage app.StageName, c *text.Catalog) Model {
	switch s.State {
	case app.Preparing, app.Offered, app.Opened:
		m.Scene, m.Hint = Card, c.T("customer.terminal.card")
		switch stage {
		case app.StagePIN, app.StagePINWrong:
			m.Hint = c.T("customer.terminal.pin")
		case app.StageCardRead, app.StageAuthorising, app.StageCurrency:
			m.Hint = c.T("customer.terminal.wait")
		}
	case app.Paid, app.PaidLate, app.Overpaid:
		m.Scene = Thanks
	case app.Cancelling, app.Unknown, app.Reversed:
		m.Scene, m.Hint = Notice, c.T("customer.moment")
	case app.Declined, app.Withdrawn, app.Expired, app.NotCharged:
		m.Scene, m.Hint = Notice, c.T("customer.notpaid")
	default:
		m.Scene, m.Hint = Idle, c.T("customer.welcome")
	}
	return m
}
