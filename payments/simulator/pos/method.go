package pos

import "slices"

// method is what the terminal can be asked to do.
type method struct {
	fields    []string // taken besides the common ones
	must      []string // of those, the required ones
	financial bool     // refused while something is unfinished or out of order
	open      bool     // financial, yet taken while a transaction waits for COMPLETE_TX
	inline    bool     // done before the next frame of the line is read
	run       func(*operation) error
}

// methods is everything the terminal can be asked to do (spec 3.8).
func methods() map[string]method {
	pay := []string{
		"AMOUNT", "CURRENCY", "FIXED_PINPAD", "TIP_AMOUNT", "REFERENCE_NUMBER_TYPE", "REFERENCE_NUMBER",
		"OPERATOR_CODE", "PRINT_RECEIPT", "REFERENCE", "PREAUTH_TX", "PASSWORD",
	}
	back := []string{"AMOUNT", "CURRENCY", "FIXED_PINPAD", "PRINT_RECEIPT", "REFERENCE", "PASSWORD"}
	link := []string{
		"AMOUNT", "CURRENCY", "REQUEST_REASON", "RECIPIENT_EMAIL", "RECIPIENT_GSM", "RECIPIENT_NAME", "EXP_DAYS",
	}
	text := []string{"DISPLAY_TEXT_TIMEOUT"}
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		text = append(text, "DISPLAY_TEXT_ROW"+n, "ROW"+n+"_ALIGN")
	}
	return map[string]method{
		"PING":       {inline: true, run: (*operation).acknowledge},
		"GET_STATUS": {inline: true, run: (*operation).status},
		"PURCHASE": {
			fields: pay, must: []string{"AMOUNT", "CURRENCY", "FIXED_PINPAD"}, financial: true, run: (*operation).card,
		},
		"REFUND": {
			fields: back, must: []string{"AMOUNT", "CURRENCY", "FIXED_PINPAD"}, financial: true, run: (*operation).card,
		},
		"REVERSAL": {
			fields: []string{"SID_ORIGINAL", "PASSWORD", "REFERENCE", "REASON", "PRINT_RECEIPT"},
			must:   []string{"SID_ORIGINAL"}, financial: true, run: (*operation).reversal,
		},
		"COMPLETE_TX": {
			fields: []string{"SID_ORIGINAL", "CREDENTIAL"}, must: []string{"SID_ORIGINAL"},
			inline: true, run: (*operation).complete,
		},
		"CANCEL_TX": {financial: true, open: true, run: (*operation).cancelTx},
		"COMPLETE_PREAUTH": {
			fields: []string{"AMOUNT", "COMPLETION_AMOUNT", "CURRENCY", "PREAUTH_CODE", "PASSWORD"},
			must:   []string{"PREAUTH_CODE"}, financial: true, run: (*operation).completePreauth,
		},
		"CANCEL_PREAUTH": {
			fields: []string{"PREAUTH_CODE", "PASSWORD"}, must: []string{"PREAUTH_CODE"},
			financial: true, run: (*operation).cancelPreauth,
		},
		"REPRINT_RECEIPT": {run: (*operation).reprint},
		"PRINT_EXT":       {fields: []string{"PRINT_DATA"}, must: []string{"PRINT_DATA"}, run: (*operation).print},
		"PAYMENT_REQUEST": {fields: link, must: []string{"AMOUNT", "CURRENCY"}, run: (*operation).paymentRequest},
		"PAYMENT_REQUEST_REMINDER": {
			fields: []string{"REQUEST_CODE", "RECIPIENT_EMAIL", "RECIPIENT_GSM"},
			must:   []string{"REQUEST_CODE"}, run: (*operation).paymentReminder,
		},
		"ACTIVATE":           {run: (*operation).update},
		"UPDATE":             {run: (*operation).update},
		"REBOOT":             {run: (*operation).reboot},
		"BEEP":               {fields: []string{"TONE_TYPE", "TONE_DURATION"}, inline: true, run: (*operation).acknowledge},
		"DISPLAY_TEXT":       {fields: text, inline: true, run: (*operation).acknowledge},
		"CHECK_FOR_PASSWORD": {fields: []string{"TRAN_TYPE"}, must: []string{"TRAN_TYPE"}, inline: true, run: (*operation).asksPassword},
		"SEND_LOG":           {inline: true, run: (*operation).acknowledge},
		"OPEN_SETTINGS":      {inline: true, run: (*operation).acknowledge},
		"CLEAR_BATCH":        {inline: true, run: (*operation).acknowledge},
	}
}

// refusal is what a request is answered with at stage 1 instead of being done;
// 0 takes it. The caller holds t.mu.
func (t *Terminal) refusal(r request, m method) int {
	if t.op != nil {
		return statusBusy
	}
	if !m.financial {
		return statusOK
	}
	s := t.switches
	switch s.Condition {
	case statusBusy, statusActivate, statusUpdate, statusNotFinished:
		return s.Condition
	}
	if t.book.pending != nil && !m.open {
		return statusUnfinished
	}
	if slices.Contains(s.Forbidden, r.method) {
		return statusForbidden
	}
	if slices.Contains(s.Protected, r.method) {
		switch r.fields["PASSWORD"] {
		case s.Password:
		case "":
			return statusPassword
		default:
			return statusBadPassword
		}
	}
	return statusOK
}
