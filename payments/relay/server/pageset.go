package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"frontdesk/payments/relay"
)

//go:embed web
var web embed.FS

// submitScript sends the signed form on. Without scripts its button does.
const submitScript = `HTMLFormElement.prototype.submit.call(document.forms[0])`

// pageSet renders customer pages.
type pageSet struct {
	templates *template.Template
	policy    string // but for form-action
}

func newPageSet() (pageSet, error) {
	style, err := web.ReadFile("web/style.css")
	if err != nil {
		return pageSet{}, err
	}
	css := string(style)
	templates, err := template.New("").Funcs(template.FuncMap{
		"style":  func() template.CSS { return template.CSS(css) },
		"script": func() template.JS { return submitScript },
		"say":    say3,
		"show":   show3,
	}).ParseFS(web, "web/*.html")
	if err != nil {
		return pageSet{}, err
	}
	policy := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; frame-ancestors 'none'; form-action ",
		sourceHash(css), sourceHash(submitScript))
	return pageSet{templates: templates, policy: policy}, nil
}

func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// show renders a page with the headers every customer page has.
func (p pageSet) show(w http.ResponseWriter, status int, name string, view any, formAction string) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name+".html", view); err != nil {
		plain(w, http.StatusInternalServerError, "This page cannot be shown. Please ask at the desk. If you have already paid, do not pay again.")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Referrer-Policy", "origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", p.policy+formAction)
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		return // the phone hung up
	}
}

// frame is what all pages share.
type frame struct {
	Language string // en, de or bg
	Salon    string
	Practice bool
}

type payPage struct {
	frame
	Number                                     figure
	Link, Currency, Note, Words, Colour, Until string
	Button                                     price
}

type goPage struct {
	frame
	Action string
	Form   []relay.Field
}

// messagePage tells one thing. Kind picks sentences and picture.
type messagePage struct {
	frame
	Kind     string
	Number   figure // empty where no amount is known
	Currency string
}

func payView(p page) payPage {
	r := p.Registration
	number, currency, _ := strings.Cut(r.AmountText, " ")
	colour, _, _ := strings.Cut(r.Words, " ")
	return payPage{
		frame: frame{pageLanguage(r.Language), r.Salon, practice(p.Mode)},
		Link:  r.Link, Number: figure(number), Currency: currency, Note: r.Note, Words: r.Words,
		Colour: strings.ToLower(colour), Until: until(r.ExpiresAt), Button: price{figure(number), currency},
	}
}

func goView(p page, lang string) goPage {
	r := p.Registration
	return goPage{frame: frame{pageLanguage(lang), r.Salon, practice(p.Mode)}, Action: r.Action, Form: r.Form}
}

func messageView(kind, lang, salon, mode string) messagePage {
	return messagePage{frame: frame{pageLanguage(lang), salon, practice(mode)}, Kind: kind}
}
