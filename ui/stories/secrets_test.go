package stories_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"frontdesk/ui/stories"
)

// typedSecrets are what stories type where nobody may read it, and what must
// never be seen whoever typed it.
func typedSecrets() *regexp.Regexp {
	return regexp.MustCompile(`\b4711\b|>1234<|"pk":|\bMII[A-Za-z0-9+/]{20}`)
}

// TestMarkupHoldsNoSecret: no story shows a PIN that it types, nor anything of a
// private key or a pack.
func TestMarkupHoldsNoSecret(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "markup", "*.xml"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	secrets := typedSecrets()
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if at := secrets.FindString(string(raw)); at != "" {
			t.Errorf("%s shows %q", file, at)
		}
	}
}

// TestATypedPINIsNotShown: a PIN that is typed and not sent yet is dots on the
// screen; the search for it finds one that is put into the same markup.
func TestATypedPINIsNotShown(t *testing.T) {
	th := theater(t)
	for _, s := range stories.All() {
		if s.Name != "operators-lock" {
			continue
		}
		st := stage(t, th, s, stories.Look{Plain: true})
		defer st.Window.Close()
		before := test.RenderToMarkup(st.Window.Canvas())
		focused := st.Window.Canvas().Focused()
		if focused == nil {
			t.Fatal("nothing has the focus")
		}
		for _, r := range "4711" {
			focused.TypedRune(r)
		}
		markup := test.RenderToMarkup(st.Window.Canvas())
		if markup == before {
			t.Error("nothing was typed")
		}
		if at := typedSecrets().FindString(markup); at != "" {
			t.Errorf("the lock shows %q", at)
		}
		end := strings.Index(markup, "</text>")
		if end < 0 || !typedSecrets().MatchString(markup[:end]+" 4711"+markup[end:]) {
			t.Error("a PIN that is shown would not be found")
		}
		return
	}
	t.Fatal("there is no story of the lock")
}
