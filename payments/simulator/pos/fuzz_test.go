package pos

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// Whatever bytes come, the terminal answers or hangs up, and charges at most
// what whole PURCHASE frames ask for.
func FuzzLine(f *testing.F) {
	f.Add(body("PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S"))
	f.Add(body("PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|" + euro))
	f.Add(body("PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|STAGE=101|STATUS=0"))
	f.Add(body("PROTOCOL=IPP|VERSION=202|METHOD=PRINT_EXT|SID=$S|PRINT_DATA=\\n"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte{0, 2, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		term, err := Open(Config{
			Now: time.Now, Entropy: rand.NewChaCha8([32]byte{1}), Speed: 1e6, Switches: Switches{Customer: CustomerInsert},
		})
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			term.Serve(ours, false)
		}()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		_, _ = theirs.Write(raw)
		_ = theirs.Close()
		<-done
		if err := term.Close(); err != nil {
			t.Fatal(err)
		}
		if n, asked := len(term.Charges()), bytes.Count(raw, []byte("METHOD=")); n > asked {
			t.Errorf("%d charges for %d requests", n, asked)
		}
	})
}
