package simulator

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"frontdesk/payments/checkout"
)

//go:embed pages/*.html
var pageFiles embed.FS

// goOn carries the browser on without a press. A page that may not run it has a
// button for the same.
const goOn = `document.forms[0].submit()`

// pages are the parsed templates and what they are allowed to do.
type pages struct {
	all    *template.Template
	policy string // Content-Security-Policy up to form-action
}

func loadPages() (*pages, error) {
	all, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(goOn))
	script := base64.StdEncoding.EncodeToString(sum[:])
	return &pages{all, "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + script +
		"'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"}, nil
}

// view is what a page shows.
type view struct {
	Number, Currency string // of the amount
	OrderID, Note    string
	Rows             []viewRow
	Path             string // of the hosted page
	Sentence         string
	AskPayer         bool
	Problems         problems
	Prefill          prefill
	Tests            []testCard
	Stage            stage
	Action           string // where the result is posted
	Fields           checkout.Fields
	Script           template.JS
	Code             int // of a refusal
	Name             string
	Refresh          bool // look again in a second
}

type viewRow struct{ Article, Amount string }

type prefill struct{ PAN, Exp, CVC string }

// testCard is a line of the list of test cards.
type testCard struct{ Key, PAN, Shown, What string }

func testCards() []testCard {
	return []testCard{
		{"approved", panApproved, "4111 1111 1111 1111", "Approved"},
		{"declined", panDeclined, "4000 0000 0000 0002", "Declined"},
		{"funds", panFunds, "4000 0000 0000 9995", "Not enough money"},
		{"secure", panSecure, "4000 0000 0000 3220", "Asks the bank (3-D Secure)"},
	}
}

// testExpiry is a date in the future of everybody who practises.
const (
	testExpiry = "12/39"
	testCVC    = "123"
)

func (s *Simulator) view(x *session) view {
	v := view{
		Number: x.Amount.Decimal(), Currency: string(x.Amount.Currency),
		OrderID: x.OrderID, Note: x.Note, Path: pagePath + x.Session, AskPayer: x.AskPayer,
	}
	for _, row := range x.Rows {
		v.Rows = append(v.Rows, viewRow{row.Article, strings.Replace(row.Amount.Decimal(), "-", "\u2212", 1)})
	}
	return v
}

// showForm shows the card form. What was typed is never printed back; a listed
// test card can be filled in.
func (s *Simulator) showForm(w http.ResponseWriter, x *session, key string, bad problems) {
	v := s.view(x)
	v.Problems, v.Tests = bad, testCards()
	for _, t := range v.Tests {
		if t.Key == key {
			v.Prefill = prefill{t.Shown, testExpiry, testCVC}
		}
	}
	code := http.StatusOK
	if len(bad) > 0 {
		code = http.StatusUnprocessableEntity
	}
	s.show(w, "form", code, v)
}

// showResult shows how it ended and carries the browser on to the merchant
// with a signed message.
func (s *Simulator) showResult(w http.ResponseWriter, x *session, at stage) {
	v := s.view(x)
	v.Stage, v.Script = at, template.JS(goOn) // #nosec G203: a constant
	var err error
	if at == stagePaid {
		v.Action = x.URLOK
		s.mu.Lock()
		v.Fields, err = s.notice(checkout.MethodOK, x.payment)
		s.mu.Unlock()
	} else {
		v.Action = x.URLCancel
		v.Fields, err = s.cancelNotice(x)
	}
	if err != nil {
		s.unavailable(w, err)
		return
	}
	s.show(w, "result", http.StatusOK, v)
}

// showError is the page a customer sees when a form is refused (spec 3.1).
func (s *Simulator) showError(w http.ResponseWriter, no *refusal) {
	v := view{Code: int(no.status), Name: no.status.Name(), Sentence: no.why}
	s.show(w, "error", http.StatusBadRequest, v)
}

// show prints a page. Nothing is sent before all of it is ready.
func (s *Simulator) show(w http.ResponseWriter, name string, code int, v view) {
	v.Refresh = name == "working"
	var b bytes.Buffer
	if err := s.pages.all.ExecuteTemplate(&b, name+".html", v); err != nil {
		s.unavailable(w, err)
		return
	}
	policy := s.pages.policy
	if u, err := url.Parse(v.Action); err == nil && u.Host != "" {
		policy += " " + u.Scheme + "://" + u.Host
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(code)
	s.send(w, b.Bytes())
}

func declineSentence(code string) string {
	switch code {
	case declinedFunds:
		return "There is not enough money on this card."
	case declinedSecure:
		return "The bank could not confirm that it is you."
	}
	return "The bank said no to this card."
}
