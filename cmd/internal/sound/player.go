//go:build !windows

package sound

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
)

// Player plays sounds.
type Player struct {
	cfg    Config
	path   string // of the program; empty where there is none
	args   []string
	mu     sync.Mutex
	cancel context.CancelFunc // ends what is heard
	done   sync.WaitGroup
}

// New looks for a program that plays.
func New(cfg Config) *Player {
	p := &Player{cfg: cfg, cancel: func() {}}
	for _, c := range [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}, {"afplay"}} {
		if path, err := cfg.Find(c[0]); err == nil {
			p.path, p.args = path, c[1:]
			break
		}
	}
	return p
}

// Play plays the bytes of a WAV file.
func (p *Player) Play(wav []byte) {
	if p.path == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cancel()
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.done.Go(func() {
		defer cancel()
		_ = p.play(ctx, wav) // nothing depends on a sound
	})
}

func (p *Player) play(ctx context.Context, wav []byte) (err error) {
	f, err := os.CreateTemp("", "frontdesk-*.wav")
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(f.Name()); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	_, err = f.Write(wav)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return p.cfg.Run(ctx, p.path, append(p.args[:len(p.args):len(p.args)], f.Name())...)
}

// Close ends what is heard.
func (p *Player) Close() {
	p.mu.Lock()
	p.cancel()
	p.mu.Unlock()
	p.done.Wait()
}
