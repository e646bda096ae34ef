//go:build !windows

package sound_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"frontdesk/cmd/internal/sound"
)

// heard is one run of the player.
type heard struct {
	path string
	args []string
	wav  []byte
	file string
	end  chan struct{} // closed when the run has ended
}

// studio runs players that play until they are told to stop.
func studio(t *testing.T, there ...string) (*sound.Player, chan heard) {
	runs := make(chan heard, 10)
	return sound.New(sound.Config{
		Find: func(name string) (string, error) {
			for _, n := range there {
				if n == name {
					return "/usr/bin/" + n, nil
				}
			}
			return "", errors.New("not found")
		},
		Run: func(ctx context.Context, path string, args ...string) error {
			file := args[len(args)-1]
			wav, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
			}
			h := heard{path, args[:len(args)-1], wav, file, make(chan struct{})}
			runs <- h
			<-ctx.Done()
			close(h.end)
			return ctx.Err()
		},
	}), runs
}

func TestPlay(t *testing.T) {
	p, runs := studio(t, "afplay", "aplay")
	p.Play([]byte("one"))
	first := <-runs
	if first.path != "/usr/bin/aplay" || len(first.args) != 1 || !bytes.Equal(first.wav, []byte("one")) {
		t.Errorf("%+v", first)
	}
	p.Play([]byte("two"))
	<-first.end // the second one ends the first
	second := <-runs
	p.Close()
	<-second.end
	for _, h := range []heard{first, second} {
		if _, err := os.Stat(h.file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", h.file)
		}
	}
}

func TestNothingCanPlay(t *testing.T) {
	p, runs := studio(t)
	p.Play([]byte("one"))
	p.Close()
	if len(runs) > 0 {
		t.Error("something was run")
	}
}
