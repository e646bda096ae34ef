package till

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"frontdesk/app/local"
	"frontdesk/app/setup"
	"frontdesk/payments"
)

// doctor asks every part below the till.
func (d *Desk) doctor(ctx context.Context) []local.Finding {
	v, err := Verify(ctx, d.journal)
	if err == nil && !v.OK {
		err = fmt.Errorf("damaged at event %d: %s", v.Bad, v.Why)
	}
	well := fmt.Sprintf("%d events, the chain holds, in %s", v.Events, filepath.Join(d.cfg.Dir, string(d.cfg.Mode)))
	findings := []local.Finding{finding("journal", well, err)}
	if d.records == nil {
		return append(findings, d.practiceDoctor(ctx)...)
	}
	for _, row := range d.examine(ctx) {
		findings = append(findings, local.Finding{
			Check: row.Step, OK: row.Result != setup.Fix, Result: string(row.Result), Code: row.Code, Args: row.Args,
		})
	}
	return findings
}

// examine tests what is stored. Of a disconnected store only the way of notices
// is left.
func (d *Desk) examine(ctx context.Context) []setup.Row {
	if d.records.get().connected() {
		return d.TestConnection(ctx, d.Draft(), nil)
	}
	rows := []setup.Row{{Step: setup.StepAccount, Result: setup.NotUsed, Code: "store.disconnected"}}
	w := d.socket.now()
	if w.inbox == nil {
		return rows
	}
	ctx, cancel := context.WithTimeout(ctx, notifyWithin)
	defer cancel()
	return append(rows, setup.JudgeRelay(probe(ctx, w.relay)))
}

func finding(check, well string, err error) local.Finding {
	if err != nil {
		return local.Finding{Check: check, Text: err.Error(), Code: payments.CodeOf(err)}
	}
	return local.Finding{Check: check, OK: true, Text: well}
}

func (d *Desk) practiceDoctor(ctx context.Context) []local.Finding {
	within, cancel := context.WithTimeout(ctx, doctorWithin)
	defer cancel()
	relay := finding("relay", "a probe went out to the notify address and came back", d.catchup(within))
	// An order that cannot exist: any signed answer about it shows that key,
	// certificate and address fit.
	_, err := d.socket.now().provider.PaymentStatus(within, "P-doctor")
	if errors.Is(err, payments.ErrRefused) {
		err = nil
	}
	return []local.Finding{relay, finding("provider", "answers, signed as expected", err)}
}

// doctorWithin bounds the doctor's questions.
const doctorWithin = 5 * time.Second

// Draft returns what is stored as a draft that changes nothing: secrets are
// empty, which keeps them.
func (d *Desk) Draft() setup.Draft { return d.Connection().Draft() }
