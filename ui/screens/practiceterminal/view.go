package practiceterminal

import (
	"slices"

	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
)

// Model is everything the window shows.
type Model struct {
	Family   theme.Family // of the display
	Icon     string
	Word     string
	Sentence string
	Amount   money.Amount
	Keys     []Key
	Plugged  bool
	Paper    bool
}

// Key is one button of the customer. Main is the one most likely pressed next.
type Key struct {
	Button      Button
	Label, Icon string
	Can, Main   bool
}

// View says what the window shows. It is a pure function.
func View(s State, c *text.Catalog) Model {
	m := Model{Amount: s.Amount, Plugged: s.Plugged, Paper: s.Paper}
	m.Family, m.Icon = look(s.Screen)
	m.Word, m.Sentence = c.T("practice.word."+string(s.Screen)), c.T("practice.sentence."+string(s.Screen))
	if s.Screen == PINWrong && s.TriesLeft > 0 {
		m.Sentence = c.N("practice.tries", s.TriesLeft)
	}
	if !s.Plugged {
		m.Sentence = c.T("practice.unplugged")
	}
	list := []Button{Tap, Insert, RightPIN, WrongPIN}
	if slices.Contains(s.Asks, Home) {
		list = []Button{Tap, Insert, Local, Home}
	}
	for _, b := range append(list, Unsupported, Cancel) {
		m.Keys = append(m.Keys, Key{Button: b, Label: c.T("practice.key." + string(b)), Icon: icon(b), Can: slices.Contains(s.Asks, b)})
	}
	for i := range m.Keys {
		if m.Keys[i].Can { // the first of them is the usual one
			m.Keys[i].Main = true
			break
		}
	}
	return m
}

func look(s Screen) (theme.Family, string) {
	switch s {
	case Approved:
		return theme.Green, "check"
	case Declined:
		return theme.Red, "close"
	case Failed:
		return theme.Amber, "alert"
	case Cancelled:
		return theme.Grey, "minus"
	case Off:
		return theme.Grey, "power"
	case Card:
		return theme.Blue, "tap"
	case PIN, PINWrong:
		return theme.Blue, "pin"
	case Currency:
		return theme.Blue, "euro"
	case Idle, Greeting:
		return theme.Blue, "bell"
	}
	return theme.Blue, "hourglass"
}

func icon(b Button) string {
	switch b {
	case Tap:
		return "tap"
	case Insert:
		return "card"
	case RightPIN:
		return "check"
	case WrongPIN:
		return "close"
	case Cancel:
		return "minus"
	case Unsupported:
		return "question"
	}
	return "euro"
}
