package account

import (
	"net/http"
	"slices"
)

// postLink makes a payment link (spec 10.3).
func postLink(a *Account, q *ask) reply {
	f := readForm(q.body, "item_name item_price account_number currency pref_language custom_name quantity website send_sms send_email ask_for_customer_name hide_quantity expired_date")
	l := Link{
		Article: f.text("item_name", true, 255), Price: f.money("item_price", "currency"),
		Account: f.text("account_number", false, 34), Language: f.text("pref_language", false, 2),
		Name: f.text("custom_name", true, 100), Quantity: f.whole("quantity", 1, 1_000_000),
		Website: f.text("website", false, 255), SMS: f.flag("send_sms", false), Email: f.flag("send_email", false),
		AskName: f.flag("ask_for_customer_name", false), Hide: f.flag("hide_quantity", false),
		Expires: f.day("expired_date", a.Now()), Enabled: true,
	}
	if f.err == nil && l.Account != "" && l.Account != accountNumber(l.Price.Currency) {
		f.fail("account_number is not of this merchant")
	}
	if f.err != nil {
		return refuse(http.StatusBadRequest, f.err.Error())
	}
	var err error
	if l.Code, err = a.code(); err == nil {
		err = a.commit(Record{Kind: kindLink, Link: &l})
	}
	if err != nil {
		return a.notKept(err)
	}
	return answer(map[string]string{"url": pageURL(q.Request, l.Code)})
}

func (l *link) row(q *ask) map[string]any {
	status := 1
	if !l.Enabled {
		status = 2
	}
	return map[string]any{
		"code": l.Code, "url": pageURL(q.Request, l.Code), "custom_name": l.Name, "item_name": l.Article,
		"item_price": l.Price.Decimal(), "currency": string(l.Price.Currency), "account_number": l.Account,
		"quantity": l.Quantity, "pref_lang": l.Language, "website": l.Website, "send_sms": l.SMS, "send_email": l.Email,
		"ask_for_customer_name": l.AskName, "hide_quantity": l.Hide, "expired_date": l.Expires,
		"enable": l.Enabled, "status": status, "created_at": l.at.UTC().Format(stampLayout),
	}
}

func getLinks(a *Account, q *ask) reply {
	status, err := whole(q, "status", 0, 0, 9)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	list := slices.Clone(a.book.linked)
	slices.Reverse(list)
	list = slices.DeleteFunc(list, func(l *link) bool { return l.deleted || status == 1 && !l.Enabled || status == 2 && l.Enabled })
	part, p, err := slice(q, list, 20)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	rows := []map[string]any{}
	for _, l := range part {
		rows = append(rows, l.row(q))
	}
	return answer(map[string]any{"items": rows, "pagination": p})
}

func (a *Account) live(code string) *link {
	if l := a.book.links[code]; l != nil && !l.deleted {
		return l
	}
	return nil
}

func getLink(a *Account, q *ask) reply {
	l := a.live(q.PathValue("code"))
	if l == nil {
		return refuse(http.StatusNotFound, "code")
	}
	return answer(l.row(q))
}

func patchLink(a *Account, q *ask) reply {
	l := a.live(q.PathValue("code"))
	if l == nil {
		return refuse(http.StatusNotFound, "code")
	}
	f := readForm(q.body, "pref_lang custom_name send_sms send_email sens_email ask_for_customer_name website enable hide_quantity expired_date")
	changed := l.Link
	for name, to := range map[string]*string{"pref_lang": &changed.Language, "custom_name": &changed.Name, "website": &changed.Website} {
		if f.has(name) {
			*to = f.text(name, false, 255)
		}
	}
	for name, to := range map[string]*bool{
		"send_sms": &changed.SMS, "sens_email": &changed.Email, "ask_for_customer_name": &changed.AskName,
		"enable": &changed.Enabled, "hide_quantity": &changed.Hide,
	} {
		if f.has(name) {
			*to = f.flag(name, true)
		}
	}
	f.flag("send_email", false) // the sample's spelling is taken and does nothing
	if f.has("expired_date") {
		changed.Expires = f.day("expired_date", a.Now())
	}
	if f.err != nil || len(f.members) == 0 || changed.Name == "" {
		return refuse(http.StatusBadRequest, "a member")
	}
	if err := a.commit(Record{Kind: kindLink, Link: &changed}); err != nil {
		return a.notKept(err)
	}
	return answer(l.row(q))
}

func deleteLink(a *Account, q *ask) reply {
	l := a.live(q.PathValue("code"))
	if l == nil {
		return refuse(http.StatusNotFound, "code")
	}
	if err := a.commit(Record{Kind: kindLinkDeleted, Code: l.Code}); err != nil {
		return a.notKept(err)
	}
	return reply{http.StatusOK, nil}
}
