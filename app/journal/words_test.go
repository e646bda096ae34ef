package journal_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// What nobody must find on the disk any more.
const (
	clientName = "Zwetelina Ueberall"
	clientNote = "allergic to ammonia"
	refundWhy  = "fringe came out uneven"
	cardHolder = "Frau Z. Ueberall"
)

// personal is a sale with words in everything that can hold some.
func personal(n int) []app.Event {
	events := sale(n, clientNote)
	events[0].Data = data(app.SaleData{Lines: []app.Line{{Label: "Cut", Amount: eur(4500)}}, Note: clientNote, Client: clientName, Language: "de", Key: fmt.Sprint("key", n)})
	return append(
		events,
		event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("81370", n), app.EvidenceData{OrderID: fmt.Sprint("P", n), CardLast4: "0007", Raw: []byte("CardholderName=" + cardHolder)}),
		event(n, app.NoticeOddity, app.FromNotice, "odd", app.EvidenceData{Code: "notice.method", Raw: []byte(cardHolder)}),
		event(n, app.StatusAnswered, app.FromStatus, "q1", app.StatusData{Outcome: payments.Paid, AsOf: 3, Reference: fmt.Sprint("81370", n), Raw: []byte(cardHolder)}),
		event(n, app.RefundIntended, app.FromOperator, fmt.Sprint("R", n), app.RefundData{OrderID: fmt.Sprint("R", n), Reason: refundWhy}),
		event(n, app.RefundSettled, app.FromStatus, fmt.Sprint("R", n), app.RefundData{OrderID: fmt.Sprint("R", n), Outcome: payments.Refunded, Raw: []byte(cardHolder)}),
	)
}

func erased(n int, reference string) app.Event {
	e := event(n, app.WordsErased, app.FromOperator, reference, nil)
	e.Attempt, e.Operator = "", "Nora"
	return e
}

// onDisk reports which of the words stand in a file of the journal. Words in the
// lines would be written as base 64, too.
func onDisk(t testing.TB, dir string, words ...string) (found []string) {
	t.Helper()
	for _, name := range []string{"journal.db", "journal.db-wal"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		lower := bytes.ToLower(raw)
		for _, w := range words {
			if bytes.Contains(lower, bytes.ToLower([]byte(w))) {
				found = append(found, name+": "+w)
			}
		}
	}
	return found
}

// words as they would stand in the lines, the lists and the index of the search.
func hunted(t testing.TB, j *journal.Journal, id app.SaleID) []string {
	key, err := j.Key(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{clientName, clientNote, refundWhy, cardHolder, "zwetelina", "ueberall", "allergic", "ammonia", "fringe", "uneven"}
	encoded, err := json.Marshal([]byte("CardholderName=" + cardHolder))
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, string(encoded[1:40]))
	if len(key) > 0 {
		list = append(list, string(key))
	}
	return list
}

// wordless is a sale without the words in it.
func wordless(s app.Sale) app.Sale {
	s.Note, s.Client, s.Revision, s.Erased = "", "", 0, time.Time{}
	s.Attempts = append([]app.Attempt(nil), s.Attempts...)
	for i, a := range s.Attempts {
		s.Attempts[i].Refunds = append([]app.Refund(nil), a.Refunds...)
		for k := range a.Refunds {
			s.Attempts[i].Refunds[k].Reason = ""
		}
	}
	return s
}

func TestErasedWordsAreNowhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	for n := range 40 { // pages that are split and merged around it
		put(t, j, sale(100+n, fmt.Sprint("another note ", n))...)
		if n == 20 {
			put(t, j, personal(1)...)
		}
	}
	id := personal(1)[0].Sale
	list := hunted(t, j, id)
	before, err := j.Sale(t.Context(), id)
	if err != nil || app.Fold(before).Client != clientName || app.Fold(before).Attempts[0].Refunds[0].Reason != refundWhy {
		t.Fatalf("%+v, %v", app.Fold(before), err)
	}
	if stored, err := j.Stored(t.Context(), id); err != nil {
		t.Fatal(err)
	} else {
		for _, e := range stored {
			for _, w := range list {
				if strings.Contains(string(e.Data), w) {
					t.Errorf("line %d holds %q", e.Seq, w)
				}
			}
		}
	}
	if found, err := j.Sales(t.Context(), app.Query{Text: "zwetelina"}); err != nil || len(found) != 1 {
		t.Fatalf("%d found, %v", len(found), err)
	}
	if found := onDisk(t, dir, clientName, list[len(list)-1]); len(found) < 2 {
		t.Fatalf("the hunt finds nothing: %q", found)
	}

	put(t, j, erased(1, "e1"))
	if err := j.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := j.Sale(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(wordless(app.Fold(before)), wordless(app.Fold(after))); diff != "" {
		t.Errorf("more than words has changed:\n%s", diff)
	}
	if s := app.Fold(after); s.Client != "" || s.Note != "" || s.Erased.IsZero() || s.Attempts[0].Refunds[0].Reason != "" {
		t.Errorf("words are left: %+v", s)
	}
	if found, err := j.Sales(t.Context(), app.Query{Text: "zwetelina"}); err != nil || len(found) != 0 {
		t.Errorf("%d found, %v", len(found), err)
	}
	if found, err := j.Sales(t.Context(), app.Query{Text: "another note"}); err != nil || len(found) != 40 {
		t.Errorf("%d of the others found, %v", len(found), err)
	}
	if found := onDisk(t, dir, list...); len(found) != 0 {
		t.Errorf("on the disk: %q", found)
	}
	if v := verified(t, j); v.Bad != 0 {
		t.Errorf("the chain: %+v", v)
	}
	rebuiltSame(t, j)
	if found := onDisk(t, dir, list...); len(found) != 0 {
		t.Errorf("on the disk once it was rebuilt: %q", found)
	}

	// A copy, put in force, holds no more than the journal.
	other := t.TempDir()
	if err := j.Copy(t.Context(), path(other)); err != nil {
		t.Fatal(err)
	}
	if found := onDisk(t, other, list...); len(found) != 0 {
		t.Errorf("in the copy: %q", found)
	}
	restored := open(t, other)
	if events, err := restored.Sale(t.Context(), id); err != nil || app.Fold(events).Client != "" {
		t.Errorf("%+v, %v", app.Fold(events), err)
	}
	if v := verified(t, restored); v.Bad != 0 {
		t.Errorf("the chain of the copy: %+v", v)
	}
}

// rebuiltSame computes the projections again and compares them.
func rebuiltSame(t testing.TB, j *journal.Journal) {
	t.Helper()
	before, err := j.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := j.Dump(t.Context())
	if diff := gocmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("%v: rebuilt differently:\n%s", err, diff)
	}
	if err := j.Forget(t.Context()); err != nil {
		t.Error(err)
	}
}

// What comes in later is sealed under a new key, which opens nothing that was
// erased; it can be erased as well.
func TestWordsAfterAnErasure(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, personal(1)...)
	id := personal(1)[0].Sale
	put(t, j, erased(1, "e1"))
	if with, err := j.Sales(t.Context(), app.Query{Worded: true}); err != nil || len(with) != 0 {
		t.Errorf("%d with words, %v", len(with), err)
	}
	if again := put(t, j, personal(1)...); len(again) != 0 {
		t.Errorf("%d events were written twice", len(again))
	}
	if with, err := j.Sales(t.Context(), app.Query{Worded: true}); err != nil || len(with) != 0 {
		t.Errorf("a repeated event brought a key back: %d, %v", len(with), err)
	}
	put(t, j, event(1, app.RollbackSeen, app.FromNotice, "e/2/0", app.EvidenceData{Raw: []byte("late")}))
	events, err := j.Sale(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		var d app.EvidenceData
		if err := json.Unmarshal(e.Data, &d); len(e.Data) > 0 && err != nil {
			t.Fatal(err)
		}
		if late := e.Kind == app.RollbackSeen; late != (string(d.Raw) == "late") || !late && len(d.Raw) > 0 {
			t.Errorf("%s holds %q", e.Kind, d.Raw)
		}
	}
	if app.Fold(events).Client != "" {
		t.Error("the client is back")
	}
	if with, err := j.Sales(t.Context(), app.Query{Worded: true}); err != nil || len(with) != 1 {
		t.Errorf("%d with words, %v", len(with), err)
	}
	put(t, j, erased(1, "e2"))
	if events, _ = j.Sale(t.Context(), id); strings.Contains(string(events[len(events)-2].Data), "raw") {
		t.Errorf("left: %s", events[len(events)-2].Data)
	}
	rebuiltSame(t, j)
}

// A payment that was found has a sale, and a key, of its own.
func TestFoundPaymentsAreSealed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	e := event(1, app.FoundPayment, app.FromNotice, "9", app.EvidenceData{OrderID: "P9", CardLast4: "0007", Raw: []byte(cardHolder)})
	put(t, j, e)
	stored, err := j.Stored(t.Context(), e.Sale)
	if err != nil || strings.Contains(string(stored[0].Data), `"raw"`) || !strings.Contains(string(stored[0].Data), "P9") {
		t.Fatalf("%s, %v", stored[0].Data, err)
	}
	before, _ := j.Sale(t.Context(), e.Sale)
	put(t, j, erased(1, "e1"))
	after, _ := j.Sale(t.Context(), e.Sale)
	if diff := gocmp.Diff(wordless(app.Fold(before)), wordless(app.Fold(after))); diff != "" || app.Fold(after).State != app.Found {
		t.Errorf("%s", diff)
	}
}

// Lines of older programs are read as they are, and what they hold is not said to
// be erased.
func TestLinesThatAreNotSealed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := personal(1)
	if err := journal.MakeOld(t.Context(), dir, 4, old); err != nil {
		t.Fatal(err)
	}
	j := open(t, dir)
	if err := j.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := j.Sale(t.Context(), old[0].Sale)
	if s := app.Fold(events); err != nil || s.Client != clientName || s.Refunded != eur(4500) {
		t.Fatalf("%+v, %v", app.Fold(events), err)
	}
	_, err = j.Append(t.Context(), []app.Event{erased(1, "e1")}, nil)
	if payments.CodeOf(err) != "words.plain" {
		t.Errorf("got %v", err)
	}
	put(t, j, personal(2)...)
	put(t, j, erased(2, "e1"))
	if v := verified(t, j); v.Bad != 0 || v.Events != 15 {
		t.Errorf("the chain: %+v", v)
	}
	if with, err := j.Sales(t.Context(), app.Query{Worded: true}); err != nil || len(with) != 0 {
		t.Errorf("%d with words, %v", len(with), err)
	}
}

// A journal without entropy writes no words rather than plain ones.
func TestNoWordsWithoutEntropy(t *testing.T) {
	t.Parallel()
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := j.Append(t.Context(), sale(1, "note"), nil); payments.CodeOf(err) != "journal.failed" {
		t.Errorf("got %v", err)
	}
	if s, err := j.State(t.Context()); err != nil || s.Head != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Sealed words open in their own line only.
func TestSealedWordsAreBound(t *testing.T) {
	t.Parallel()
	key, other := make([]byte, 32), make([]byte, 32)
	other[0] = 1
	e := event(1, app.PaymentSeen, app.FromNotice, "1", nil)
	e.Data = data(app.EvidenceData{OrderID: "P1", Raw: []byte("raw")})
	sealed, err := journal.Seal(rand.Reader, key, e)
	if err != nil {
		t.Fatal(err)
	}
	if got := journal.Opened(key, sealed); !sameJSON(t, e.Data, got.Data) {
		t.Errorf("opens to %s", got.Data)
	}
	for name, change := range map[string]func(*app.Event){
		"sale":    func(e *app.Event) { e.Sale = "SALE" },
		"attempt": func(e *app.Event) { e.Attempt = "" },
		"kind":    func(e *app.Event) { e.Kind = app.FoundPayment },
		"text":    func(e *app.Event) { e.Data = bytes.Replace(e.Data, []byte(`"sealed":"`), []byte(`"sealed":"AAAA`), 1) },
		"short":   func(e *app.Event) { e.Data = []byte(`{"order_id":"P1","sealed":"AA=="}`) },
		"odd":     func(e *app.Event) { e.Data = []byte(`{"order_id":"P1","sealed":"-"}`) },
	} {
		moved := sealed
		change(&moved)
		if got := journal.Opened(key, moved); !sameJSON(t, []byte(`{"order_id":"P1"}`), got.Data) {
			t.Errorf("with another %s it opens to %s", name, got.Data)
		}
	}
	if got := journal.Opened(other, sealed); !sameJSON(t, []byte(`{"order_id":"P1"}`), got.Data) {
		t.Errorf("under another key it opens to %s", got.Data)
	}
}

func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal(a, &x) != nil {
		t.Fatalf("no JSON: %s", a)
	}
	return json.Unmarshal(b, &y) == nil && gocmp.Equal(x, y)
}

// Whatever an object holds, it comes back, and none of its words stands in what
// is stored.
func FuzzSealedData(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"note":"x"}`, `{"raw":"AA=="}`, `{"a":1,"note":"\"sealed\":\"","client":"ü<&>"}`, `{"sealed":"x"}`, `{"reason":null,"note":""}`,
		`{"lines":[{"label":"\",\"sealed\":\"AAAA\"}"}],"client":"C"}`, `[1]`, `"note"`, ``, `{"client":{"note":"deep"}}`, `{"note":"a","note":"b"}`,
	} {
		f.Add([]byte(s))
	}
	key := make([]byte, 32)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m map[string]json.RawMessage
		if json.Unmarshal(raw, &m) != nil || m == nil || m["sealed"] != nil {
			t.Skip()
		}
		e := event(1, app.SaleOpened, app.FromDesk, "", nil)
		e.Data = raw
		stored, err := journal.Seal(rand.Reader, key, e)
		if err != nil {
			t.Fatal(err)
		}
		if got := journal.Opened(key, stored); !sameJSON(t, raw, got.Data) {
			t.Fatalf("%s came back as %s", raw, got.Data)
		}
		bare := journal.Opened(nil, stored)
		if err := json.Unmarshal(bare.Data, &m); err != nil {
			t.Fatalf("without its words %s is %s", raw, bare.Data)
		}
		clear(m)
		_ = json.Unmarshal(bare.Data, &m)
		for _, name := range []string{"note", "client", "reason", "raw"} {
			if v, left := m[name]; left && string(v) != `""` && string(v) != "null" {
				t.Fatalf("%s is stored as %s", raw, stored.Data)
			}
		}
	})
}
