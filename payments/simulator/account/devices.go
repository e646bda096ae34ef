package account

import (
	"errors"
	"net/http"
	"slices"
	"time"
)

// Device is a terminal of the practice account.
type Device struct {
	TerminalID   string `json:"terminal_id"`
	SerialNumber string `json:"serial_number"`
	Model        string `json:"model"`
	name         string
	cloud        bool // may be driven through the gateway
}

// Devices returns the terminals of the practice account.
func Devices() []Device {
	return []Device{
		{"80000001", "SIM0000001", "Ultra", "Reception", true},
		{"80000002", "SIM0000002", "Sigma", "Chair 4", true},
		{"80000003", "SIM0000003", "Go 2", "Back room", false},
	}
}

func deviceByID(tid string) (Device, bool) {
	for _, d := range Devices() {
		if d.TerminalID == tid {
			return d, true
		}
	}
	return Device{}, false
}

func filteredDevices(q *ask) []Device {
	v := q.URL.Query()
	return slices.DeleteFunc(Devices(), func(d Device) bool {
		return other(v.Get("terminal_id"), d.TerminalID) || other(v.Get("serial_number"), d.SerialNumber) ||
			other(v.Get("model"), d.Model)
	})
}

func other(want, got string) bool { return want != "" && want != got }

func getDevices(_ *Account, q *ask) reply {
	part, p, err := slice(q, filteredDevices(q), 20)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	return answer(map[string]any{"devices": part, "pagination": p})
}

// getDevicesV1 is the older call, which wants a body of {} though it is a GET.
func getDevicesV1(a *Account, q *ask) reply {
	if f := readForm(q.body, ""); f.err != nil {
		return refuse(http.StatusBadRequest, "the body must be {}")
	}
	return getDevices(a, q)
}

func getDevice(_ *Account, q *ask) reply {
	d, ok := deviceByID(q.PathValue("tid"))
	if !ok {
		return refuse(http.StatusNotFound, "terminal")
	}
	return answer(map[string]any{
		"terminal_id": d.TerminalID, "serial_number": d.SerialNumber, "model": d.Model,
		"terminal_name": d.name, "device_currency": "EUR", "status": "Active",
	})
}

// getDeviceTransactions lists card-present payments, newest first; those of
// today unless days are named.
func getDeviceTransactions(a *Account, q *ask) reply {
	v := q.URL.Query()
	from, errFrom := moment(q, "from_date", time.DateOnly)
	to, errTo := moment(q, "to_date", time.DateOnly)
	if errors.Join(errFrom, errTo) != nil {
		return refuse(http.StatusBadRequest, "from_date or to_date")
	}
	today := a.Now().UTC().Truncate(24 * time.Hour)
	if from.IsZero() {
		from = today
	}
	if to.IsZero() {
		to = today
	}
	tid := v.Get("terminal_id")
	if in := q.PathValue("tid"); in != "" {
		tid = in
	}
	list := slices.DeleteFunc(a.listed(), func(m Movement) bool {
		at := m.At.UTC()
		return m.TerminalID == "" || other(tid, m.TerminalID) || at.Before(from) || !at.Before(to.AddDate(0, 0, 1)) ||
			other(v.Get("rrn"), m.RRN) || other(v.Get("stan"), m.STAN) || other(v.Get("reference_number"), m.ReferenceNumber)
	})
	slices.Reverse(list)
	part, p, err := slice(q, list, 20)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	rows := []map[string]any{}
	for _, m := range part {
		rows = append(rows, m.posRow())
	}
	return answer(map[string]any{"transactions": rows, "pagination": p})
}

func (m Movement) posRow() map[string]any {
	row := map[string]any{
		"terminal_id": m.TerminalID, "date": m.At.UTC().Format(stampLayout), "tran_status": "Success",
		"payment_status": "Completed", "amount": m.Amount.Decimal(), "currency": string(m.Amount.Currency),
		"rrn": m.RRN, "stan": m.STAN, "pan": "****" + m.Last4, "payment_reference": m.Reference,
		"reference_number": m.ReferenceNumber,
	}
	if m.Out {
		row["amount"] = "-" + m.Amount.Decimal()
	}
	return row
}

// postDeviceRefund gives money back for a card-present payment.
func postDeviceRefund(a *Account, q *ask) reply {
	f := readForm(q.body, "reference_number amount")
	reference := f.text("reference_number", true, 50)
	tid := q.PathValue("tid")
	if f.err != nil {
		return refuse(http.StatusBadRequest, f.err.Error())
	}
	var sale Movement
	for _, m := range a.movements() {
		if m.ReferenceNumber == reference && m.TerminalID == tid && !m.Out && !m.Reversal {
			sale = m
		}
	}
	if sale.Reference == "" {
		return refuse(http.StatusNotFound, "reference_number")
	}
	amount := f.decimal("amount", sale.Amount.Currency)
	if f.err != nil || amount.Minor > sale.Amount.Minor-a.book.refunded[reference] {
		return refuse(http.StatusBadRequest, "amount")
	}
	err := a.commit(Record{
		Kind: kindGivenBack, Reference: a.reference("RFD"), Refund: &Refund{TID: tid, Reference: reference, Amount: amount},
	})
	if err != nil {
		return a.notKept(err)
	}
	return reply{http.StatusOK, nil}
}
