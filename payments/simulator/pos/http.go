package pos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// longest is how long GET waits for a change.
const longest = 30 * time.Second

// View is what GET of the control surface answers.
type View struct {
	State    State        `json:"state"`
	TID      string       `json:"tid"`
	Serial   string       `json:"serial"`
	Currency string       `json:"currency"`
	Switches Switches     `json:"switches"`
	Faults   []FaultState `json:"faults"`
	Charges  []Charge     `json:"charges"`
	Totals   Totals       `json:"totals"`
}

// Handler is the control surface over HTTP. Whoever mounts it keeps strangers
// away from it. Answers to GET / and to every POST are a View.
//
//	GET  /?after=REVISION          waits up to 30 s for a later revision
//	POST /do/ACT                   what the card holder does
//	POST /unplug /plug /power-off /power-on /reboot /paper-out /paper-in
//	POST /typed                    JSON: {"amount":"18.00","last4":"3380","refund":false}: by hand, without a till
//	POST /switches                 JSON: the switches to change
//	POST /faults                   JSON: {"faults":[...]}
//	POST /play                     JSON: {"scenarios":[...]}; none forgets all
//
// What the display does not ask for is 409, what makes no sense 400.
func (t *Terminal) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", t.getView)
	mux.HandleFunc("POST /do/{act}", func(w http.ResponseWriter, r *http.Request) {
		t.answer(w, t.Do(Act(r.PathValue("act"))))
	})
	for _, button := range []string{
		ButtonUnplug, ButtonPlug, ButtonPowerOff, ButtonPowerOn, ButtonReboot, ButtonPaperOut, ButtonPaperIn,
	} {
		mux.HandleFunc("POST /"+button, func(w http.ResponseWriter, _ *http.Request) { t.answer(w, t.Press(button)) })
	}
	mux.HandleFunc("POST /switches", t.postSwitches)
	mux.HandleFunc("POST /typed", t.postTyped)
	mux.HandleFunc("POST /faults", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Faults []Fault `json:"faults"`
		}
		if decode(w, r, &body) {
			t.answer(w, t.SetFaults(body.Faults...))
		}
	})
	mux.HandleFunc("POST /play", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Scenarios []Scenario `json:"scenarios"`
		}
		if decode(w, r, &body) {
			t.answer(w, t.Play(body.Scenarios...))
		}
	})
	return mux
}

// View returns everything the control surface shows.
func (t *Terminal) View() View {
	state, _ := t.State()
	charges := t.Charges()
	return View{
		State: state, TID: t.TID, Serial: t.Serial, Currency: string(t.Currency),
		Switches: t.Switches(), Faults: t.Faults(), Charges: charges, Totals: Total(charges),
	}
}

func (t *Terminal) getView(w http.ResponseWriter, r *http.Request) {
	if text := r.URL.Query().Get("after"); text != "" {
		after, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			http.Error(w, "after is a revision", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), longest)
		defer cancel()
		// What ends the wait changes nothing: the view is shown as it is by then.
		_, _ = t.Await(ctx, func(s State) bool { return s.Revision > after })
	}
	t.answer(w, nil)
}

// postSwitches changes those switches that are named.
func (t *Terminal) postSwitches(w http.ResponseWriter, r *http.Request) {
	var body json.RawMessage
	if !decode(w, r, &body) {
		return
	}
	var bad error
	err := t.Change(func(s *Switches) {
		next := s.copy()
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if bad = d.Decode(&next); bad == nil {
			*s = next
		}
	})
	if bad != nil {
		http.Error(w, bad.Error(), http.StatusBadRequest)
		return
	}
	t.answer(w, err)
}

func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (t *Terminal) answer(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, ErrScript):
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	case errors.Is(err, ErrNotAsked), errors.Is(err, ErrOff):
		http.Error(w, err.Error(), http.StatusConflict)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	body, err := json.Marshal(t.View())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(append(body, '\n')); err != nil {
		t.Log.Debug("answer not taken", "error", err)
	}
}
