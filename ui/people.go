package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	pageoperators "frontdesk/ui/screens/operators"
	pagesettings "frontdesk/ui/screens/settings"
)

// people is who is at the desk, and how long nobody has touched it.
type people struct {
	here   operators.Operator
	who    *pageoperators.Who // open while somebody is asked for
	touch  time.Time          // the last sign of somebody
	traces traces
}

// traces is what changes when somebody uses the window. Fyne tells a window
// only of keys that no part used, so hands are noticed by what they leave.
type traces struct {
	focus fyne.Focusable
	sheet any
	page  pageName
	keys  int
	pad   string
}

// typist is a part that counts the keys it took.
type typist interface{ Keys() int }

// operator is who does what is asked of the till now: an ID, or the one name
// where there is no book of operators.
func (w *Window) operator() string {
	if w.cfg.Operators == nil {
		return w.set.Operator
	}
	return w.people.here.ID
}

// operatorName is the same for people.
func (w *Window) operatorName() string {
	if w.cfg.Operators == nil {
		return w.set.Operator
	}
	return pageoperators.Name(w.text, w.people.here)
}

// arrive puts the first operator at the desk, and locks it when there is a PIN
// to ask for.
func (w *Window) arrive() {
	if w.cfg.Operators == nil {
		return
	}
	list := w.cfg.Operators.List()
	if len(list) == 0 {
		return
	}
	w.people.here = list[0]
	for _, o := range list {
		if o.ID == w.set.Operator || o.Name == w.set.Operator {
			w.people.here = o
		}
	}
	w.people.touch = w.cfg.Now()
}

// hasPIN reports whether anybody here has a PIN: without one a lock keeps
// nobody out.
func (w *Window) hasPIN() bool {
	if w.cfg.Operators == nil {
		return false
	}
	for _, o := range w.cfg.Operators.List() {
		if o.HasPIN {
			return true
		}
	}
	return false
}

// change asks who takes over (F10).
func (w *Window) change() {
	if w.cfg.Operators == nil || w.people.who != nil || w.first != nil {
		return
	}
	w.ask(false)
}

// Lock hides the till until somebody is there; it does nothing where nobody
// has a PIN.
func (w *Window) Lock() {
	if !w.hasPIN() || w.people.who != nil && w.people.who.Locks() {
		return
	}
	w.ask(true)
}

func (w *Window) ask(lock bool) {
	cfg := pageoperators.WhoConfig{
		Text: w.text, Host: w.host, Run: w.run, Book: w.cfg.Operators, Rescue: w.cfg.Operators, Salon: w.set.Salon,
		Current: w.people.here.ID, Lock: lock, Done: w.entered, Closed: func() { w.people.who = nil },
	}
	if w.hasPIN() && !lock {
		cfg.OnLock = func() { w.people.who = nil; w.Lock() }
	}
	w.people.who = pageoperators.Ask(cfg)
}

// entered puts somebody at the desk.
func (w *Window) entered(o operators.Operator) {
	w.people.here, w.people.who, w.people.touch = o, nil, w.cfg.Now()
	w.tellCharge()
	w.shell.strip.render()
	section := pagesettings.Section("")
	if w.settings != nil {
		section = w.settings.At()
	}
	w.settings = nil // it is made for another now
	if w.at == pageSettings || w.at == pageDevices {
		w.show(w.at)
	}
	if w.at == pageSettings && w.settings != nil && section != "" {
		w.settings.Show(section)
	}
	if w.set.Operator != o.Name {
		w.set.Operator = o.Name
		_ = w.cfg.Settings.Save(w.set) // who comes first next time; not worth a word
	}
}

// renewHere takes over a new name or new rights of who is at the desk.
func (w *Window) renewHere() {
	if w.cfg.Operators == nil {
		return
	}
	for _, o := range w.cfg.Operators.List() {
		if o.ID == w.people.here.ID {
			w.people.here = o
		}
	}
	w.tellCharge()
	w.shell.render()
}

// tellCharge says who charges.
func (w *Window) tellCharge() {
	denied := ""
	if !w.may(operators.Charge) {
		denied = w.text.T("operators.denied.charge", w.operatorName())
	}
	w.charge.SetOperator(w.operator(), denied)
}

// may reports whether who is at the desk has a right.
func (w *Window) may(r operators.Right) bool {
	return w.cfg.Operators == nil || w.people.here.May(r)
}

// watchHands locks the desk after the chosen time without a touch. A charge
// that is open on the screen counts as somebody.
func (w *Window) watchHands() {
	if w.people.who != nil {
		w.people.who.Tick()
	}
	now := w.cfg.Now()
	if seen := w.seen(); seen != w.people.traces {
		w.people.traces, w.people.touch = seen, now
	}
	if _, shown := w.checkout.Shown(); shown || w.alarms.charging() {
		w.people.touch = now
	}
	if after := time.Duration(w.set.AutoLock) * time.Minute; after > 0 && now.Sub(w.people.touch) >= after {
		w.people.touch = now
		w.Lock()
	}
}

// touched notes that somebody pressed a key that reached the window.
func (w *Window) touched() { w.people.touch = w.cfg.Now() }

func (w *Window) seen() traces {
	t := traces{focus: w.cfg.Canvas.Focused(), page: w.at, pad: fmt.Sprint(w.charge.Pad())}
	if s := w.host.Top(); s != nil {
		t.sheet = s
	}
	if k, ok := t.focus.(typist); ok {
		t.keys = k.Keys()
	}
	return t
}
