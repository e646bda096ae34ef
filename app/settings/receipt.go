package settings

import (
	"cmp"
	"strings"
)

// Shop is what stands on receipts under the name of the salon. Every field is
// one line and may be empty; Footer may have several.
type Shop struct {
	Street string `json:"street,omitempty"`
	City   string `json:"city,omitempty"` // with the postcode
	VATID  string `json:"vat_id,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Footer string `json:"footer,omitempty"` // "Thank you."
}

// Salon is the head of a receipt: the name with what stands under it.
type Salon struct {
	Name string
	Shop
}

// Heading is the head of a receipt. The name stands in a field of its own
// because files had it before they had a Shop.
func (s Settings) Heading() Salon {
	h := Salon{Name: strings.TrimSpace(s.Salon), Shop: s.Shop}
	for _, field := range []*string{&h.Street, &h.City, &h.VATID, &h.Phone, &h.Footer} {
		*field = strings.TrimSpace(*field)
	}
	return h
}

// Receipt is how receipts are made. The zero value prints nothing by itself.
type Receipt struct {
	Auto      bool    `json:"auto,omitempty"`     // print when a sale is paid or money was given back
	VAT       int     `json:"vat,omitempty"`      // rate in basis points, 2000 is 20 %; 0: no line about VAT
	Language  string  `json:"language,omitempty"` // two letters; empty means the customer's
	Printer   Printer `json:"printer,omitzero"`
	KeepWords int     `json:"keep_words,omitempty"` // months after which customers' words are erased; 0 keeps them
}

// MaxVAT is the highest rate of VAT, in basis points.
const MaxVAT = 5000

// Kinds of printers. The strings are on disk.
const (
	PrinterNone    = "none" // as good as empty
	PrinterNetwork = "network"
	PrinterSerial  = "serial"
	PrinterUSB     = "usb"
	PrinterSystem  = "system"
)

// Characters in a line of the two usual papers: 80 mm and 58 mm.
const (
	PaperWide   = 48
	PaperNarrow = 32
)

// DefaultPrinterPort is where receipt printers listen.
const DefaultPrinterPort = 9100

// Printer is what receipts come out of.
type Printer struct {
	Kind    string `json:"kind,omitempty"`    // one of the constants; empty means none
	Address string `json:"address,omitempty"` // host of a network printer, port or file of serial and usb, name of a system printer (empty: its default one)
	Port    int    `json:"port,omitempty"`    // of a network printer, 0 means DefaultPrinterPort; speed of a serial one in baud, 0 means 9600
	Width   int    `json:"width,omitempty"`   // PaperWide or PaperNarrow; 0 means PaperWide
	Cut     bool   `json:"cut,omitempty"`     // cuts the paper after each receipt
}

// None reports whether there is no printer.
func (p Printer) None() bool { return p.Kind == "" || p.Kind == PrinterNone }

// Columns is the width with what is meant by nothing.
func (p Printer) Columns() int {
	if p.Width == PaperNarrow {
		return PaperNarrow
	}
	return PaperWide
}

// At is the port of a network printer with what is meant by nothing.
func (p Printer) At() int { return cmp.Or(p.Port, DefaultPrinterPort) }
