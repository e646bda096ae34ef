package main

import (
	"flag"
	"fmt"
	"html/template"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2/test"

	"frontdesk/ui/stories"
)

func main() {
	out := flag.String("out", "build/pictures", "folder for the pictures")
	only := flag.String("only", "", "draw only stories whose name contains this")
	quick := flag.Bool("quick", false, "draw only the first look of each story")
	flag.Parse()
	if err := run(*out, *only, *quick, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "book:", err)
		os.Exit(1)
	}
}

// page is one story in the book.
type page struct {
	Name     string
	Pictures []picture
}

type picture struct{ File, Look string }

func run(out, only string, quick bool, log io.Writer) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	theater, err := stories.NewTheater(test.NewApp())
	if err != nil {
		return err
	}
	looks := stories.Looks()
	if quick {
		looks = looks[:1]
	}
	var pages []page
	for _, s := range stories.All() {
		if !strings.Contains(s.Name, only) {
			continue
		}
		p := page{Name: s.Name}
		for _, l := range looks {
			file := s.Name + "." + l.String() + ".png"
			if err := draw(theater, s, l, filepath.Join(out, file)); err != nil {
				return err
			}
			p.Pictures = append(p.Pictures, picture{file, l.String()})
		}
		pages = append(pages, p)
		fmt.Fprintln(log, s.Name)
	}
	return writeIndex(filepath.Join(out, "index.html"), pages)
}

func draw(t *stories.Theater, s stories.Story, l stories.Look, file string) (err error) {
	st, err := t.Stage(s, l)
	if err != nil {
		return err
	}
	defer st.Window.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	return png.Encode(f, st.Picture())
}

const index = `<!doctype html><meta charset="utf-8"><title>Frontdesk pictures</title>
<style>body{font:15px/1.5 Inter,sans-serif;background:#F5F1EC;color:#231A1F;margin:32px}
h2{margin:40px 0 8px}figure{display:inline-block;margin:0 16px 16px 0}img{width:600px;border:1px solid #E6DED6;border-radius:8px}
figcaption{font-size:13px;color:#5A4E54}</style><h1>Frontdesk pictures</h1>
{{range .}}<h2 id="{{.Name}}">{{.Name}}</h2>{{range .Pictures}}<figure><a href="{{.File}}"><img loading="lazy" src="{{.File}}" alt="{{.File}}"></a><figcaption>{{.Look}}</figcaption></figure>{{end}}
{{end}}`

func writeIndex(file string, pages []page) error {
	t, err := template.New("index").Parse(index)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := t.Execute(&b, pages); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
