package till

import (
	"context"
	"encoding/json"
	"errors"

	"frontdesk/app"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// epochPage is how many sales are read from the journal at a time.
const epochPage = 200

// reregister tells a relay that has lost its memory about the orders of the last
// 60 days, so that their notices are admitted again (product.md 7).
func (d *Desk) reregister(ctx context.Context, link *rails.Link, epoch string) error {
	q := app.Query{Rail: payments.RailLink, From: d.cfg.Now().Add(-relay.AdmitFor), Limit: epochPage}
	count := 0
	for {
		sales, err := d.journal.Sales(ctx, q)
		if err != nil {
			return err
		}
		for _, s := range sales {
			n, err := d.offerAgain(ctx, link, s.ID)
			if err != nil {
				return err
			}
			count += n
			if err := closeAgain(ctx, link, s); err != nil {
				return err
			}
			q.Before = s.Seq
		}
		if len(sales) < epochPage {
			break
		}
	}
	d.cfg.Log.Info("orders registered again with a new relay", "epoch", epoch, "orders", count)
	return nil
}

// closeAgain closes the pages that nobody may pay on any more: the relay has
// also forgotten that they were withdrawn or paid.
func closeAgain(ctx context.Context, link *rails.Link, s app.Sale) error {
	for _, a := range s.Attempts {
		switch a.State {
		case app.Preparing, app.Offered, app.Opened, app.Declined:
			continue
		}
		if a.Rail != payments.RailLink {
			continue
		}
		if err := link.Withdraw(ctx, a.OrderID); err != nil && !errors.Is(err, payments.ErrRefused) {
			return err
		}
	}
	return nil
}

// offerAgain repeats the offers of one sale. One that the relay refuses has
// nothing to admit any more.
func (d *Desk) offerAgain(ctx context.Context, link *rails.Link, id app.SaleID) (int, error) {
	events, err := d.journal.Sale(ctx, id)
	if err != nil {
		return 0, err
	}
	var sale app.SaleData
	count := 0
	for _, e := range events {
		switch e.Kind {
		case app.SaleOpened:
			if json.Unmarshal(e.Data, &sale) != nil {
				return count, nil
			}
		case app.AttemptIntended:
			var intent app.IntentData
			if json.Unmarshal(e.Data, &intent) != nil || intent.Rail != payments.RailLink {
				continue
			}
			_, err := link.Offer(ctx, app.Offer{
				OrderID: intent.OrderID, Link: intent.Link, Amount: e.Amount, Lines: sale.Lines, Note: sale.Note,
				Language: sale.Language, Words: intent.Words, Expires: intent.Expires,
			})
			if err != nil && !errors.Is(err, payments.ErrRefused) {
				return count, err
			}
			count++
		}
	}
	return count, nil
}
