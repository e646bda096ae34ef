package server

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// sentence is one sentence of the customer pages in all its languages.
type sentence struct{ en, de, bg string }

func (s sentence) in(lang string) string {
	switch lang {
	case "de":
		return s.de
	case "bg":
		return s.bg
	}
	return s.en
}

// sentences returns the words of the customer pages by their key. %s stands
// for the one value that the page puts in.
func sentences(key string) (sentence, bool) {
	all := map[string]sentence{
		"title":      {"Pay %s", "%s bezahlen", "Плащане към %s"},
		"to-pay":     {"To pay", "Zu zahlen", "За плащане"},
		"match":      {"The salon’s screen shows the same words. If not, do not pay.", "Auf dem Bildschirm im Salon stehen dieselben Wörter. Wenn nicht, zahlen Sie nicht.", "Екранът в салона показва същите думи. Ако не, не плащайте."},
		"processes":  {"myPOS processes the payment. Your card is typed on mypos.com only.", "myPOS wickelt die Zahlung ab. Ihre Karte geben Sie nur auf mypos.com ein.", "myPOS обработва плащането. Картата се въвежда само на mypos.com."},
		"pay":        {"Pay %s at mypos.com", "%s auf mypos.com zahlen", "Платете %s в mypos.com"},
		"until":      {"Open until %s", "Offen bis %s", "Отворена до %s"},
		"language":   {"Language", "Sprache", "Език"},
		"practice":   {"PRACTICE: no real money", "ÜBUNG: kein echtes Geld", "УПРАЖНЕНИЕ: без истински пари"},
		"going":      {"Opening mypos.com", "mypos.com wird geöffnet", "Отваряне на mypos.com"},
		"going-text": {"Check that the address of the next page ends in mypos.com before you type your card.", "Prüfen Sie, dass die Adresse der nächsten Seite auf mypos.com endet, bevor Sie Ihre Karte eingeben.", "Преди да въведете картата, проверете дали адресът на следващата страница завършва на mypos.com."},
		"continue":   {"Continue to mypos.com", "Weiter zu mypos.com", "Към mypos.com"},

		"stand-in":      {"Opening the practice page", "Übungsseite wird geöffnet", "Отваряне на учебната страница"},
		"stand-in-text": {"A stand-in plays myPOS here. No card is charged.", "Hier spielt ein Ersatz die Rolle von myPOS. Keine Karte wird belastet.", "Тук заместител играе ролята на myPOS. Никоя карта не се таксува."},
		"stand-in-go":   {"Continue", "Weiter", "Напред"},

		"paid":           {"Thank you", "Vielen Dank", "Благодарим ви"},
		"paid-text":      {"myPOS took the payment. The salon’s screen confirms it in a moment.", "myPOS hat die Zahlung angenommen. Der Bildschirm im Salon bestätigt sie gleich.", "myPOS прие плащането. Екранът в салона ще го потвърди след малко."},
		"cancelled":      {"Payment not finished", "Zahlung nicht abgeschlossen", "Плащането не е завършено"},
		"cancelled-text": {"You left the payment page. The desk sees whether any money moved. Ask there before you try again.", "Sie haben die Zahlungsseite verlassen. Am Empfang sieht man, ob Geld geflossen ist. Fragen Sie dort, bevor Sie es noch einmal versuchen.", "Напуснахте страницата за плащане. На рецепцията се вижда дали са взети пари. Попитайте там, преди да опитате отново."},
		"neutral":        {"You can put your phone away", "Sie können Ihr Telefon weglegen", "Можете да приберете телефона"},
		"neutral-text":   {"The salon’s screen shows whether the payment arrived.", "Auf dem Bildschirm im Salon steht, ob die Zahlung angekommen ist.", "Екранът в салона показва дали плащането е пристигнало."},
		"closed":         {"This page is closed", "Diese Seite ist geschlossen", "Тази страница е затворена"},
		"closed-text":    {"The salon ended this request. Nothing can be paid here any more. Ask at the desk for a new code.", "Der Salon hat diese Anfrage beendet. Hier kann nichts mehr bezahlt werden. Fragen Sie am Empfang nach einem neuen Code.", "Салонът прекрати тази заявка. Тук вече не може да се плаща. Поискайте нов код на рецепцията."},
		"expired":        {"This page has run out", "Diese Seite ist abgelaufen", "Времето на тази страница изтече"},
		"expired-text":   {"It was open for a short time only. Ask at the desk for a new code.", "Sie war nur kurze Zeit offen. Fragen Sie am Empfang nach einem neuen Code.", "Тя беше отворена само за кратко. Поискайте нов код на рецепцията."},
		"done":           {"This page was used", "Diese Seite wurde benutzt", "Тази страница е използвана"},
		"done-text":      {"myPOS has already told the salon about this payment. Do not pay again; the desk sees how it stands.", "myPOS hat dem Salon diese Zahlung schon gemeldet. Zahlen Sie nicht noch einmal; am Empfang sieht man den Stand.", "myPOS вече съобщи на салона за това плащане. Не плащайте отново; на рецепцията се вижда какво е положението."},
		"unknown":        {"No payment here", "Hier gibt es keine Zahlung", "Тук няма плащане"},
		"unknown-text":   {"This address does not belong to a payment. Scan the code on the salon’s screen again.", "Diese Adresse gehört zu keiner Zahlung. Scannen Sie den Code auf dem Bildschirm im Salon noch einmal.", "Този адрес не води към плащане. Сканирайте отново кода от екрана в салона."},
		"trouble":        {"Not possible just now", "Gerade nicht möglich", "В момента не е възможно"},
		"trouble-text":   {"This page cannot be shown now. Ask at the desk. If you have already paid, do not pay again.", "Diese Seite kann gerade nicht gezeigt werden. Fragen Sie am Empfang. Wenn Sie schon bezahlt haben, zahlen Sie nicht noch einmal.", "Страницата не може да се покаже сега. Попитайте на рецепцията. Ако вече сте платили, не плащайте отново."},
	}
	s, ok := all[key]
	return s, ok
}

// languages of the customer pages; the first is the fallback.
func languages() [3]string { return [...]string{"en", "de", "bg"} }

// filled is a sentence with the values that stand in it.
type filled struct {
	sentence
	values []any
}

func (f filled) in(lang string) string {
	args := make([]any, len(f.values))
	for i, v := range f.values {
		if p, ok := v.(perLanguage); ok {
			v = p.in(lang)
		}
		args[i] = v
	}
	return fmt.Sprintf(f.sentence.in(lang), args...)
}

// say3 renders a sentence as show3 does. Values are written as each language does.
func say3(lang, key string, every bool, values ...any) (template.HTML, error) {
	s, ok := sentences(key)
	if !ok {
		return "", fmt.Errorf("no sentence %q", key)
	}
	return show3(lang, every, filled{s, values}), nil
}

// show3 renders words in a language. With every set they stand in all languages,
// of which the style sheet shows one.
func show3(lang string, every bool, words perLanguage) template.HTML {
	if !every {
		return template.HTML(template.HTMLEscapeString(words.in(lang)))
	}
	var b strings.Builder
	for _, l := range languages() {
		fmt.Fprintf(&b, `<span class="t %s" lang="%s">%s</span>`, l, l, template.HTMLEscapeString(words.in(l)))
	}
	return template.HTML(b.String())
}

// pageLanguage returns the language of the pages nearest to a tag.
func pageLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	for _, l := range languages() {
		if base == l {
			return l
		}
	}
	return languages()[0]
}

// browserLanguage is for pages of which we know nothing better.
func browserLanguage(r *http.Request) string {
	var tags []language.Tag
	for _, l := range languages() {
		tags = append(tags, language.Make(l))
	}
	_, at := language.MatchStrings(language.NewMatcher(tags), r.Header.Get("Accept-Language"))
	return languages()[at]
}

// until prints the end of a page in the zone that the desk gave.
func until(t time.Time) string {
	form := "15:04"
	if _, offset := t.Zone(); offset == 0 {
		form = "15:04 UTC"
	}
	return t.Format(form)
}
