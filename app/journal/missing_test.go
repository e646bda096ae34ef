package journal_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
)

// Somebody who takes a payment out of the postings, to keep the money, is found
// out: the sales themselves are added up, too.
func TestAPostingThatWasTakenAwayIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	for n := range 3 {
		paid := event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", n), app.EvidenceData{})
		paid.Wall = at(0)
		put(t, j, append(sale(n, ""), paid)...)
	}
	today := app.Period{From: time.Unix(0, 0), To: at(0).Add(time.Hour)}
	if got, err := j.Received(t.Context(), today); err != nil || got["EUR"] != 13500 {
		t.Fatalf("%v, %v", got, err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `DELETE FROM postings WHERE seq = (SELECT max(seq) FROM postings)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var sum int64
	takings, err := j.Takings(t.Context(), today)
	for _, k := range takings {
		sum += k.Amount.Minor
	}
	got, err2 := j.Received(t.Context(), today)
	if err != nil || err2 != nil || sum != 9000 || got["EUR"] != 13500 {
		t.Errorf("postings %d, sales %v, %v, %v", sum, got, err, err2)
	}
	if v, err := j.Verify(t.Context()); err != nil || v.Bad == 0 || v.Events != 9 || !strings.Contains(v.Why, string(event(2, app.PaymentSeen, app.FromNotice, "", nil).Sale)) {
		t.Errorf("verified %+v, %v", v, err)
	}
	if err := j.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := j.Verify(t.Context()); err != nil || v.Bad != 0 {
		t.Errorf("computed again: %+v, %v", v, err)
	}
}
