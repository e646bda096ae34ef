package simulate

import (
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

// Cards of the hosted page.
const (
	goodCard = "4111111111111111"
	badCard  = "4000000000000002"
)

// customer is a phone: it follows links, posts forms and types cards.
type customer struct {
	web  *http.Client
	name string
}

func newCustomer(w *world, name string, n int) *customer {
	jar, err := cookiejar.New(nil)
	if err != nil {
		jar = nil
	}
	at := fmt.Sprintf("10.%d.%d.%d:40000", n/250%250, n%250, 1+len(name)%200)
	return &customer{name: name, web: &http.Client{
		Transport: &caller{net: w.net, name: name, address: at, fates: w.plan.phone}, Jar: jar, Timeout: 40 * time.Second,
	}}
}

type form struct {
	action string
	names  []string
	values map[string]string
}

var (
	formTag  = regexp.MustCompile(`(?is)<form\b[^>]*>`)
	inputTag = regexp.MustCompile(`(?is)<input\b[^>]*>`)
	attr     = regexp.MustCompile(`(?is)\b(action|name|value)\s*=\s*"([^"]*)"`)
)

func attributes(tag string) map[string]string {
	all := map[string]string{}
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		all[strings.ToLower(m[1])] = html.UnescapeString(m[2])
	}
	return all
}

// formOf reads the first form of a page.
func formOf(at *url.URL, page string) (form, error) {
	where := formTag.FindStringIndex(page)
	if where == nil {
		return form{}, fmt.Errorf("no form at %s", at.Path)
	}
	body, _, _ := strings.Cut(page[where[1]:], "</form>")
	action, err := at.Parse(attributes(page[where[0]:where[1]])["action"])
	if err != nil {
		return form{}, err
	}
	f := form{action: action.String(), values: map[string]string{}}
	for _, tag := range inputTag.FindAllString(body, -1) {
		if a := attributes(tag); a["name"] != "" {
			f.names = append(f.names, a["name"])
			f.values[a["name"]] = a["value"]
		}
	}
	return f, nil
}

// encode keeps the order of the page, which the signature covers.
func (f form) encode() string {
	var pairs []string
	for _, name := range f.names {
		pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(f.values[name]))
	}
	return strings.Join(pairs, "&")
}

// send fetches a page, or posts to it.
func (c *customer) send(method, address, body string) (*url.URL, string, error) {
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (a phone)")
	res, err := c.web.Do(req)
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(res.Body)
	if err == nil {
		err = res.Body.Close()
	}
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s", res.Status)
	}
	return res.Request.URL, string(text), err
}

// open goes from the link to the page that asks for a card. What fails is tried
// again, as people do.
func (c *customer) open(link string) (at *url.URL, page string, err error) {
	for range 3 {
		if at, page, err = c.walk(link); err == nil {
			return at, page, nil
		}
		time.Sleep(4 * time.Second)
	}
	return nil, "", err
}

func (c *customer) walk(link string) (*url.URL, string, error) {
	at, page, err := c.send(http.MethodGet, link, "")
	for range 4 {
		if err != nil {
			return nil, "", err
		}
		f, err := formOf(at, page)
		if err != nil {
			return nil, "", err
		}
		if _, card := f.values["pan"]; card {
			return at, page, nil
		}
		if at, page, err = c.send(http.MethodPost, f.action, f.encode()); err != nil {
			return nil, "", err
		}
	}
	return nil, "", fmt.Errorf("no card page behind the link")
}

// card types a card on a hosted page and goes back to the shop when it is told
// to. An error says that the phone saw no end, not that nothing was paid.
func (c *customer) card(at *url.URL, page, pan string) error {
	f, err := formOf(at, page)
	if err != nil {
		return err
	}
	f.values["pan"], f.values["exp"], f.values["cvc"] = pan, "12/39", "123"
	at, page, err = c.send(http.MethodPost, f.action, f.encode())
	if err != nil {
		return err
	}
	f, err = formOf(at, page)
	if err != nil {
		return nil // no way back is offered
	}
	if _, landing := f.values["IPCmethod"]; landing {
		_, _, err = c.send(http.MethodPost, f.action, f.encode())
	}
	return err
}
