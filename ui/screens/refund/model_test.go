package refund_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/refund"
)

func TestPreviewSaysWhatIsSent(t *testing.T) {
	t.Parallel()
	base := app.RefundPlan{
		Amount: eur(2000), Left: eur(6000), OrderID: "R4H8", Reference: "813", PurchaseOrderID: "M7Q2", CardLast4: "2091", CardName: "Mastercard",
		DeviceLabel: "Front counter",
	}
	facts := func(by string, way app.RefundWay) []refund.Fact {
		p := base
		p.By, p.Way = by, way
		return refund.PreviewOf(p, text.New("en")).Facts
	}
	for name, c := range map[string]struct{ got, want []refund.Fact }{
		"link": {facts(app.SendsIPCRefund, ""), []refund.Fact{
			{Label: "To", Value: "Front counter"}, {Label: "Refund of", Value: "813"}, {Label: "Amount", Value: "20.00 EUR"}, {Label: "Goes to", Value: "Mastercard 2091"}, {Label: "Order no.", Value: "R4H8"},
		}},
		"card": {facts(app.SendsRefund, app.RefundCard), []refund.Fact{
			{Label: "To", Value: "Front counter"}, {Label: "Refund of", Value: "813"}, {Label: "Amount", Value: "20.00 EUR"}, {Label: "How", Value: "With the card"}, {Label: "Goes to", Value: "Mastercard 2091"}, {Label: "Order no.", Value: "R4H8"},
		}},
		"account": {facts(app.SendsREST, app.RefundOnline), []refund.Fact{
			{Label: "To", Value: "myPOS"}, {Label: "Refund of", Value: "813"}, {Label: "Amount", Value: "20.00 EUR"}, {Label: "How", Value: "Through myPOS"}, {Label: "Goes to", Value: "Mastercard 2091"}, {Label: "Order no.", Value: "R4H8"},
		}},
		"drawer": {facts(app.SendsDrawer, app.RefundCash), []refund.Fact{{Label: "From", Value: "the drawer"}, {Label: "Amount", Value: "20.00 EUR"}}},
		"portal": {facts(app.SendsPortal, ""), nil},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Every state has its words in every language, and none offers to send an
// unknown refund again.
func TestEveryOutcomeHasWords(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		for _, state := range []app.RefundState{app.RefundPending, app.RefundDone, app.RefundFailed, app.RefundUnknown} {
			for _, device := range []string{"", "D1"} {
				s := after(state, 2000)
				a := &s.Attempts[0]
				a.Refunds[0].Device, a.Refunds[0].Way, a.Stage.Name = device, app.RefundReversal, app.StageAuthorising
				o := refund.Describe(refund.View{Sale: s, Refund: fresh, Now: now().Add(48 * time.Hour), Zone: time.UTC, Settles: true, Prints: true, Opens: true}, text.New(lang))
				all := o.Word + o.Title + o.Lead + o.LockTitle + o.LockText + o.Tick.Line + o.Main.Label
				for _, f := range o.Facts {
					all += f.Label + f.Value
				}
				for _, st := range o.Steps {
					all += st.Title
				}
				for _, side := range append(o.Side, o.Main) {
					all += side.Label
					if side.Act == refund.ActAgain && state != app.RefundFailed {
						t.Errorf("%s: a refund that is %s may be sent again", lang, state)
					}
				}
				if o.Word == "" || strings.ContainsAny(all, "[{") || len(o.Side) == 0 {
					t.Errorf("%s %s: %+v", lang, state, o)
				}
			}
		}
	}
}

func TestAFailureBlocksNothingMore(t *testing.T) {
	t.Parallel()
	p := app.RefundPlan{Amount: eur(100), By: app.SendsIPCRefund, Block: &payments.Error{Op: "x", Code: "terminal.busy", Err: payments.ErrRefused}}
	v := refund.PreviewOf(p, text.New("de"))
	if v.Blocked == "" || v.Code != "terminal.busy" {
		t.Errorf("%+v", v)
	}
	if len(v.Facts) != 0 || v.Title != "Es wird nichts gesendet" {
		t.Errorf("what is refused is told as if it were sent: %+v", v)
	}
}

// Of a sale that was paid twice one payment went back, and the other stays.
func TestOneOfTwoPaymentsWentBack(t *testing.T) {
	t.Parallel()
	s := after(app.RefundDone, 6000)
	second := app.Attempt{ID: "A2", Rail: payments.RailTerminal, State: app.Paid, Amount: eur(6000)}
	s.Attempts = append(s.Attempts, second)
	s.Received, s.Refunded = eur(6000), eur(6000)
	s.Attempts[0].State = app.Refunded
	o := refund.Describe(refund.View{Sale: s, Refund: fresh, Now: now(), Zone: time.UTC}, text.New("en"))
	if o.Tick.Line != "60.00 of 120.00 went back" || !slices.Contains(o.Facts, refund.Fact{Label: "Can still go back", Value: "60.00 EUR"}) {
		t.Errorf("%q, %+v", o.Tick.Line, o.Facts)
	}
	s.Attempts, s.Received = s.Attempts[:1], eur(0)
	if o := refund.Describe(refund.View{Sale: s, Refund: fresh, Now: now(), Zone: time.UTC}, text.New("en")); o.Tick.Line != "all of it went back" {
		t.Errorf("the only payment: %q", o.Tick.Line)
	}
}
