package account

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	maxBody = 64 << 10
	// maxNames is how many request ids are remembered.
	maxNames = 50_000
)

// requestID is the shape of X-Request-ID.
var requestID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// ask is one call: the request with its body read.
type ask struct {
	*http.Request
	name string // of the call, for the fault script
	body []byte
}

// reply is an answer. body nil sends none.
type reply struct {
	status int
	body   any
}

func answer(body any) reply { return reply{http.StatusOK, body} }

// refuse is the answer to a wrong call of the account's API. The shape of its
// errors is not published.
func refuse(status int, why string) reply {
	return reply{status, map[string]string{"error": http.StatusText(status), "message": why}}
}

// handler does a call. It holds a.mu.
type handler func(a *Account, q *ask) reply

// Handle adds the API and the gateway to mux.
func (a *Account) Handle(mux *http.ServeMux) {
	for pattern, c := range restCalls() {
		mux.HandleFunc(pattern, a.serve(c.name, c.about, a.guarded(c)))
	}
	for pattern, c := range gatewayCalls() {
		mux.HandleFunc(pattern, a.serve(c.name, c.about, a.guardedGateway(c)))
	}
}

// serve reads the body, lets the fault script have its say, and answers.
func (a *Account) serve(name string, about func(*Account, *ask) string, work handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too long", http.StatusRequestEntityTooLarge)
			return
		}
		q := &ask{r, name, body}
		a.mu.Lock()
		order := about(a, q)
		a.mu.Unlock()
		m := a.Mishap(name, order)
		if m.Skew != 0 {
			w.Header().Set("Date", a.Now().Add(m.Skew).UTC().Format(http.TimeFormat))
		}
		if id := r.Header.Get("X-Request-Id"); requestID.MatchString(id) {
			w.Header().Set("X-Request-Id", id)
		}
		switch {
		case m.Portal:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			a.write(w, http.StatusOK, []byte("<!doctype html><title>Guest network</title><p>Accept the terms to use this network.</p>\n"))
			return
		case m.Status != 0 && !m.Done:
			a.send(w, refuse(m.Status, "as the fault script wants it"))
			return
		}
		a.mu.Lock()
		a.settle()
		done := work(a, q)
		a.mu.Unlock()
		a.finish(w, r, m, done)
	}
}

// finish answers as the fault script wants it.
func (a *Account) finish(w http.ResponseWriter, r *http.Request, m Mishap, done reply) {
	if m.Slow > 0 {
		t := time.NewTimer(m.Slow)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
		case <-a.context.Done():
		}
	}
	switch {
	case m.Cut:
		panic(http.ErrAbortHandler)
	case m.Status != 0:
		a.send(w, refuse(m.Status, "as the fault script wants it"))
	case m.Wrong:
		a.send(w, answer([]string{"another answer"}))
	default:
		a.send(w, done)
	}
}

func (a *Account) send(w http.ResponseWriter, r reply) {
	if r.body == nil {
		a.write(w, r.status, nil)
		return
	}
	body, err := json.Marshal(r.body)
	if err != nil {
		a.Log.Error("answer not written", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	a.write(w, r.status, append(body, '\n'))
}

func (a *Account) write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		a.Log.Debug("answer not taken", "error", err)
	}
}

// notKept is the answer when the truth could not be kept: nothing was done.
func (a *Account) notKept(err error) reply {
	a.Log.Error("not done", "error", err)
	return refuse(http.StatusServiceUnavailable, "not done")
}

// restCall is one call of the account's API.
type restCall struct {
	name   string
	about  func(*Account, *ask) string
	work   handler
	params string // names of parameters, separated by blanks
	body   bool   // a JSON object is expected
	open   bool   // no token: the token call itself
}

// guarded checks what every call needs (spec 10.1) before doing it.
func (a *Account) guarded(c restCall) handler {
	if c.open {
		return c.work
	}
	return func(a *Account, q *ask) reply {
		bearer, ok := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
		if g, known := a.tokens[bearer]; !ok || !known || !a.Now().Before(g.until) {
			return refuse(http.StatusUnauthorized, "no token, or one that ended")
		}
		if q.Header.Get("Api-Key") != a.Identity.ClientID {
			return refuse(http.StatusForbidden, "API-Key")
		}
		id := q.Header.Get("X-Request-Id")
		if !requestID.MatchString(id) || a.names[id] {
			return refuse(http.StatusBadRequest, "X-Request-ID must be a UUID that was not used before")
		}
		if len(a.names) >= maxNames {
			clear(a.names)
		}
		a.names[id] = true
		if no, bad := jsonHeaders(q); bad {
			return no
		}
		if no, bad := parameters(q, c.params); bad {
			return no
		}
		if !c.body && len(q.body) > 0 {
			return refuse(http.StatusBadRequest, "a body is not expected")
		}
		return c.work(a, q)
	}
}

func jsonHeaders(q *ask) (reply, bool) {
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "Content-Type must be application/json"), true
	}
	if !strings.Contains(q.Header.Get("Accept"), "application/json") {
		return refuse(http.StatusNotAcceptable, "Accept must be application/json"), true
	}
	if q.Header.Get("User-Agent") == "" {
		return refuse(http.StatusBadRequest, "User-Agent"), true
	}
	return reply{}, false
}

// parameters refuses unknown and repeated ones.
func parameters(q *ask, names string) (reply, bool) {
	known := strings.Fields(names)
	for name, values := range q.URL.Query() {
		if len(values) != 1 || !contains(known, name) {
			return refuse(http.StatusBadRequest, "parameter "+strconv.Quote(name)), true
		}
	}
	return reply{}, false
}

func contains(list []string, name string) bool {
	for _, one := range list {
		if one == name {
			return true
		}
	}
	return false
}

// slice takes page and size of a question and returns that part of a list, with
// the paging that goes with it.
func slice[T any](q *ask, list []T, size int) (part []T, p paging, err error) {
	p = paging{Page: 1, Size: size, Total: len(list)}
	if p.Page, err = whole(q, "page", 1, 1, 1_000_000); err != nil {
		return nil, p, err
	}
	if p.Size, err = whole(q, "size", size, 1, 100); err != nil {
		return nil, p, err
	}
	from := min((p.Page-1)*p.Size, len(list))
	return list[from:min(from+p.Size, len(list))], p, nil
}

type paging struct {
	Page  int `json:"page"`
	Size  int `json:"size"`
	Total int `json:"total"`
}

// whole reads a number of a question.
func whole(q *ask, name string, missing, low, high int) (int, error) {
	text := q.URL.Query().Get(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high || strconv.Itoa(n) != text {
		return 0, fmt.Errorf("%s must be %d to %d", name, low, high)
	}
	return n, nil
}

// moment reads a time of a question; zero when it is not there.
func moment(q *ask, name, layout string) (time.Time, error) {
	text := q.URL.Query().Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return t, fmt.Errorf("%s must look like %s", name, layout)
	}
	return t, nil
}
