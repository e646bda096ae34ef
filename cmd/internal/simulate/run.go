package simulate

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"time"

	"frontdesk/payments/relay/server"
)

// Park opens a relay that nobody uses, outside of any bubble, and returns how to
// close it. As long as it is open, relays can be opened in bubbles.
func Park(dir string) (shut func() error, err error) {
	s, err := server.Open(context.Background(), server.Config{
		Dir: filepath.Join(dir, "park"), Public: func() string { return relayBase }, Now: time.Now, Entropy: rand.Reader,
	})
	if err != nil {
		return nil, err
	}
	return func() error { return s.Shutdown(context.Background()) }, nil
}

// Dawn is when bubbles begin.
func Dawn() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }
