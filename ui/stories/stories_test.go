package stories_test

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"frontdesk/ui/stories"
)

// theater is made anew for each test: the app of a test belongs to it.
func theater(t *testing.T) *stories.Theater {
	t.Helper()
	th, err := stories.NewTheater(test.NewTempApp(t))
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func stage(t *testing.T, th *stories.Theater, s stories.Story, l stories.Look) *stories.Stage {
	t.Helper()
	st, err := th.Stage(s, l)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestNamesAreUnique(t *testing.T) {
	names := map[string]bool{}
	for _, s := range stories.All() {
		if names[s.Name] {
			t.Errorf("two stories are called %s", s.Name)
		}
		names[s.Name] = true
	}
}

// hardLooks are those in which words run out of room first.
func hardLooks() []stories.Look {
	return []stories.Look{
		{}, {Lang: "de", Width: 1024, Height: 700}, {Factor: 1.75}, {Lang: "de", Factor: 2}, {Dark: true, Lang: "bg", Factor: 1.5},
	}
}

// looksOf chooses the looks in which a story is read: each in turns, so that every
// look is read in many stories. All of them are read when FRONTDESK_LOOKS says so
// (make pictures).
func looksOf(at int) []stories.Look {
	all := hardLooks()
	if os.Getenv("FRONTDESK_LOOKS") != "" {
		return all
	}
	return []stories.Look{all[at%len(all)]}
}

func TestNothingIsCutOrCovered(t *testing.T) {
	th := theater(t)
	for i, s := range told() {
		for _, l := range looksOf(i) {
			l.Plain = true
			st := stage(t, th, s, l)
			readable(t, s.Name+" "+l.String(), st.Window.Canvas())
			st.Window.Close()
		}
	}
}

// The check itself must see what it is for.
func TestCheckSeesFaults(t *testing.T) {
	th := theater(t)
	text := func(words string, x, y, w float32) fyne.CanvasObject {
		o := canvas.NewText(words, color.Black)
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, 20))
		return o
	}
	for name, objects := range map[string][]fyne.CanvasObject{
		"cut":     {text("far too many words", 10, 10, 20)},
		"covered": {text("one", 10, 10, 200), text("two", 10, 10, 200)},
		"outside": {text("gone", 1270, 10, 200)},
		"no key":  {text("[some.key]", 10, 10, 300)},
		"empty":   {},
	} {
		var inner testing.T
		s := stories.Story{Name: name, Build: func(st *stories.Stage) error {
			st.Window.SetContent(&fyne.Container{Objects: objects})
			return nil
		}}
		st := stage(t, th, s, stories.Look{})
		readable(&inner, name, st.Window.Canvas())
		if !inner.Failed() {
			t.Errorf("the check does not see %q", name)
		}
		st.Window.Close()
	}
}

var (
	update = flag.Bool("update", false, "write the goldens anew")                     //nolint:gochecknoglobals // flag of the test
	only   = flag.String("only", "", "look only at stories whose name contains this") //nolint:gochecknoglobals // flag of the test
)

// told are the stories that were asked for, all of them as a rule.
func told() []stories.Story {
	var list []stories.Story
	for _, s := range stories.All() {
		if strings.Contains(s.Name, *only) {
			list = append(list, s)
		}
	}
	return list
}

// goldenLooks are the looks in which a story is compared pixel by pixel, beside
// the plain one.
func goldenLooks(name string) []stories.Look {
	switch name {
	case "charge", "payments":
		return []stories.Look{{}, {Dark: true}, {Lang: "de", Width: 1024, Height: 700}}
	case "checkout-waiting":
		return []stories.Look{{}, {Dark: true, Plain: true}, {Lang: "bg", Factor: 1.75, Plain: true}}
	}
	return []stories.Look{{Plain: true}}
}

func TestPictures(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("goldens are of linux/amd64; elsewhere fonts are rasterised a hair differently")
	}
	th := theater(t)
	warm := stage(t, th, stories.All()[0], stories.Look{})
	warm.Picture() // the first picture after a long time empties Fyne's caches on its way
	warm.Window.Close()
	for _, s := range told() {
		if !s.Golden {
			continue
		}
		for _, l := range goldenLooks(s.Name) {
			t.Run(s.Name+"."+l.String(), func(t *testing.T) {
				st := stage(t, th, s, l)
				defer st.Window.Close()
				flatten(st.Window.Canvas())
				compare(t, filepath.Join("testdata", "pictures", s.Name+"."+l.String()+".png"), st.Picture())
			})
		}
	}
}

// flatten takes away shadows: blurring them is nine tenths of the time
// and none of the interest.
func flatten(c fyne.Canvas) {
	plain := func(o fyne.CanvasObject) {
		walk(o, fyne.Position{}, rect(fyne.Position{}, c.Size()), func(s seen) {
			if r, ok := s.object.(*canvas.Rectangle); ok && r.Shadow.BlurRadius > 0 {
				r.Shadow = canvas.Shadow{}
			}
		})
	}
	plain(c.Content())
	for _, o := range c.Overlays().List() {
		plain(o)
	}
}

func TestMarkup(t *testing.T) {
	th := theater(t)
	for _, s := range told() {
		st := stage(t, th, s, stories.Look{Plain: true})
		got := test.RenderToMarkup(st.Window.Canvas())
		st.Window.Close()
		file := filepath.Join("testdata", "markup", s.Name+".xml")
		if *update {
			write(t, file, []byte(got))
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			keep(t, s.Name+".want.xml", want)
			keep(t, s.Name+".got.xml", []byte(got))
			t.Errorf("%s is built differently; see %s (-update accepts it)", s.Name, t.ArtifactDir())
		}
	}
}

func write(t *testing.T, file string, raw []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

func keep(t *testing.T, name string, raw []byte) {
	t.Helper()
	write(t, filepath.Join(t.ArtifactDir(), name), raw)
}

func compare(t *testing.T, file string, got image.Image) {
	t.Helper()
	if *update {
		save(t, file, got)
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	diff, n := difference(want, got)
	if n == 0 {
		return
	}
	dir := t.ArtifactDir()
	save(t, filepath.Join(dir, "want.png"), want)
	save(t, filepath.Join(dir, "got.png"), got)
	save(t, filepath.Join(dir, "diff.png"), diff)
	t.Errorf("%d pixels differ from %s; see %s (-update accepts them)", n, file, dir)
}

func save(t *testing.T, file string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// difference marks differing pixels in red on white; pictures of another size
// differ everywhere.
func difference(want, got image.Image) (image.Image, int) {
	diff := image.NewNRGBA(got.Bounds())
	n := 0
	for y := got.Bounds().Min.Y; y < got.Bounds().Max.Y; y++ {
		for x := got.Bounds().Min.X; x < got.Bounds().Max.X; x++ {
			diff.Set(x, y, color.White)
			if color.NRGBAModel.Convert(want.At(x, y)) != color.NRGBAModel.Convert(got.At(x, y)) {
				diff.Set(x, y, color.NRGBA{R: 255, A: 255})
				n++
			}
		}
	}
	if want.Bounds() != got.Bounds() && n == 0 {
		n = 1
	}
	return diff, n
}
