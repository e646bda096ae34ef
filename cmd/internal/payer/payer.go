package payer

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// GoodCard is a card number that the stand-in approves.
const GoodCard = "4111111111111111"

// patience bounds one page.
const patience = time.Minute

// Payer is one customer.
type Payer struct {
	http          *http.Client
	action, field *regexp.Regexp
}

// New returns a customer whose requests go over the transport.
func New(over http.RoundTripper) (*Payer, error) {
	jar, err := cookiejar.New(nil)
	return &Payer{
		http:   &http.Client{Transport: over, Jar: jar, Timeout: patience},
		action: regexp.MustCompile(`<form[^>]* action="([^"]*)"`),
		field:  regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`),
	}, err
}

// Page is a page in front of the customer.
type Page struct {
	text string
	at   *url.URL
}

// Text is what the page is made of.
func (p Page) Text() string { return p.text }

// Pay opens a link and pays. It returns the page the customer ends on.
func (p *Payer) Pay(ctx context.Context, link string) (Page, error) {
	card, err := p.Open(ctx, link)
	if err != nil {
		return Page{}, err
	}
	return p.Card(ctx, card, GoodCard)
}

// Open goes from a link to the page that asks for a card.
func (p *Payer) Open(ctx context.Context, link string) (Page, error) {
	page, err := p.post(ctx, link+"/go", nil)
	if err != nil {
		return Page{}, err
	}
	return p.submit(ctx, page, nil)
}

// Card types a card on that page and follows where it leads.
func (p *Payer) Card(ctx context.Context, page Page, number string) (Page, error) {
	return p.submit(ctx, page, url.Values{"pan": {number}, "exp": {"12/39"}, "cvc": {"123"}})
}

// submit sends the first form of a page, filled in.
func (p *Payer) submit(ctx context.Context, page Page, values url.Values) (Page, error) {
	form := p.action.FindStringSubmatch(page.text)
	if form == nil {
		return Page{}, fmt.Errorf("%s shows no form", page.at)
	}
	to, err := page.at.Parse(html.UnescapeString(form[1]))
	if err != nil {
		return Page{}, err
	}
	var body strings.Builder
	for _, f := range p.field.FindAllStringSubmatch(page.text, -1) {
		fmt.Fprintf(&body, "&%s=%s", url.QueryEscape(html.UnescapeString(f[1])), url.QueryEscape(html.UnescapeString(f[2])))
	}
	if values != nil {
		body.WriteString("&" + values.Encode())
	}
	return p.post(ctx, to.String(), []byte(strings.TrimPrefix(body.String(), "&")))
}

func (p *Payer) post(ctx context.Context, address string, body []byte) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(string(body)))
	if err != nil {
		return Page{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.http.Do(req)
	if err != nil {
		return Page{}, err
	}
	raw, err := io.ReadAll(resp.Body)
	err = errors.Join(err, resp.Body.Close())
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s: %s", address, resp.Status)
	}
	return Page{text: string(raw), at: resp.Request.URL}, err
}
