package simulate

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"frontdesk/payments/relay"
	"frontdesk/payments/relay/server"
)

const (
	relayHost = "relay.example"
	relayBase = "https://" + relayHost
	myposHost = "www.mypos.com"
)

var errOpen = errors.New("the relay is open")

// relayRun is the relay: the real one with its real queue. It dies with what it
// has written, which may be more than it had made sure of, never less.
type relayRun struct {
	net   *network
	trace *trace
	root  string

	mu     sync.Mutex
	run    int
	server *server.Server
	host   *host
}

func (r *relayRun) folder(run int) string { return filepath.Join(r.root, "relay"+strconv.Itoa(run)) }

func (r *relayRun) open(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil {
		return errOpen
	}
	dir := r.folder(r.run)
	s, err := server.Open(ctx, server.Config{
		Dir: filepath.Join(dir, "data"), SecretFile: filepath.Join(r.root, "relay.secret"), MarkerFile: filepath.Join(dir, "a-marker"),
		Public: func() string { return relayBase }, Now: time.Now, Entropy: rand.Reader,
	})
	if err != nil {
		return err
	}
	r.server, r.host = s, &host{handler: s.Handler(), dead: make(chan struct{})}
	r.net.put(relayHost, r.host)
	return nil
}

func (r *relayRun) code(ctx context.Context, store string) (relay.Code, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.server.NewCode(ctx, store)
}

// stop ends the relay in an orderly way; crash by pulling the plug.
func (r *relayRun) stop(crash bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server == nil {
		return nil
	}
	r.net.put(relayHost, nil)
	close(r.host.dead)
	old, dir := r.server, r.folder(r.run)
	r.server = nil
	var err error
	if crash {
		r.run++
		err = copyTree(dir, r.folder(r.run))
	}
	old.HangUp()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = errors.Join(err, old.Shutdown(ctx))
	if crash {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// copyTree copies a folder whose files are being written, by name: the marker,
// which must not be ahead of the data, comes first. The lock stays.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) || d.Name() == "lock" {
			return nil
		}
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o600)
	})
}
