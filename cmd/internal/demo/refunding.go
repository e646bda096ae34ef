package main

import (
	"context"
	"errors"
	"image"
	"time"

	"frontdesk/app/local"
)

// giveBack sends the refund that stands in the dialog: Enter leads to the PIN.
func (s *stage) giveBack(ctx context.Context, name string) error {
	if err := s.form(ctx); err != nil {
		return err
	}
	if err := s.toPIN(ctx); err != nil {
		return err
	}
	if err := s.text(ctx, ownerPIN); err != nil {
		return err
	}
	if err := s.shot(ctx, name); err != nil {
		return err
	}
	return s.keys(ctx, "Return")
}

// toPIN presses Enter until the PIN has the keyboard: while the till still plans the refund, Enter
// does nothing, and a person presses it again.
func (s *stage) toPIN(ctx context.Context) error {
	ring := func(f *image.RGBA) bool {
		_, pixels := area(f.SubImage(pinPlace()).(*image.RGBA), s.colours.focus, 60)
		return pixels > 0
	}
	for range 20 {
		frame, err := s.display.still(ctx)
		if err != nil || ring(frame) {
			return err
		}
		if err := s.display.press(ctx, "Return"); err != nil {
			return err
		}
		within, done := context.WithTimeout(ctx, 3*time.Second)
		_, err = s.display.until(within, "the PIN with the keyboard", ring)
		done()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return errors.New("the PIN never has the keyboard")
}

// form waits for the refund dialog: paper where the result behind it has its panel.
func (s *stage) form(ctx context.Context) error {
	at := image.Pt(220, 400)
	_, err := s.display.until(ctx, "the refund dialog", func(f *image.RGBA) bool { return f.RGBAAt(at.X, at.Y) == s.colours.paper })
	return err
}

// refunded waits until so much was given back, holds it against the truth and keeps the picture.
func (s *stage) refunded(ctx context.Context, minor int64, name string) error {
	if err := s.becomes(ctx, "money that was given back", func(l local.Sale) bool { return l.RefundedMinor == minor }); err != nil {
		return err
	}
	if err := s.agrees(ctx); err != nil {
		return err
	}
	return s.outcome(ctx, name)
}

// outcome waits until the dialog shows what came of the refund, on a panel of its own at the left,
// and keeps the picture.
func (s *stage) outcome(ctx context.Context, name string) error {
	at := image.Pt(220, 400)
	_, err := s.display.until(ctx, "what came of the refund", func(f *image.RGBA) bool {
		c := f.RGBAAt(at.X, at.Y)
		return c != s.colours.paper && c != s.colours.waiting
	})
	if err != nil {
		return err
	}
	return s.shot(ctx, name)
}

func refundAll(ctx context.Context, s *stage) (string, error) {
	if err := s.keys(ctx, "F4"); err != nil {
		return "", err
	}
	if err := s.giveBack(ctx, "refund-all"); err != nil {
		return "", err
	}
	return "F4, Enter, the PIN, Enter: everything went back.", s.refunded(ctx, 4500, "refunded")
}

func refundPart(ctx context.Context, s *stage) (string, error) {
	if err := errors.Join(s.keys(ctx, "F4"), s.form(ctx)); err != nil {
		return "", err
	}
	if err := s.text(ctx, "20.00"); err != nil {
		return "", err
	}
	if err := s.giveBack(ctx, "refund-part"); err != nil {
		return "", err
	}
	return "20.00 of 60.00 went back on the terminal, to the customer's card.", s.refunded(ctx, 2000, "part-refunded")
}

// pinPlace is where the refund dialog asks for the PIN, and no other dialog has anything.
func pinPlace() image.Rectangle { return image.Rect(470, 595, 590, 745) }
