package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments"
)

// Places of Settings on a screen of 1280 x 800 within a frame.
func chargePlace() image.Point     { return image.Pt(54, 148) }
func chargeSpot() image.Point      { return image.Pt(26, 148) }
func settingsPlace() image.Point   { return image.Pt(54, 428) }
func settingsSpot() image.Point    { return image.Pt(26, 428) }
func checkoutPlace() image.Point   { return image.Pt(230, 236) }
func relayPlace() image.Point      { return image.Pt(190, 336) }
func pastePlace() image.Point      { return image.Pt(766, 226) }
func addressPlace() image.Point    { return image.Pt(600, 382) }
func codePlace() image.Point       { return image.Pt(600, 502) }
func savePlace() image.Point       { return image.Pt(810, 716) }
func testPlace() image.Point       { return image.Pt(1070, 716) }
func disconnectPlace() image.Point { return image.Pt(476, 716) }
func testColumn() image.Rectangle  { return image.Rect(900, 110, 1250, 680) }

// live is the way of an owner who connects myPOS, and of the payments after it.
func live() []act {
	pay := func(what string) []act {
		return []act{
			{name: what + ": type", do: typeAmount},
			{name: what + ": press Charge", do: pressCharge},
			{name: what + ": scan", do: scan},
			{name: what + ": journal", do: asked},
			{name: what + ": pay page", do: openPayPage},
			{name: what + ": hosted page", do: goToHostedPage},
			{name: what + ": pay", do: payByCard},
			{name: what + ": paid in the journal", do: paidInJournal},
			{name: what + ": paid on the screen", do: paidOnScreen},
		}
	}
	acts := []act{
		{name: "open", do: open},
		{name: "connect", do: connect},
		{name: "paste", do: pastePack("pack", http.MethodGet)},
		{name: "test", do: testConnection(3)},
		{name: "save", do: save(1)},
		{name: "pair", do: pair},
		{name: "test again", do: testConnection(4)},
		{name: "to Charge", do: toCharge},
	}
	acts = append(acts, pay("first")...)
	acts = append(
		acts,
		act{name: "to Settings", do: toSettings},
		act{name: "paste the next", do: pastePack("rotate", http.MethodPost)},
		act{name: "rotate", do: save(2)},
		act{name: "back to Charge", do: toCharge},
	)
	acts = append(acts, pay("under the next key")...)
	return append(
		acts,
		act{name: "leave one open", do: leaveOpen},
		act{name: "disconnect", do: disconnect},
		act{name: "pay late: pay page", do: openPayPage},
		act{name: "pay late: hosted page", do: goToHostedPage},
		act{name: "pay late: pay", do: payByCard},
		act{name: "pay late: recognised", do: paidInJournal},
		act{name: "close", last: true, do: closeWindow},
		act{name: "verify", last: true, do: verifyJournal},
		act{name: "secrets", last: true, do: noSecrets},
	)
}

// noSecrets looks for what was pasted and typed in everything that the programs left: data folder,
// logs and crash folder of the desk, data and output of the relay.
func noSecrets(_ context.Context, s *stage) (string, error) {
	files := 0
	for _, root := range []string{s.data, s.logName(), s.outside.relayData} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			for what, secret := range s.secrets {
				if bytes.Contains(raw, []byte(secret)) {
					return fmt.Errorf("%s holds %s in the clear", path, what)
				}
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if files < 5 || len(s.secrets) < 4 {
		return "", fmt.Errorf("looked for %d secrets in %d files only", len(s.secrets), files)
	}
	return fmt.Sprintf("None of %d secrets stands in the %d files that are left.", len(s.secrets), files), nil
}

// keep remembers a secret under a name.
func (s *stage) keep(what, secret string) {
	if s.secrets == nil {
		s.secrets = map[string]string{}
	}
	s.secrets[what] = secret
}

// keepPack remembers a pack and a line of the private key in it.
func (s *stage) keepPack(which, pack string) error {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(pack))
	if err != nil {
		return err
	}
	var fields struct {
		Key string `json:"pk"`
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(fields.Key), "\n")
	if len(lines) < 5 {
		return errors.New("the pack holds no private key")
	}
	s.keep("a line of the key of "+which, strings.TrimSpace(lines[len(lines)/2]))
	s.keep("the pack of "+which, strings.TrimSpace(pack)[:200])
	return nil
}

// connect names the salon and chooses the second way of the first start.
func connect(ctx context.Context, s *stage) (string, error) {
	if _, err := s.display.do(ctx, "type", "--delay", "20", "Salon Mirabelle"); err != nil {
		return "", err
	}
	if _, err := s.display.do(ctx, "key", "--delay", "200", "Tab", "Tab", "Tab", "Tab", "Return"); err != nil {
		return "", err
	}
	if err := s.settings(ctx); err != nil {
		return "", err
	}
	return "Chose Connect myPOS: Live is open at its settings, in the frame of a build that is simulated.", s.shot(ctx, "settings")
}

// settings waits for the page within a frame.
func (s *stage) settings(ctx context.Context) error {
	_, err := s.display.until(ctx, "Settings in a frame", func(f *image.RGBA) bool {
		_, frame := area(f, s.colours.practice, 4)
		return frame > 10_000 && f.RGBAAt(settingsSpot().X, settingsSpot().Y) == s.colours.paper
	})
	return err
}

func toSettings(ctx context.Context, s *stage) (string, error) {
	if err := s.display.press(ctx, "Escape"); err != nil {
		return "", err
	}
	if err := s.till(ctx); err != nil {
		return "", err
	}
	if err := s.display.click(ctx, settingsPlace()); err != nil {
		return "", err
	}
	if err := s.settings(ctx); err != nil {
		return "", err
	}
	return "Opened Settings.", s.display.click(ctx, checkoutPlace())
}

func toCharge(ctx context.Context, s *stage) (string, error) {
	if err := s.display.click(ctx, chargePlace()); err != nil {
		return "", err
	}
	if _, err := s.display.still(ctx); err != nil {
		return "", err
	}
	return "Opened Charge.", s.till(ctx)
}

// pastePack puts a pack of the stand-in into the clipboard and presses Paste pack.
func pastePack(which, method string) func(context.Context, *stage) (string, error) {
	return func(ctx context.Context, s *stage) (string, error) {
		pack, err := s.outside.pack(ctx, method, which)
		if err != nil {
			return "", err
		}
		if err := s.keepPack(which, pack); err != nil {
			return "", err
		}
		clip := child(ctx, s.display.env, "xclip", "-selection", "clipboard")
		clip.Stdin = strings.NewReader(pack)
		if err := clip.Run(); err != nil {
			return "", fmt.Errorf("xclip: %w", err)
		}
		before, err := s.display.still(ctx)
		if err != nil {
			return "", err
		}
		if err := s.display.click(ctx, pastePlace()); err != nil {
			return "", err
		}
		_, err = s.display.until(ctx, "the fields filled by the pack", func(f *image.RGBA) bool {
			return differing(before, f, image.Rect(380, 280, 860, 600)) > 10_000
		})
		if err != nil {
			return "", err
		}
		return "Pasted the pack: every field is filled.", s.shot(ctx, "pasted-"+which)
	}
}

// testConnection presses the button and waits for so many steps that work.
func testConnection(works int) func(context.Context, *stage) (string, error) {
	const disc = 400 // pixels of the tint behind one tick, at least
	return func(ctx context.Context, s *stage) (string, error) {
		ticks := func(f *image.RGBA) int {
			_, pixels := area(f.SubImage(testColumn()).(*image.RGBA), s.colours.paidChip, 4)
			return pixels / disc
		}
		if err := s.display.click(ctx, testPlace()); err != nil {
			return "", err
		}
		if _, err := s.display.until(ctx, "a test that begins", func(f *image.RGBA) bool { return ticks(f) == 0 }); err != nil {
			return "", err
		}
		if _, err := s.display.until(ctx, "steps that work", func(f *image.RGBA) bool { return ticks(f) >= works }); err != nil {
			return "", err
		}
		return fmt.Sprintf("Tested the connection: %d steps work, no money moved.", works), s.shot(ctx, "tested")
	}
}

// connection is what the data folder tells of the connection, without its secrets.
type connection struct {
	KeyIndex     int       `json:"key_index"`
	Paired       time.Time `json:"paired_since"`
	Disconnected time.Time `json:"disconnected"`
}

// saved waits until what is stored is as it should be.
func (s *stage) saved(ctx context.Context, what string, is func(connection) bool) error {
	_, err := s.display.until(ctx, what, func(*image.RGBA) bool {
		raw, err := os.ReadFile(filepath.Join(s.data, string(payments.Live), "connection.json"))
		var c connection
		return err == nil && json.Unmarshal(raw, &c) == nil && is(c)
	})
	return err
}

func save(index int) func(context.Context, *stage) (string, error) {
	return func(ctx context.Context, s *stage) (string, error) {
		if err := s.display.click(ctx, savePlace()); err != nil {
			return "", err
		}
		if err := s.saved(ctx, fmt.Sprintf("key index %d in force", index), func(c connection) bool { return c.KeyIndex == index }); err != nil {
			return "", err
		}
		return fmt.Sprintf("Saved: key index %d is in force.", index), s.shot(ctx, "saved")
	}
}

func pair(ctx context.Context, s *stage) (string, error) {
	code, err := s.outside.code(ctx, s.env)
	if err != nil {
		return "", err
	}
	s.keep("the pairing code", code)
	s.keep("the passphrase", passphrase)
	if err := s.display.click(ctx, relayPlace()); err != nil {
		return "", err
	}
	if _, err := s.display.still(ctx); err != nil {
		return "", err
	}
	for _, field := range []struct {
		at   image.Point
		text string
	}{{addressPlace(), s.outside.relayURL}, {codePlace(), code}} {
		if err := s.fill(ctx, field.at, field.text); err != nil {
			return "", err
		}
	}
	if err := s.shot(ctx, "relay"); err != nil {
		return "", err
	}
	if err := s.display.click(ctx, savePlace()); err != nil {
		return "", err
	}
	if err := s.saved(ctx, "a paired relay", func(c connection) bool { return !c.Paired.IsZero() }); err != nil {
		return "", err
	}
	// The screen says so by the tick in the box over the fields.
	_, err = s.display.until(ctx, "the tick of a paired relay", func(f *image.RGBA) bool {
		_, pixels := area(f.SubImage(image.Rect(380, 240, 860, 320)).(*image.RGBA), s.colours.paidChip, 4)
		return pixels > 300
	})
	if err != nil {
		return "", err
	}
	return "Paired the relay over TLS by its one-time code.", s.shot(ctx, "paired")
}

// fill clicks into a field, waits until the cursor is in it, and types.
func (s *stage) fill(ctx context.Context, at image.Point, text string) error {
	box := image.Rect(at.X-210, at.Y-28, at.X+240, at.Y+28)
	before, err := s.display.still(ctx)
	if err != nil {
		return err
	}
	if err := s.display.click(ctx, at); err != nil {
		return err
	}
	if before, err = s.display.until(ctx, "the cursor in a field", func(f *image.RGBA) bool { return differing(before, f, box) > 500 }); err != nil {
		return err
	}
	if _, err := s.display.do(ctx, "type", "--delay", "30", text); err != nil {
		return err
	}
	_, err = s.display.until(ctx, "what was typed into a field", func(f *image.RGBA) bool { return differing(before, f, box.Inset(8)) > 300 })
	if err != nil {
		return err
	}
	_, err = s.display.still(ctx)
	return err
}

// leaveOpen makes a charge beside the window and leaves it for a customer who takes time.
func leaveOpen(ctx context.Context, s *stage) (string, error) {
	var c local.Charged
	if err := s.ask(ctx, &c, "charge", "45"); err != nil {
		return "", err
	}
	if s.link = c.Link; c.Link == "" {
		return "", errors.New("frontdeskctl charge told no link")
	}
	if err := s.ask(ctx, &s.sale, "show", string(c.Sale)); err != nil {
		return "", err
	}
	if s.sale.State != app.Offered {
		return "", fmt.Errorf("the sale is %s", s.sale.State)
	}
	return "Another charge waits for its customer.", nil
}

func disconnect(ctx context.Context, s *stage) (string, error) {
	if _, err := toSettings(ctx, s); err != nil {
		return "", err
	}
	before, err := s.display.still(ctx)
	if err != nil {
		return "", err
	}
	if err := s.display.click(ctx, disconnectPlace()); err != nil {
		return "", err
	}
	_, err = s.display.until(ctx, "the question before disconnecting", func(f *image.RGBA) bool {
		return differing(before, f, f.Rect) > screenWidth*screenHeight/4
	})
	if err != nil {
		return "", err
	}
	if err := s.shot(ctx, "disconnect"); err != nil {
		return "", err
	}
	if err := s.confirm(ctx); err != nil {
		return "", err
	}
	if err := s.saved(ctx, "the end of the connection", func(c connection) bool { return !c.Disconnected.IsZero() }); err != nil {
		return "", err
	}
	return "Disconnected, with a payment open: the private key is gone.", s.shot(ctx, "disconnected")
}

// confirm presses the button of a question that was asked first: it is reached from its safe answer.
func (s *stage) confirm(ctx context.Context) error {
	_, err := s.display.do(ctx, "key", "--delay", "200", "shift+Tab", "Return")
	return err
}
