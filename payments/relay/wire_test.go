package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func registration() Registration {
	return Registration{
		Store: "0123456789ABCDEFGHJKMNPQRS", Desk: "desk", OrderID: "P1", SID: "000000000000010", Currency: "EUR",
		Amounts: []string{"45.00", "50.00"},
		Form: []Field{
			{"SID", "000000000000010"},
			{"Currency", "EUR"},
			{"Amount", "45.00"},
			{"OrderID", "P1"},
			{"URL_Notify", "https://pay.example/n/0123456789ABCDEFGHJKMNPQRS"},
			{"Signature", "x"},
		},
		Action: "https://www.mypos.com/vmp/checkout", Salon: "Salon", AmountText: "45.00 EUR", Words: "BLUE TULIP",
		Language: "en", Link: "AAAAAAAAAAAAAAAAAAAAAAAAAA", ExpiresAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
	}
}

func rules() Rules { return Rules{Now: time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC)} }

// FuzzRegistration: what passes the check keeps its promises and survives its
// own encoding.
func FuzzRegistration(f *testing.F) {
	seed, err := json.Marshal(registration())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"store":"x"}`))
	f.Add(bytes.Replace(seed, []byte("www.mypos.com"), []byte("evil.example"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Registration
		if Decode(bytes.NewReader(data), &r) != nil {
			return
		}
		if err := r.Check(rules()); err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%v does not wrap ErrMalformed", err)
			}
			return
		}
		allowed, err := r.Allowed()
		if err != nil || len(allowed) == 0 || !IsName(r.Link) || !AllowedAction(r.Action, false) || r.Form[len(r.Form)-1].Name != "Signature" {
			t.Errorf("accepted: %+v", r)
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back Registration
		if err := Decode(bytes.NewReader(again), &back); err != nil || back.Check(rules()) != nil {
			t.Errorf("does not survive its own encoding: %v", err)
		}
	})
}

// FuzzFrame: what parses survives its own encoding.
func FuzzFrame(f *testing.F) {
	for _, s := range []Frame{
		{Type: FrameHello, At: At{"E", 1, 2}},
		{Type: FrameDeliver, At: At{"E", 1, 0}, Kind: KindNotice, Body: []byte("a=b"), Received: time.Unix(1, 0).UTC()},
		{Type: FrameAck, At: At{"E", 9, 3}},
		{Type: FrameBeat},
		{Type: FrameProbe, Nonce: "n"},
	} {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"type":"ack","at":{"epoch":"E","seq":1,"index":-1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := ParseFrame(data)
		if err != nil {
			if !errors.Is(err, ErrFrame) {
				t.Errorf("%v does not wrap ErrFrame", err)
			}
			return
		}
		again, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := ParseFrame(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(in, out); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRegistrationCheck(t *testing.T) {
	if err := registration().Check(rules()); err != nil {
		t.Fatal(err)
	}
	practice := registration()
	practice.Action = "http://127.0.0.1:8070/vmp/checkout-test"
	if practice.Check(rules()) == nil {
		t.Error("a private host without practice")
	}
	allowed := rules()
	allowed.AllowPractice = true
	if err := practice.Check(allowed); err != nil {
		t.Error(err)
	}
}

func TestAllowedAction(t *testing.T) {
	for address, want := range map[string][2]bool{
		"https://mypos.com/vmp/checkout":          {true, true},
		"https://www.mypos.com/vmp/checkout-test": {true, true},
		"http://www.mypos.com/vmp/checkout":       {false, false},
		"https://www.mypos.com:444/vmp":           {false, false},
		"https://www.mypos.com.evil.example/":     {false, false},
		"https://user@www.mypos.com/":             {false, false},
		"https://www.mypos.com/?x=1":              {false, false},
		"http://127.0.0.1:8070/vmp/checkout":      {false, true},
		"http://192.168.1.20:8070/vmp/checkout":   {false, true},
		"https://[::1]:1/x":                       {false, true},
		"http://localhost:1/x":                    {false, true},
		"http://8.8.8.8/x":                        {false, false},
		"javascript:alert(1)":                     {false, false},
		"":                                        {false, false},
	} {
		if got := [2]bool{AllowedAction(address, false), AllowedAction(address, true)}; got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

func TestLoopbackAddress(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "[::1]:80": true, "localhost:1": true, "127.9.9.9:1": true,
		":80": false, "0.0.0.0:1": false, "[::]:1": false, "192.168.1.1:1": false, "relay:1": false, "127.0.0.1": false,
	} {
		if got := LoopbackAddress(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
