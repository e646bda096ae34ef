package account

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"frontdesk/payments/money"
)

// Statuses of a cloud payment as they are kept.
const (
	statusOpen     = "InProgress"
	statusSuccess  = "Success"
	statusCanceled = "Canceled"
	statusFailed   = "Failed"
	statusReversed = "Reversed"
)

// tapTime is how long the customer takes.
const tapTime = time.Second

// otherWords are the other spellings that were seen.
func otherWords(status string) string {
	switch status {
	case statusSuccess:
		return "COMPLETED"
	case statusCanceled:
		return "Cancelled"
	case statusFailed:
		return "rejected"
	}
	return status
}

func (b *book) cloudRecord(r Record) error {
	if r.Kind == kindCloud {
		if r.Cloud == nil || b.clouds[r.Cloud.ID] != nil {
			return ErrRecord
		}
		c := &cloud{Cloud: *r.Cloud, at: r.At, changed: r.At, status: statusOpen, number: len(b.clouded)}
		b.clouds[c.ID] = c
		b.clouded = append(b.clouded, c)
		return nil
	}
	c := b.clouds[r.Code]
	if c == nil || !c.open() {
		return ErrRecord
	}
	if r.Kind == kindCloudAsked {
		c.asked = true
		return nil
	}
	c.status, c.changed, c.reference = r.Status, r.At, r.Reference
	if c.reference == "" {
		return nil
	}
	m := Movement{
		At: r.At, Reference: c.reference, Operation: "POS " + c.Kind, Amount: c.Amount, Out: c.Kind != CloudSale,
		Reversal: c.Kind == CloudReversal, ReferenceNumber: c.Reference, TerminalID: c.TID, Last4: "1111",
		RRN: c.rrn(), STAN: c.stan(),
	}
	m.Amount.Minor += c.Tip
	b.move(m)
	if of := b.clouds[c.Of]; of != nil {
		of.status, of.changed = statusReversed, r.At
	}
	return nil
}

func (c *cloud) rrn() string  { return fmt.Sprintf("%012d", 100001+c.number) }
func (c *cloud) stan() string { return fmt.Sprintf("%06d", 1001+c.number) }

// settle finishes the cloud payments that are due. The caller holds a.mu.
func (a *Account) settle() {
	now := a.Now()
	for _, c := range a.book.clouded {
		if !c.open() || now.Before(c.Due) {
			continue
		}
		r := Record{Kind: kindCloudEnded, Code: c.ID, Status: statusSuccess}
		switch ending := c.Amount.Minor % 100; {
		case c.asked:
			r.Status = statusCanceled
			if _, on := a.Switch(Stubborn, "", c.Reference); on {
				r.Status = statusSuccess
			}
		case c.Kind != CloudSale:
		case ending == 4:
			continue
		case ending == 1:
			r.Status = statusFailed
		case ending == 3:
			r.Status = statusCanceled
		}
		if r.Status == statusSuccess {
			r.Reference = a.reference("POSA")
		}
		if err := a.commit(r); err != nil {
			a.Log.Error("cloud payment not finished", "error", err)
			return
		}
	}
}

// postCloud begins a payment on a cloud terminal (terminals 4.3).
func postCloud(a *Account, q *ask) reply {
	f := readForm(q.body, "reference_number amount description terminal_id app_name app_version operator_code")
	c := Cloud{
		Kind: CloudSale, Reference: f.text("reference_number", true, 50), Description: f.text("description", false, 255),
		TID: f.text("terminal_id", true, 8), Operator: f.text("operator_code", false, 4),
	}
	f.text("app_name", true, 50)
	f.text("app_version", true, 20)
	c.Amount, c.Tip = f.value("amount", "value currency_code tip")
	if f.err != nil {
		return problem(q, http.StatusBadRequest, f.err.Error(), "body")
	}
	if no, bad := a.mayUse(q, c.TID); bad {
		return no
	}
	for _, other := range a.book.clouded {
		if other.TID == c.TID && other.open() {
			return problem(q, http.StatusConflict, "busy", "")
		}
	}
	if c.Amount.Minor%100 == 8 {
		return problem(q, http.StatusConflict, "busy", "")
	}
	return a.begin(q, c, http.StatusCreated)
}

// mayUse checks that a terminal is ours and enabled for the cloud.
func (a *Account) mayUse(q *ask, tid string) (reply, bool) {
	d, ok := deviceByID(tid)
	switch {
	case !ok:
		return problem(q, http.StatusNotFound, "terminal", "terminal_id"), true
	case !d.cloud:
		return problem(q, http.StatusForbidden, "the terminal is not enabled", "terminal_id"), true
	}
	return reply{}, false
}

// begin records a payment, reversal or refund and answers with it.
func (a *Account) begin(q *ask, c Cloud, status int) reply {
	var err error
	if c.ID, err = a.secret(12); err != nil {
		return a.notKept(err)
	}
	late, _ := a.Switch(Late, q.name, c.Reference)
	c.Due = a.Now().Add(tapTime + late)
	if err := a.commit(Record{Kind: kindCloud, Cloud: &c}); err != nil {
		return a.notKept(err)
	}
	return reply{status, a.cloudRow(q, a.book.clouds[c.ID])}
}

// value reads an amount of the gateway: minor units and a currency.
func (f *form) value(name, names string) (money.Amount, int64) {
	g := readForm(f.members[name], names)
	cur, err := money.ParseCurrency(g.text("currency_code", true, 3))
	a := money.Amount{Minor: int64(g.whole("value", 1, 99_999_999)), Currency: cur}
	tip := 0
	if g.has("tip") {
		tip = g.whole("tip", 0, 99_999_999)
	}
	if g.err != nil || err != nil || a.Payable() != nil {
		f.fail("%s", name)
	}
	return a, int64(tip)
}

// cloudRow is a payment as the gateway shows it.
func (a *Account) cloudRow(q *ask, c *cloud) map[string]any {
	status := c.status
	if a.beingReversed(c.ID) {
		status = statusOpen
	}
	if _, on := a.Switch(Strange, q.name, c.Reference); on && c.open() {
		status = "Settling"
	}
	if _, on := a.Switch(Words, q.name, c.Reference); on {
		status = otherWords(status)
	}
	row := map[string]any{
		"payment_id": c.ID, "status": status, "reference_number": c.Reference, "description": c.Description,
		"terminal_id": c.TID,
		"amount":      map[string]any{"value": c.Amount.Minor, "currency_code": string(c.Amount.Currency), "tip": c.Tip},
		"created_at":  c.at.UTC().Format(time.RFC3339), "updated_at": c.changed.UTC().Format(time.RFC3339),
		"expire_at": c.at.UTC().AddDate(0, 1, 0).Format(time.RFC3339),
	}
	if c.reference != "" {
		row["rrn"], row["stan"], row["auth_code"], row["pan"] = c.rrn(), c.stan(), "A"+c.stan()[1:], "****1111"
		row["card_qualifier"], row["response_code"], row["signature_required"] = "VISA", "00", false
		row["transaction_date_local"] = c.changed.Format("060102150405")
	}
	if c.status == statusFailed {
		row["response_code"], row["status_message"] = "51", "Insufficient funds"
	}
	if _, on := a.Switch(Camel, q.name, c.Reference); on {
		return camel(row)
	}
	return row
}

// camel writes member names the other way.
func camel(row map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range row {
		if inner, ok := value.(map[string]any); ok {
			value = camel(inner)
		}
		words := strings.Split(name, "_")
		for i := 1; i < len(words); i++ {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
		out[strings.Join(words, "")] = value
	}
	return out
}

func getCloud(a *Account, q *ask) reply {
	c := a.book.clouds[q.PathValue("id")]
	if c == nil {
		return problem(q, http.StatusNotFound, "payment", "")
	}
	return answer(a.cloudRow(q, c))
}

// getClouds lists the payments of a terminal, newest first unless a switch says
// otherwise: the order is not documented.
func getClouds(a *Account, q *ask) reply {
	tid := q.URL.Query().Get("terminal_id")
	list := slices.DeleteFunc(slices.Clone(a.book.clouded), func(c *cloud) bool { return c.Kind == CloudReversal || other(tid, c.TID) })
	if _, on := a.Switch(Oldest, q.name, ""); !on {
		slices.Reverse(list)
	}
	part, p, err := slice(q, list, 20)
	if err != nil {
		return problem(q, http.StatusBadRequest, err.Error(), "page")
	}
	items := []map[string]any{}
	for _, c := range part {
		items = append(items, a.cloudRow(q, c))
	}
	pages := (p.Total + p.Size - 1) / p.Size
	return answer(map[string]any{
		"items": items, "page": p.Page, "page_size": p.Size, "total_pages": pages, "total_count": p.Total,
		"has_previous_page": p.Page > 1, "has_next_page": p.Page < pages,
	})
}

// deleteCloud asks for the end of a payment; the outcome decides.
func deleteCloud(a *Account, q *ask) reply {
	c := a.book.clouds[q.PathValue("id")]
	if c == nil {
		return problem(q, http.StatusNotFound, "payment", "")
	}
	if !c.open() {
		return problem(q, http.StatusConflict, "the payment has ended", "")
	}
	if !c.asked {
		if err := a.commit(Record{Kind: kindCloudAsked, Code: c.ID}); err != nil {
			return a.notKept(err)
		}
	}
	return reply{http.StatusAccepted, map[string]string{"id": c.ID}}
}

// postReversal begins to undo a payment, which is in progress again until it is
// reversed.
func postReversal(a *Account, q *ask) reply {
	sale := a.book.clouds[q.PathValue("id")]
	f := readForm(q.body, "description terminal_id app_name app_version")
	description, tid := f.text("description", false, 255), f.text("terminal_id", true, 8)
	f.text("app_name", true, 50)
	f.text("app_version", true, 20)
	switch {
	case sale == nil:
		return problem(q, http.StatusNotFound, "payment", "")
	case f.err != nil || tid != sale.TID:
		return problem(q, http.StatusBadRequest, "body", "body")
	case sale.Kind != CloudSale || sale.status != statusSuccess || a.beingReversed(sale.ID):
		return problem(q, http.StatusConflict, "the payment cannot be reversed", "")
	}
	amount := sale.Amount
	amount.Minor += sale.Tip
	no := a.begin(q, Cloud{
		Kind: CloudReversal, Of: sale.ID, TID: tid, Reference: sale.Reference, Amount: amount, Description: description,
	}, http.StatusOK)
	if no.status != http.StatusOK {
		return no
	}
	return answer(a.cloudRow(q, sale))
}

func (a *Account) beingReversed(id string) bool {
	return slices.ContainsFunc(a.book.clouded, func(c *cloud) bool { return c.Of == id && c.open() })
}

func postCloudRefund(a *Account, q *ask) reply {
	f := readForm(q.body, "amount description terminal_id app_name app_version")
	c := Cloud{Kind: CloudRefund, TID: f.text("terminal_id", true, 8), Description: f.text("description", false, 255)}
	f.text("app_name", true, 50)
	f.text("app_version", true, 20)
	c.Amount, _ = f.value("amount", "value currency_code")
	if f.err != nil {
		return problem(q, http.StatusBadRequest, f.err.Error(), "body")
	}
	if no, bad := a.mayUse(q, c.TID); bad {
		return no
	}
	return a.begin(q, c, http.StatusOK)
}
