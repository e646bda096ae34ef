package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	f := settings.In(dir)
	got, err := f.Load()
	if err != nil || len(got.Favourites) != 0 {
		t.Fatalf("first load: %+v, %v", got, err)
	}
	want := settings.Settings{
		Version: 1, Theme: "dark", TextSize: 1.5, Language: "de", Salon: "Salon Mirabelle", Operator: "Nora",
		Favourites: []settings.Favourite{{Label: "Cut", Amount: money.Amount{Minor: 2500, Currency: "EUR"}, Icon: "scissors", Color: "blush"}},
	}
	if err := f.Save(want); err != nil {
		t.Fatal(err)
	}
	got, err = settings.In(dir).Load()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(filepath.Join(dir, "settings.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v, %v", info, err)
	}
}

func TestNothingUnreadableIsOverwritten(t *testing.T) {
	for name, content := range map[string]string{
		"newer":   `{"version":99,"favourites":[]}`,
		"damaged": `{"version":1,`,
		"foreign": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "settings.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			f := settings.In(dir)
			_, err := f.Load()
			if payments.CodeOf(err) != "settings.load" || errors.Is(err, settings.ErrNewer) != (name == "newer") {
				t.Errorf("load: %v", err)
			}
			if err := f.Save(settings.Settings{}); err == nil {
				t.Error("saved over a file that cannot be read")
			}
			if left, _ := os.ReadFile(path); string(left) != content {
				t.Errorf("the file became %q", left)
			}
		})
	}
}
