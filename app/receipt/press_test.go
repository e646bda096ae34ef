package receipt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func press() receipt.Press {
	return receipt.Press{
		Dial: (&net.Dialer{}).DialContext,
		Run: func(context.Context, string, ...string) ([]byte, error) {
			return nil, errors.New("no programs in tests")
		},
	}.Hasty()
}

func short(t *testing.T) receipt.Receipt {
	t.Helper()
	r, err := receipt.New(receipt.Config{Mode: payments.Live}, noted(), receipt.Kind{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNetworkPrinter(t *testing.T) {
	for name, tc := range map[string]struct {
		behaviour
		code  string
		whole int
	}{
		"works":              {whole: 1},
		"says nothing":       {behaviour: behaviour{mute: true}, whole: 1},
		"no word of the end": {behaviour: behaviour{noDone: true}, whole: 1},
		"no paper":           {behaviour: behaviour{state: map[byte]byte{1: 0x08, 2: 0x20, 4: 0x60}}, code: "printer.paper"},
		"little paper":       {behaviour: behaviour{state: map[byte]byte{4: 0x0c}}, whole: 1},
		"open":               {behaviour: behaviour{state: map[byte]byte{1: 0x08, 2: 0x24, 4: 0x60}}, code: "printer.cover"},
		"knife stuck":        {behaviour: behaviour{state: map[byte]byte{1: 0x08, 2: 0x40, 3: 0x08}}, code: "printer.fault"},
		"switched off line":  {behaviour: behaviour{state: map[byte]byte{1: 0x08}}, code: "printer.offline"},
		"paper ends":         {behaviour: behaviour{runsOut: true}, code: "printer.unsure", whole: 1},
		"stuck":              {behaviour: behaviour{slow: true}, code: "printer.unsure"},
		"closes at once":     {behaviour: behaviour{cut: 1}, code: "printer.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			f := startPrinter(t, tc.behaviour)
			err := press().Print(t.Context(), f.printer(), short(t))
			if payments.CodeOf(err) != tc.code || (err == nil) != (tc.code == "") {
				t.Errorf("%v", err)
			}
			maybe := tc.code == "printer.unsure" || tc.code == "printer.cut"
			if errors.Is(err, receipt.ErrPart) != maybe || errors.Is(err, payments.ErrUnknown) {
				t.Errorf("a part may be out: %v", err)
			}
			if n, odd := f.came(); n != tc.whole || odd != nil {
				t.Errorf("%d receipts came out, %v", n, odd)
			}
		})
	}
}

func TestPrinterThatIsOff(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	off := settings.Printer{Kind: settings.PrinterNetwork, Address: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dark := press()
	dark.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { // a router that swallows everything
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for name, tc := range map[string]struct {
		p    receipt.Press
		to   settings.Printer
		code string
	}{
		"off":           {press(), off, "printer.unreachable"},
		"swallowed":     {dark, off, "printer.unreachable"},
		"none":          {press(), settings.Printer{}, "printer.none"},
		"none, told so": {press(), settings.Printer{Kind: settings.PrinterNone}, "printer.none"},
		"another kind":  {press(), settings.Printer{Kind: "fax"}, "printer.kind"},
		"no address":    {press(), settings.Printer{Kind: settings.PrinterNetwork}, "printer.address"},
		"odd address":   {press(), settings.Printer{Kind: settings.PrinterNetwork, Address: "http://printer/"}, "printer.address"},
		"odd port":      {press(), settings.Printer{Kind: settings.PrinterNetwork, Address: "127.0.0.1", Port: 70000}, "printer.address"},
		"no serial":     {press(), settings.Printer{Kind: settings.PrinterSerial, Address: "/dev/no-such-port"}, "printer.missing"},
		"no port":       {press(), settings.Printer{Kind: settings.PrinterSerial}, "printer.address"},
		"no system":     {press(), settings.Printer{Kind: settings.PrinterSystem}, "printer.system"},
	} {
		err := tc.p.Print(t.Context(), tc.to, short(t))
		if payments.CodeOf(err) != tc.code || errors.Is(err, receipt.ErrPart) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A print service that takes the receipt and never says so is not waited for, and
// nobody is told that nothing came out.
func TestSystemThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		p := receipt.Press{Temp: t.TempDir(), Run: func(ctx context.Context, _ string, _ ...string) ([]byte, error) {
			asked++
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		err := p.Print(ctx, settings.Printer{Kind: settings.PrinterSystem}, short(t))
		if payments.CodeOf(err) != "printer.unsure" || !errors.Is(err, receipt.ErrPart) || asked != 1 {
			t.Errorf("%v, asked %d times", err, asked)
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("it was waited for %v", took)
		}
	})
}

// Wherever the connection breaks, nobody is told that it was printed; and
// "nothing came out" is said only when nothing can have.
func TestCutWhilePrinting(t *testing.T) {
	f := startPrinter(t, behaviour{})
	if err := press().Print(t.Context(), f.printer(), short(t)); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	if err := receipt.WriteESCPOS(&all, short(t), f.printer()); err != nil {
		t.Fatal(err)
	}
	const questions = 4 * 3
	points := []int{1, 2, 3, 11, questions, questions + 1, questions + 2}
	for at := 20; at < all.Len()+questions; at += 997 {
		points = append(points, at)
	}
	points = append(points, all.Len()+questions-1, all.Len()+questions)
	for _, at := range points {
		f := startPrinter(t, behaviour{cut: at})
		err := press().Print(t.Context(), f.printer(), short(t))
		code := payments.CodeOf(err)
		if code != "printer.cut" && (code != "printer.unreachable" || at > questions) {
			t.Errorf("cut after %d of %d bytes: %v", at, all.Len(), err)
		}
		if at >= questions+all.Len() && code != "printer.cut" {
			t.Errorf("cut before the last word: %v", err)
		}
	}
}

func TestPrintingEndsWithItsContext(t *testing.T) {
	f := startPrinter(t, behaviour{slow: true})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	p := receipt.Press{Dial: (&net.Dialer{}).DialContext} // with all its patience
	if err := p.Print(ctx, f.printer(), short(t)); err == nil || time.Since(begun) > 3*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
}

func TestSystemPrinter(t *testing.T) {
	for name, tc := range map[string]struct {
		printer string
		missing string
		want    []string
	}{
		"default": {want: []string{"lp -o fit-to-page -- FILE"}},
		"named":   {printer: "Salon; rm -rf ~", want: []string{"lp -o fit-to-page -d Salon; rm -rf ~ -- FILE"}},
		"older":   {printer: "Salon", missing: "lp", want: []string{"lp -o fit-to-page -d Salon -- FILE", "lpr -P Salon FILE"}},
	} {
		var ran []string
		p := press()
		p.Temp = t.TempDir()
		p.Run = func(_ context.Context, name string, args ...string) ([]byte, error) {
			path := args[len(args)-1]
			pdf, err := os.ReadFile(path)
			info, _ := os.Stat(path)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) || info.Mode().Perm() != 0o600 {
				t.Errorf("the file to print: %v, %v", info, err)
			}
			ran = append(ran, strings.ReplaceAll(fmt.Sprint(name, " ", strings.Join(args, " ")), path, "FILE"))
			if name == tc.missing {
				return nil, errors.New("not found")
			}
			return nil, nil
		}
		err := p.Print(t.Context(), settings.Printer{Kind: settings.PrinterSystem, Address: tc.printer}, short(t))
		if err != nil || !slices.Equal(ran, tc.want) {
			t.Errorf("%s: %q, %v", name, ran, err)
		}
		if left, _ := filepath.Glob(filepath.Join(p.Temp, "*")); len(left) > 0 {
			t.Errorf("%s: %q stayed", name, left)
		}
	}
}

func TestFind(t *testing.T) {
	p := press()
	p.Run = func(_ context.Context, name string, args ...string) ([]byte, error) {
		switch fmt.Sprint(name, args) {
		case "lpstat[-e]":
			return []byte("Office_Laser\nTM_T20\n"), nil
		case "lpstat[-d]":
			return []byte("system default destination: TM_T20\n"), nil
		}
		return nil, errors.New("no such program")
	}
	list := p.Find(t.Context())
	want := []receipt.Found{
		{Kind: settings.PrinterSystem, Address: "Office_Laser", Name: "Office Laser"},
		{Kind: settings.PrinterSystem, Address: "TM_T20", Name: "TM T20", Default: true},
	}
	if len(list) < 2 || !slices.Equal(list[:2], want) {
		t.Errorf("%+v", list)
	}
	p.Run = press().Run
	for _, f := range p.Find(t.Context()) {
		if f.Kind == settings.PrinterSystem {
			t.Errorf("%+v without a printing system", f)
		}
	}
}
