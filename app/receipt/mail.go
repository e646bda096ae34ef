package receipt

import (
	"net/url"
	"strings"

	"frontdesk/app/text"
)

// maxMail is how long a mailto address may be: longer ones are cut off or
// refused on some systems.
const maxMail = 2000

// Mail is an address that opens the mail program with the receipt as text. to
// may be empty. Where the whole receipt does not fit, the things sold are left
// out.
func Mail(r Receipt, to string) *url.URL {
	t := text.New(r.Language)
	key := "receipt.mail.sale"
	if r.Kind.Refund != "" {
		key = "receipt.mail.refund"
	}
	subject := strings.TrimSpace(t.T(key, t.Amount(r.Total)) + " " + r.Salon.Name)
	if r.Mark != NoMark {
		subject = t.T("receipt.mark."+string(r.Mark)) + " - " + subject
	}
	u := mailto(to, subject, r.letter(t))
	if len(u.String()) > maxMail {
		r.Lines, r.Salon.Footer = nil, ""
		u = mailto(to, subject, r.letter(t))
	}
	return u
}

func mailto(to, subject, body string) *url.URL {
	query := url.Values{"subject": {subject}, "body": {body}}
	// Mail programs read "+" as itself.
	return &url.URL{Scheme: "mailto", Opaque: url.PathEscape(plain(to)), RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20")}
}

// letter is the receipt for letters of uneven width: no columns.
func (r Receipt) letter(t *text.Catalog) string {
	var b strings.Builder
	for _, w := range r.rows(t) {
		switch {
		case w.rule:
			b.WriteString("----")
		case w.right != "":
			b.WriteString(w.left + ": " + w.right)
		default:
			b.WriteString(w.left)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}
