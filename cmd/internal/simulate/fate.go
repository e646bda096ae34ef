package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// rates are how often of a thousand something befalls a request.
type rates struct {
	refused, lost, unheard, twice, slow, broken, unsigned, half, dies int
	doubled, lags                                                     int // of lists
}

// fate is what becomes of one request.
type fate struct {
	up, down time.Duration // on the wire
	silence  time.Duration // until a loss is noticed
	later    time.Duration // the second copy

	refused  bool // no connection
	lost     bool // the request does not arrive
	unheard  bool // it does, the answer does not
	twice    bool // it arrives twice
	broken   bool // a proxy answers 502 instead
	unsigned bool // the answer of myPOS loses its signature
	half     bool // the answer ends in the middle
	doubled  bool // every line of a list is there twice
	lags     int  // so many of the newest lines are not in it yet
	dies     moment
}

// moment is when a program dies around a request.
type moment string

const (
	livesOn    moment = ""
	diesBefore moment = "before"
	diesAfter  moment = "after"
)

// identified is what a request is about.
type identified struct {
	key    string
	stream bool // of the long poll and the probes, which never end
	mypos  bool // an answer that is signed
	refund bool
	list   bool // the list of the account
}

// identity names a request by what it is, so that its fate does not depend on
// what else is on the way.
func identity(r *http.Request, body []byte) identified {
	path := r.URL.Path
	id := identified{key: r.Method + " " + r.URL.Host + nameless(path)}
	switch {
	case r.Header.Get("Content-Type") == relay.ProbeType:
		id.key += " probe"
		id.stream = true
	case path == listPath:
		id.list = true
	case path == relay.PathPoll:
		id.stream = true
	case path == relay.PathOrders:
		var in struct {
			OrderID string `json:"order_id"`
		}
		if json.Unmarshal(body, &in) == nil {
			id.key += " " + in.OrderID
		}
	case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		if f, err := url.ParseQuery(string(body)); err == nil {
			id.key += " " + f.Get("IPCmethod") + " " + f.Get("OrderID")
			id.mypos = f.Get("OutputFormat") != ""
			id.refund = f.Get("IPCmethod") == checkout.MethodRefund
		}
	}
	return id
}

// nameless is a path without the names that the relay and myPOS have drawn: those
// are others in every run.
func nameless(path string) string {
	for _, before := range []string{relay.PathNotify, hostedPath} {
		if rest, ok := strings.CutPrefix(path, before); ok {
			_, sub, _ := strings.Cut(rest, "/")
			return before + "*/" + sub
		}
	}
	return path
}

// hostedPath is where myPOS shows its pages.
const hostedPath = "/vmp/checkout/pmnt/"

// fate draws what becomes of a request. In calm weather it only takes its time.
func (c *caller) fate(name string, what identified, storm bool) fate {
	d := &dice{chance: c.net.chance, name: name}
	f := fate{up: d.between(2*time.Millisecond, 60*time.Millisecond), down: d.between(2*time.Millisecond, 60*time.Millisecond)}
	if !storm {
		return f
	}
	f.silence = d.between(time.Millisecond, 200*time.Millisecond)
	if d.hit(500) {
		f.silence = d.between(5*time.Second, 40*time.Second)
	}
	f.later = d.between(time.Millisecond, 20*time.Second)
	rate := c.fates
	if what.stream {
		rate = rates{refused: rate.refused / 8, lost: rate.lost / 8, unheard: rate.unheard / 8, broken: rate.broken / 8}
	}
	if what.refund { // the one request that moves money
		rate = rates{
			refused: 2 * rate.refused, lost: 3 * rate.lost, unheard: 3 * rate.unheard, twice: 3 * rate.twice, slow: rate.slow,
			broken: 3 * rate.broken, unsigned: 2 * rate.unsigned, half: 2 * rate.half, dies: 4 * rate.dies,
		}
	}
	if d.hit(rate.slow) {
		f.up += d.between(time.Second, 15*time.Second)
	}
	if d.hit(rate.slow) {
		f.down += d.between(time.Second, 15*time.Second)
	}
	f.refused, f.lost, f.unheard, f.twice = d.hit(rate.refused), d.hit(rate.lost), d.hit(rate.unheard), d.hit(rate.twice)
	f.broken, f.unsigned, f.half = d.hit(rate.broken), what.mypos && d.hit(rate.unsigned), d.hit(rate.half)
	if f.doubled = what.list && d.hit(rate.doubled); what.list && d.hit(rate.lags) {
		f.lags = 1 + d.number(12)
	}
	if d.hit(rate.dies) {
		f.dies = pick(d, diesBefore, diesAfter)
	}
	return f
}

// spoil changes an answer on its way back.
func (f fate) spoil(r *http.Response, note func(string)) {
	switch {
	case f.broken:
		note("bad gateway")
		r.StatusCode, r.Status = http.StatusBadGateway, "502 Bad Gateway"
		replace(r, []byte("<html>bad gateway</html>"))
	case f.unsigned:
		if body := read(r); json.Valid(body) {
			note("signature lost")
			replace(r, unsign(body))
		}
	case f.doubled || f.lags > 0:
		note("another list")
		f.list(r)
	case f.half:
		body := read(r)
		note("answer cut in half")
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), broken{}))
	}
}

// list changes a page of the account's list.
func (f fate) list(r *http.Response) {
	var page struct {
		Lines  []json.RawMessage `json:"transactions"`
		Paging json.RawMessage   `json:"pagination"`
	}
	if json.Unmarshal(read(r), &page) != nil {
		return
	}
	page.Lines = page.Lines[min(f.lags, len(page.Lines)):]
	if f.doubled {
		page.Lines = append(page.Lines, page.Lines...)
	}
	if body, err := json.Marshal(page); err == nil {
		replace(r, body)
	}
}

// listPath is where the account shows its list.
const listPath = "/v1.1/transactions"

func read(r *http.Response) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = nil
	}
	replace(r, body)
	return body
}

func replace(r *http.Response, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// unsign takes the signature out of an answer and leaves the rest as it is.
func unsign(body []byte) []byte {
	const member = `"Signature":"`
	at := bytes.Index(body, []byte(member))
	if at < 0 {
		return body
	}
	end := bytes.IndexByte(body[at+len(member):], '"')
	if end < 0 {
		return body
	}
	out := bytes.TrimRight(bytes.Clone(body[:at]), ", \n\t")
	return append(out, body[at+len(member)+end+1:]...)
}

type broken struct{}

var errHalf = errors.New("unexpected end of the answer")

func (broken) Read([]byte) (int, error) { return 0, errHalf }
