package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/app/settings"
	"frontdesk/cmd/internal/browser"
)

// Places on a screen of 1280 x 800 within the frame of Practice: the number to pay, and the second
// button of the rail with a spot beside its icon that tells whether its page is shown.
func amountPlace() image.Rectangle { return image.Rect(846, 150, 1224, 250) }
func paymentsPlace() image.Point   { return image.Pt(54, 220) }
func paymentsSpot() image.Point    { return image.Pt(26, 220) }

// charge is the whole way of a payment.
func charge() []act {
	return []act{
		{name: "open", do: open},
		{name: "begin", do: begin},
		{name: "type", do: typeAmount},
		{name: "press Charge", do: pressCharge},
		{name: "scan", do: scan},
		{name: "journal", do: asked},
		{name: "open the pay page", do: openPayPage},
		{name: "go to the hosted page", do: goToHostedPage},
		{name: "pay", do: payByCard},
		{name: "paid in the journal", do: paidInJournal},
		{name: "paid on the screen", do: paidOnScreen},
		{name: "list", do: listPayments},
		{name: "close", last: true, do: closeWindow},
		{name: "verify", last: true, do: verifyJournal},
	}
}

// walk is the smoke test.
func walk() []act {
	return []act{
		{name: "open", do: open},
		{name: "begin", do: begin},
		{name: "type", do: typeAmount},
		{name: "walk", do: goToPayments},
		{name: "second copy", do: secondCopy},
		{name: "close", last: true, do: closeWindow},
		{name: "threads", last: true, do: noThreadMarkers},
	}
}

func open(ctx context.Context, s *stage) (string, error) {
	if err := s.display.window(ctx, s.window.Process.Pid); err != nil {
		return "", err
	}
	_, err := s.display.until(ctx, "the first start", func(f *image.RGBA) bool {
		_, frame := area(f, s.colours.practice, 4)
		_, ground := area(f, s.colours.canvas, 8)
		_, button := s.button(f)
		return frame == 0 && ground > 100_000 && button
	})
	if err != nil {
		return "", err
	}
	return "Frontdesk is open for the first time, on a virtual display.", s.shot(ctx, "first-start")
}

// begin names the salon and tries it now; the cursor stands in the first field.
func begin(ctx context.Context, s *stage) (string, error) {
	const salon = "Salon Mirabelle"
	if _, err := s.display.do(ctx, "type", "--delay", "20", salon); err != nil {
		return "", err
	}
	if err := s.shot(ctx, "salon"); err != nil {
		return "", err
	}
	if err := s.display.press(ctx, "Return"); err != nil {
		return "", err
	}
	if err := s.till(ctx); err != nil {
		return "", err
	}
	kept, err := settings.In(s.data).Load()
	if err != nil || kept.Salon != salon {
		return "", fmt.Errorf("the salon is called %q in the settings: %w", kept.Salon, err)
	}
	return "Typed the name of the salon and pressed Enter: Practice is open.", s.shot(ctx, "open")
}

// till waits for the page of Charge in the frame of Practice.
func (s *stage) till(ctx context.Context) error {
	_, err := s.display.until(ctx, "the frame of Practice around a page", func(f *image.RGBA) bool {
		_, frame := area(f, s.colours.practice, 4)
		_, ground := area(f, s.colours.canvas, 8)
		return frame > 10_000 && ground > 100_000
	})
	return err
}

// button is the one filled button: wide enough to be no icon and no label.
func (s *stage) button(f *image.RGBA) (image.Rectangle, bool) {
	box, pixels := area(f, s.colours.primary, 60)
	return box, box.Dx() >= 200 && box.Dy() >= 40 && pixels > 4_000
}

func typeAmount(ctx context.Context, s *stage) (string, error) {
	for _, key := range []string{"4", "5", "0", "0"} {
		before, err := s.display.still(ctx)
		if err != nil {
			return "", err
		}
		if err := s.display.press(ctx, key); err != nil {
			return "", err
		}
		// Each digit is drawn before the next one is pressed, so that none can be missing.
		_, err = s.display.until(ctx, "the digit "+key, func(f *image.RGBA) bool {
			return differing(before, f, amountPlace()) > 100
		})
		if err != nil {
			return "", err
		}
	}
	_, err := s.display.until(ctx, "a Charge button that can be pressed", func(f *image.RGBA) bool {
		_, there := s.button(f)
		return there
	})
	if err != nil {
		return "", err
	}
	return "Pressed 4, 5, 0, 0 on the keyboard: 45.00 EUR to pay.", s.shot(ctx, "amount")
}

func pressCharge(ctx context.Context, s *stage) (string, error) {
	return "Pressed Enter: Charge.", s.display.press(ctx, "Return")
}

func scan(ctx context.Context, s *stage) (string, error) {
	_, err := s.display.until(ctx, "a code that can be read", func(f *image.RGBA) bool {
		s.link = readCode(f)
		return s.link != ""
	})
	if err != nil {
		return "", err
	}
	return "Read the code from the screen: " + s.link, s.shot(ctx, "code")
}

func asked(ctx context.Context, s *stage) (string, error) {
	if err := s.ask(ctx, &s.sale, "sales"); err != nil {
		return "", err
	}
	if s.sale.State != app.Offered || s.sale.Minor != 4500 || s.sale.Currency != "EUR" {
		return "", fmt.Errorf("frontdeskctl tells of %s %s, %s", s.sale.Amount, s.sale.Currency, s.sale.State)
	}
	return fmt.Sprintf("frontdeskctl, beside the window, tells the same: %s %s, %s.", s.sale.Amount, s.sale.Currency, s.sale.State), nil
}

func openPayPage(ctx context.Context, s *stage) (string, error) {
	var err error
	if s.customer == nil {
		options := browser.Options{Phone: true}
		if s.outside != nil {
			options.TrustKeys = s.outside.trust
		}
		if s.customer, err = browser.Start(ctx, options); err != nil {
			return "", err
		}
	}
	if err := s.customer.Navigate(ctx, s.link); err != nil {
		return "", err
	}
	if err := s.customer.WaitForText(ctx, "body", "45.00"); err != nil {
		return "", err
	}
	return "The customer's browser shows the pay page of the relay.", s.phoneShot(ctx, "pay-page")
}

func goToHostedPage(ctx context.Context, s *stage) (string, error) {
	if err := s.customer.Click(ctx, "form button"); err != nil {
		return "", err
	}
	if err := s.customer.WaitFor(ctx, "input[name=pan]"); err != nil {
		return "", err
	}
	return "Pressed Pay: the hosted page asks for a card.", s.phoneShot(ctx, "hosted-page")
}

func payByCard(ctx context.Context, s *stage) (string, error) {
	for _, field := range []struct{ name, text string }{{"pan", "4111111111111111"}, {"exp", "12/30"}, {"cvc", "123"}} {
		if err := s.customer.Fill(ctx, "input[name="+field.name+"]", field.text); err != nil {
			return "", err
		}
	}
	before, err := s.customer.Address(ctx)
	if err != nil {
		return "", err
	}
	if err := s.customer.Click(ctx, "form:has(input[name=pan]) button[type=submit], form:has(input[name=pan]) button:not([type])"); err != nil {
		return "", err
	}
	if err := s.customer.WaitUntil(ctx, fmt.Sprintf(`location.href !== %q && location.pathname === "/ok"`, before)); err != nil {
		return "", err
	}
	if err := s.customer.WaitUntil(ctx, `document.readyState === "complete"`); err != nil {
		return "", err
	}
	return "Paid with a practice card; the browser is back at the relay's thank-you page.", s.phoneShot(ctx, "thanks")
}

// paidInJournal asks frontdeskctl again with every frame until the sale is settled.
func paidInJournal(ctx context.Context, s *stage) (string, error) {
	var failure error
	_, err := s.display.until(ctx, "anything while the notice travels", func(*image.RGBA) bool {
		failure = s.ask(ctx, &s.sale, "show", string(s.sale.ID))
		return failure != nil || !s.sale.State.Live()
	})
	if err = errors.Join(failure, err); err != nil {
		return "", err
	}
	if s.sale.State != app.Paid {
		return "", fmt.Errorf("frontdeskctl tells that the sale is %s", s.sale.State)
	}
	return "The signed notice came back: frontdeskctl show --json says " + string(s.sale.State) + ".", nil
}

func paidOnScreen(ctx context.Context, s *stage) (string, error) {
	_, err := s.display.until(ctx, "the green panel of PAID", func(f *image.RGBA) bool {
		_, pixels := area(f, s.colours.paid, 30)
		return pixels > 60_000
	})
	if err != nil {
		return "", err
	}
	return "The screen shows PAID.", s.shot(ctx, "paid")
}

// listPayments puts the result away and looks at the list, which has the sale in it.
func listPayments(ctx context.Context, s *stage) (string, error) {
	if err := s.display.press(ctx, "Escape"); err != nil {
		return "", err
	}
	if err := s.till(ctx); err != nil {
		return "", err
	}
	if err := s.display.press(ctx, "F3"); err != nil {
		return "", err
	}
	_, err := s.display.until(ctx, "a sale in the list", func(f *image.RGBA) bool {
		_, pixels := area(f, s.colours.paidChip, 5)
		return pixels > 500 && f.RGBAAt(paymentsSpot().X, paymentsSpot().Y) == s.colours.paper
	})
	if err != nil {
		return "", err
	}
	return "Pressed F3: the sale is in the list.", s.shot(ctx, "payments")
}

func goToPayments(ctx context.Context, s *stage) (string, error) {
	_, err := s.display.until(ctx, "a page that nothing lies over", func(f *image.RGBA) bool {
		_, ground := area(f, s.colours.canvas, 8)
		return ground > 100_000
	})
	if err != nil {
		return "", err
	}
	if err := s.display.click(ctx, paymentsPlace()); err != nil {
		return "", err
	}
	_, err = s.display.until(ctx, "Payments after a click on it", func(f *image.RGBA) bool {
		return f.RGBAAt(paymentsSpot().X, paymentsSpot().Y) == s.colours.paper
	})
	if err != nil {
		return "", err
	}
	return "Clicked Payments.", nil
}

// closeWindow asks as a click on a window's cross does.
func closeWindow(ctx context.Context, s *stage) (string, error) {
	// A window that was opened and closed meanwhile had the keyboard.
	if err := s.display.window(ctx, s.window.Process.Pid); err != nil {
		return "", err
	}
	// A key pressed while the keyboard changes hands is lost: ask again, as a person would.
	// A program that does not end after its window is gone still fails.
	again := time.NewTicker(10 * time.Second)
	defer again.Stop()
	for open := true; open; {
		if err := s.display.press(ctx, "alt+F4"); err != nil {
			return "", err
		}
		select {
		case <-s.exited:
			open = false
		case <-again.C:
		case <-ctx.Done():
			return "", fmt.Errorf("the program did not end with its window: %w", context.Cause(ctx))
		}
	}
	if s.gone != nil {
		return "", fmt.Errorf("the window ended badly: %w", s.gone)
	}
	return "Closed the window; the program ended by itself.", nil
}

func verifyJournal(ctx context.Context, s *stage) (string, error) {
	var v local.Verified
	if err := s.ask(ctx, &v, "journal", "verify"); err != nil {
		return "", err
	}
	if !v.OK || v.Events == 0 {
		return "", fmt.Errorf("journal verify: %+v", v)
	}
	if err := s.ask(ctx, &s.sale, "show", string(s.sale.ID)); err != nil {
		return "", err
	}
	if s.sale.State != app.Paid {
		return "", fmt.Errorf("without the window the sale is %s", s.sale.State)
	}
	return fmt.Sprintf("The journal's chain of %d events is whole, and the sale is still %s.", v.Events, s.sale.State), nil
}

// secondCopy opens the program again on the same folder: it has to say so and change nothing.
func secondCopy(ctx context.Context, s *stage) (string, error) {
	life, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := child(life, s.display.env, s.window.Path, "--data", s.data)
	var said strings.Builder
	cmd.Stderr = &said
	before, err := s.display.still(ctx)
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	closed := s.closeCopy(ctx, cmd.Process.Pid, before)
	if closed != nil {
		cancel()
	}
	ended := cmd.Wait()
	if closed != nil {
		return "", closed
	}
	const sentence = "Another Frontdesk uses this data folder."
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), sentence) {
		return "", fmt.Errorf("a second copy ended with %w and said %q", ended, said.String())
	}
	return "Opened a second copy on the same folder: it says so and leaves.", nil
}

// closeCopy looks at what a second copy shows and closes its window.
func (s *stage) closeCopy(ctx context.Context, pid int, before *image.RGBA) error {
	if err := s.display.window(ctx, pid); err != nil {
		return err
	}
	_, err := s.display.until(ctx, "the window of a second copy", func(f *image.RGBA) bool {
		return differing(before, f, f.Rect) > screenWidth*screenHeight/10
	})
	if err != nil {
		return err
	}
	if err := s.shot(ctx, "second-copy"); err != nil {
		return err
	}
	return s.display.press(ctx, "alt+F4")
}

// noThreadMarkers looks for what Fyne logs when a screen is touched from the wrong goroutine.
func noThreadMarkers(_ context.Context, s *stage) (string, error) {
	raw, err := os.ReadFile(s.logName())
	if err != nil {
		return "", err
	}
	if strings.Contains(string(raw), "Error in Fyne call thread") {
		return "", errors.New("a screen was touched from the wrong goroutine, see the log")
	}
	return "No call came from the wrong goroutine.", nil
}
