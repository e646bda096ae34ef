package journal

import (
	"testing"

	"frontdesk/app"
	"frontdesk/payments"
)

func TestSmoke(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = j.Append(t.Context(), []app.Event{{Sale: "A", Source: app.FromDesk, Kind: app.SaleOpened}, {Sale: "A", Attempt: "B", Source: app.FromDesk, Kind: app.AttemptIntended, Data: []byte(`{"order_id":"P1"}`)}}, &payments.Position{Epoch: "e", Seq: 3})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := j.Sales(t.Context(), app.Query{Text: "p1"}); err != nil || len(s) != 1 {
		t.Fatal(s, err)
	}
	if v, err := j.Verify(t.Context()); err != nil || v.Events != 2 || v.Bad != 0 {
		t.Fatal(v, err)
	}
	if _, err := Open(t.Context(), Config{Dir: dir}); err == nil {
		t.Fatal("opened twice")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if j, err = Open(t.Context(), Config{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	t.Log(j.State(t.Context()))
	j.Close()
}
