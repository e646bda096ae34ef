package assets_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/assets"
)

// Every icon must be one filled path in black: lines are not scaled by the
// painter and only fills are recoloured (see ui/theme).
func TestIconsAreFilledPaths(t *testing.T) {
	files, err := filepath.Glob("icons/*.svg")
	if err != nil || len(files) < 70 {
		t.Fatalf("found %d icons, %v", len(files), err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".svg")
		svg, err := assets.Icon(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Contains(svg, []byte(`viewBox="0 0 24 24"`)) || bytes.Contains(svg, []byte("stroke")) {
			t.Errorf("%s is not a filled path on the 24 grid", name)
		}
	}
	if _, err := assets.Icon("no-such-icon"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unknown icon: %v", err)
	}
}

func TestFontsAndArt(t *testing.T) {
	for _, name := range []string{"FrontdeskText-Regular.otf", "FrontdeskText-SemiBold.otf", "FrontdeskDisplay-SemiBold.otf"} {
		b, err := assets.Font(name)
		if err != nil || !bytes.HasPrefix(b, []byte("OTTO")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"FrontdeskText-Regular.ttf", "FrontdeskText-SemiBold.ttf"} {
		b, err := assets.Font(name)
		if err != nil || !bytes.HasPrefix(b, []byte{0, 1, 0, 0}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := assets.Font("OFL.txt"); err != nil || !bytes.Contains(b, []byte("SIL OPEN FONT LICENSE")) {
		t.Errorf("licence of the fonts: %v", err)
	}
	for _, name := range []string{"app-icon", "terminal", "welcome"} {
		if b, err := assets.Art(name); err != nil || !bytes.Contains(b, []byte("<svg")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Sounds are short, begin and end in silence, and are in the form every system
// can play.
func TestSounds(t *testing.T) {
	for _, name := range []string{"paid", "alarm"} {
		wav, err := assets.Sound(name)
		if err != nil || !bytes.HasPrefix(wav, []byte("RIFF")) || string(wav[8:16]) != "WAVEfmt " || len(wav) > 64<<10 {
			t.Fatalf("%s: %d bytes, %v", name, len(wav), err)
		}
		samples := wav[44:]
		for _, at := range []int{0, len(samples) - 2} {
			if v := int16(binary.LittleEndian.Uint16(samples[at:])); v < -300 || v > 300 {
				t.Errorf("%s clicks: %d at %d", name, v, at)
			}
		}
	}
}

func TestTokensAndPack(t *testing.T) {
	if !json.Valid(assets.Tokens()) {
		t.Error("tokens are not JSON")
	}
	want, err := os.ReadFile("sandbox/pack.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := assets.SandboxPack()
	if !bytes.Equal(got, want) {
		t.Error("the embedded pack differs from its file")
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(got)))
	if err != nil || !json.Valid(raw) {
		t.Errorf("the pack is not base64 of JSON: %v", err)
	}
	got[0] = '!'
	if assets.SandboxPack()[0] == '!' {
		t.Error("a caller can change the embedded pack")
	}
}
