package pos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The control surface over HTTP: a person's buttons, the script, the truth.
func TestControlOverHTTP(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		h := r.term.Handler()
		call := func(method, path, body string, want int) View {
			r.Helper()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
			if w.Code != want {
				r.Errorf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
			}
			var v View
			if w.Code == http.StatusOK {
				if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
					r.Error(err)
				}
			}
			return v
		}
		if v := call("GET", "/", "", 200); v.State.Screen != ScreenIdle || v.TID != DefaultTID || !v.State.Paper {
			r.Errorf("%+v", v)
		}
		call("POST", "/do/tap", "", 409)
		call("POST", "/do/dance", "", 409)
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|REFERENCE_NUMBER=V-1|"+euro)
		r.next()
		r.next()
		synctest.Wait()
		v := call("GET", "/", "", 200)
		if v.State.Screen != ScreenCard || v.State.Amount.Minor != 500 || v.State.Reference != "V-1" || v.State.SID != sidS ||
			!v.State.Busy || len(v.State.Asks) != 7 || v.State.Connected != 1 {
			r.Errorf("%+v", v.State)
		}
		done := make(chan View)
		go func() { done <- call("GET", "/?after="+itoa(v.State.Revision), "", 200) }()
		synctest.Wait()
		call("POST", "/do/insert", "", 200)
		if later := <-done; later.State.Revision <= v.State.Revision {
			r.Errorf("%+v", later.State)
		}
		r.next()
		r.next()
		synctest.Wait()
		call("POST", "/do/pin-wrong", "", 200)
		r.next()
		r.next()
		synctest.Wait()
		if v := call("GET", "/", "", 200); v.State.Screen != ScreenPINWrong || v.State.TriesLeft != 2 {
			r.Errorf("%+v", v.State)
		}
		call("POST", "/do/pin", "", 200)
		if got, _ := r.steps(); got != "3/0 5/0" {
			r.Error(got)
		}
		if v := call("GET", "/", "", 200); v.State.Pending != sidS || len(v.Charges) != 1 || v.Charges[0].Minor != 500 {
			r.Errorf("%+v", v)
		}
		r.complete("c", sidS)
		if v := call("POST", "/switches", `{"customer":"tap","cancel":"race"}`, 200); v.Switches.Customer != CustomerTap {
			r.Errorf("%+v", v.Switches)
		}
		if v := call("POST", "/switches", `{"cancel":""}`, 200); v.Switches.Customer != CustomerTap || v.Switches.Cancel != "" {
			r.Errorf("what is not named stays: %+v", v.Switches)
		}
		call("POST", "/switches", `{"customer":"dance"}`, 400)
		call("POST", "/switches", `{"customr":"tap"}`, 400)
		call("POST", "/switches", `[`, 400)
		call("POST", "/faults", `{"faults":[{"kind":"quake"}]}`, 400)
		if v := call("POST", "/faults", `{"faults":[{"kind":"drop","stage":5}]}`, 200); len(v.Faults) != 1 {
			r.Errorf("%+v", v.Faults)
		}
		call("POST", "/faults", `{"faults":[]}`, 200)
		call("POST", "/play", `{"scenarios":[{"name":"declined"}]}`, 200)
		if _, f := r.buy(sidT, "5.00"); value(f, "APPROVAL") != "51" {
			r.Error(text(f))
		}
		if v := call("POST", "/paper-out", "", 200); v.State.Paper {
			r.Error("paper")
		}
		call("POST", "/paper-in", "", 200)
		call("POST", "/unplug", "", 200)
		r.ended()
		call("POST", "/plug", "", 200)
		call("POST", "/power-off", "", 200)
		call("POST", "/do/tap", "", 409)
		call("POST", "/power-on", "", 200)
		if v := call("POST", "/reboot", "", 200); v.State.Screen != ScreenBoot {
			r.Errorf("%+v", v.State)
		}
		time.Sleep(21 * time.Second)
		r.dial()
		call("GET", "/?after=x", "", 400)
		call("GET", "/other", "", 404)
		r.wantCharged(500, 1)
	})
}

// A window watches and presses.
func TestWatchAndPress(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		ctx, cancel := context.WithCancel(context.Background())
		seen := make(chan []Screen)
		go func() {
			var all []Screen
			for s := range r.term.Watch(ctx) {
				if n := len(all); n == 0 || all[n-1] != s.Screen {
					all = append(all, s.Screen)
				}
			}
			seen <- all
		}()
		press := func(button string, want error) {
			r.Helper()
			if err := r.term.Press(button); !errors.Is(err, want) {
				r.Errorf("%s: %v", button, err)
			}
			synctest.Wait()
		}
		press("tap", ErrNotAsked)
		press("dance", ErrScript)
		press(ButtonPaperOut, nil)
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.next()
		r.next()
		synctest.Wait()
		press(string(ActTap), nil)
		if got, _ := r.steps(); got != "2/0 5/22" {
			r.Error(got)
		}
		press(ButtonUnplug, nil)
		press(ButtonPlug, nil)
		press(ButtonReboot, nil)
		time.Sleep(21 * time.Second)
		synctest.Wait()
		cancel()
		want := []Screen{ScreenIdle, ScreenWait, ScreenCard, ScreenWait, ScreenApproved, ScreenBoot, ScreenIdle}
		got := <-seen
		if !slices.Equal(slices.DeleteFunc(got, func(s Screen) bool { return s == ScreenOff }), want) {
			r.Errorf("%v, want %v", got, want)
		}
	})
}

func itoa(n int64) string {
	text, err := json.Marshal(n)
	if err != nil {
		return ""
	}
	return string(text)
}
