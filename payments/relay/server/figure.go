package server

import "strings"

// figure is an amount as the wire has it, "1045.00", to be written on a page as
// its language does.
type figure string

// in writes it in a language of the pages: "1,045.00", "1.045,00" or, where only
// five digits and more stand apart, "1045,00". What is no plain number stays.
func (f figure) in(lang string) string {
	whole, part, fraction := strings.Cut(string(f), ".")
	if whole == "" || strings.Trim(whole+part, "0123456789") != "" || fraction && part == "" {
		return string(f)
	}
	group, decimal, least := ",", ".", 4
	switch lang {
	case "de":
		group, decimal = ".", ","
	case "bg":
		group, decimal, least = "\u00a0", ",", 5
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) >= least {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction {
		b.WriteString(decimal + part)
	}
	return b.String()
}

// price is a figure with its currency behind it.
type price struct {
	number   figure
	currency string
}

func (p price) in(lang string) string {
	if p.currency == "" {
		return p.number.in(lang)
	}
	return p.number.in(lang) + "\u00a0" + p.currency // on one line
}

// perLanguage is what every language writes in its own way.
type perLanguage interface{ in(lang string) string }
