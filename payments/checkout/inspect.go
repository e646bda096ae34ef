package checkout

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// Sort says what a pasted text holds.
type Sort string

// Sorts of text Inspect tells apart.
const (
	SortEmpty       Sort = "empty"
	SortPack        Sort = "pack"
	SortPrivateKey  Sort = "private_key"
	SortSealedKey   Sort = "sealed_key" // needs a passphrase
	SortCertificate Sort = "certificate"
	SortPublicKey   Sort = "public_key"
	SortRequest     Sort = "certificate_request"
	SortUnknown     Sort = "unknown"
)

// Inspection is what Inspect found. Key, Certificate and Store are set only
// when Err is nil; Store is set for a pack, Key and Certificate then too.
type Inspection struct {
	Sort        Sort
	Format      string // "PKCS#1", "PKCS#8", "X.509", or ""
	Bits        int    // size of the RSA key, 0 when it cannot be told
	Key         *PrivateKey
	Certificate *Certificate
	Store       Store
	Fields      []string // members of a pack that no program knows
	Fixed       bool     // the armour was broken and has been put right
	Err         error    // why it cannot be used; wraps ErrKey, ErrCertificate or ErrPack
}

// Inspect reads what people paste: packs, keys and certificates whose line
// ends, dashes or BEGIN and END lines were lost on the way. It decides by
// content, never by the armour alone. Err has the codes of ParsePrivateKey,
// ParseCertificate and ParsePack, and also key.request (a certificate request),
// pack.unknown (a pack with members no program knows), paste.empty and
// paste.unknown.
func Inspect(text []byte) Inspection {
	if len(text) > MaxPack {
		return Inspection{Sort: SortUnknown, Err: packFault("pack.size", "too much text")}
	}
	s := plainText(text)
	if s == "" {
		return Inspection{Sort: SortEmpty, Err: packFault("paste.empty", "nothing was pasted")}
	}
	if raw, ok := packText(s); ok {
		return inspectPack(raw)
	}
	var best Inspection
	for i, b := range looseBlocks(s) {
		next := inspectBlock(b)
		next.Fixed = next.Err == nil && next.Fixed || next.Err == nil && !tidy(s)
		if i == 0 || rank(next) > rank(best) {
			best = next
		}
	}
	if best.Sort == "" || best.Sort == SortUnknown {
		return Inspection{Sort: SortUnknown, Err: packFault("paste.unknown", "neither a pack nor a key nor a certificate")}
	}
	return best
}

// rank prefers what can be used, and keys before certificates: a file with both
// was saved for its key.
func rank(i Inspection) int {
	switch {
	case i.Key != nil:
		return 4
	case i.Certificate != nil:
		return 3
	case i.Sort != SortUnknown:
		return 2
	}
	return 1
}

// plainText takes away what programs add to copied text.
func plainText(text []byte) string {
	s := strings.NewReplacer(
		"\ufeff", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\u00a0", " ",
		"\u2013", "-", "\u2014", "-", "\u2212", "-", "\u2011", "-", "\u2010", "-",
		"\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\r\n", "\n", "\r", "\n",
	).Replace(string(text))
	return strings.TrimSpace(s)
}

// packText returns the JSON of a text that is a pack, bare or as base64.
func packText(s string) ([]byte, bool) {
	if strings.HasPrefix(s, "{") {
		return []byte(s), true
	}
	squeezed := strings.TrimRight(strings.Join(strings.Fields(strings.Trim(s, `"'`+"`")), ""), "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := enc.DecodeString(squeezed); err == nil && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
			return raw, true
		}
	}
	// A pack that lost its end still begins as one.
	return []byte(s), strings.HasPrefix(squeezed, "eyJ")
}

func inspectPack(raw []byte) Inspection {
	in := Inspection{Sort: SortPack}
	store, err := ParsePack(raw)
	if err == nil {
		in.Fields, err = packExtras(raw)
	}
	if err != nil {
		in.Err = err
		return in
	}
	if len(in.Fields) > 0 {
		in.Err = packFault("pack.unknown", "members no program knows")
		return in
	}
	in.Store, in.Key, in.Certificate, in.Bits = store, store.Key, store.Certificate, store.Key.Bits()
	return in
}

// packExtras lists members beside those of spec 2.8, shortened for a screen.
func packExtras(raw []byte) ([]string, error) {
	root, err := openPack(raw)
	if err != nil {
		return nil, err
	}
	var extra []string
	for _, n := range root {
		if !slices.Contains([]string{"sid", "cn", "pk", "pc", "idx", "appid", "pid"}, strings.ToLower(n.Name)) {
			extra = append(extra, Clean(n.Name, 30))
		}
	}
	return extra, nil
}

// label finds BEGIN and END lines however they were mangled. The words alone
// are enough: they cannot stand in base64 by chance together with their blank.
var label = regexp.MustCompile(`(?i)-*[ \t]*(?:(BEGIN|END)[ \t]+)?(X509 |TRUSTED |RSA |EC |DSA |ENCRYPTED |OPENSSH |NEW )?(PRIVATE[ \t]+KEY|PUBLIC[ \t]+KEY|CERTIFICATE[ \t]+REQUEST|CERTIFICATE)[ \t]*-+|-*[ \t]*(?:BEGIN|END)[ \t]+(X509 |TRUSTED |RSA |EC |DSA |ENCRYPTED |OPENSSH |NEW )?(PRIVATE[ \t]+KEY|PUBLIC[ \t]+KEY|CERTIFICATE[ \t]+REQUEST|CERTIFICATE)`)

// loose is base64 text between two labels, or the whole text without any.
type loose struct {
	hint string // words of the label in capitals, single blanks; "" without one
	body string
}

func looseBlocks(s string) []loose {
	s = strings.NewReplacer(`\r`, "\n", `\n`, "\n").Replace(s)
	at := label.FindAllStringIndex(s, -1)
	if len(at) == 0 {
		return []loose{{body: s}}
	}
	var found []loose
	for i, l := range at {
		end := len(s)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		words := strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(s[l[0]:l[1]], "-", " ")), " "))
		hint, isEnd := strings.CutPrefix(words, "END ")
		if isEnd {
			continue
		}
		found = append(found, loose{strings.TrimPrefix(hint, "BEGIN "), s[l[1]:end]})
	}
	if len(found) == 0 || at[0][0] > 0 && strings.Contains(strings.ToUpper(s[at[0][0]:at[0][1]]), "END") {
		// The BEGIN line is lost: what stands before END is the body.
		found = append(found, loose{body: s[:at[0][0]]})
	}
	return found
}

// tidy reports whether the text is PEM that any program would read.
func tidy(s string) bool {
	if !strings.HasPrefix(s, "-----BEGIN ") || strings.Contains(s, `\n`) {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if len(line) > 76 || line != strings.TrimSpace(line) {
			return false
		}
	}
	return true
}

func inspectBlock(b loose) Inspection {
	body := b.body
	sealed := strings.Contains(body, "Proc-Type") && strings.Contains(body, "ENCRYPTED") || strings.HasPrefix(b.hint, "ENCRYPTED")
	if sealed {
		return Inspection{Sort: SortSealedKey, Err: keyFault("key.passphrase", "the key is locked with a passphrase")}
	}
	der, ok := looseBase64(body)
	if ok {
		if in := inspectDER(der); in.Sort != SortUnknown {
			return in
		}
	}
	return damaged(b.hint)
}

// damaged says what the label promised.
func damaged(hint string) Inspection {
	switch {
	case strings.HasPrefix(hint, "EC ") || strings.HasPrefix(hint, "OPENSSH ") || strings.HasPrefix(hint, "DSA "):
		return Inspection{Sort: SortPrivateKey, Err: keyFault("key.type", "not an RSA key in PEM form")}
	case strings.HasSuffix(hint, "PRIVATE KEY"):
		return Inspection{Sort: SortPrivateKey, Err: keyFault("key.damaged", "the content is not a private key")}
	case strings.HasSuffix(hint, "PUBLIC KEY"):
		return Inspection{Sort: SortPublicKey, Err: keyFault("key.public", "this is a public key, not the private key")}
	case strings.HasSuffix(hint, "REQUEST"):
		return Inspection{Sort: SortRequest, Err: keyFault("key.request", "this is a request for a certificate")}
	case strings.HasSuffix(hint, "CERTIFICATE"):
		return Inspection{Sort: SortCertificate, Format: "X.509", Err: certFault("certificate.damaged", "the content is not a certificate")}
	}
	return Inspection{Sort: SortUnknown}
}

// looseBase64 decodes with anything that is no base64 left out.
func looseBase64(body string) ([]byte, bool) {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '+', r == '/':
			return r
		case r == '-':
			return -1 // dashes left over from a label
		case r == '_':
			return '/'
		}
		return -1
	}, body)
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	der, err := base64.RawStdEncoding.DecodeString(clean)
	return der, err == nil && len(der) > 0
}

// inspectDER classifies by content.
func inspectDER(der []byte) Inspection {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(der, &outer)
	if err != nil || outer.Tag != asn1.TagSequence {
		return Inspection{Sort: SortUnknown}
	}
	der = der[:len(der)-len(rest)]
	if in := inspectKey(der); in.Sort != SortUnknown {
		return in
	}
	if cert, err := parseCertificate(der); err == nil {
		return Inspection{Sort: SortCertificate, Format: "X.509", Bits: cert.Bits(), Certificate: cert}
	} else if _, broken := x509.ParseCertificate(der); broken == nil || emptySerial(der) {
		return Inspection{Sort: SortCertificate, Format: "X.509", Err: err}
	}
	if _, err := x509.ParsePKIXPublicKey(der); err == nil {
		return Inspection{Sort: SortPublicKey, Err: keyFault("key.public", "this is a public key, not the private key")}
	}
	if _, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return Inspection{Sort: SortPublicKey, Err: keyFault("key.public", "this is a public key, not the private key")}
	}
	if _, err := x509.ParseCertificateRequest(der); err == nil {
		return Inspection{Sort: SortRequest, Err: keyFault("key.request", "this is a request for a certificate")}
	}
	return Inspection{Sort: SortUnknown}
}

func inspectKey(der []byte) Inspection {
	in := Inspection{Sort: SortPrivateKey, Format: "PKCS#1"}
	var pkcs8 struct {
		Version   int
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key []byte
	}
	if _, err := asn1.Unmarshal(der, &pkcs8); err == nil {
		in.Format = "PKCS#8"
	} else if sealedPKCS8(der) {
		return Inspection{Sort: SortSealedKey, Format: "PKCS#8", Err: keyFault("key.passphrase", "the key is locked with a passphrase")}
	}
	key, err := parseDER(block{kind: pemPKCS1, der: der})
	if err == nil {
		in.Key, in.Bits = key, key.Bits()
		return in
	}
	in.Err = err
	if shortKey(der) {
		in.Bits = modulusBits(der)
		return in
	}
	if in.Format == "PKCS#8" || looksPKCS1(der) {
		return in
	}
	if _, err := x509.ParseECPrivateKey(der); err == nil {
		return Inspection{Sort: SortPrivateKey, Err: keyFault("key.type", "not an RSA key")}
	}
	return Inspection{Sort: SortUnknown}
}

// sealedPKCS8 reports whether der is an EncryptedPrivateKeyInfo.
func sealedPKCS8(der []byte) bool {
	var sealed struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Data []byte
	}
	rest, err := asn1.Unmarshal(der, &sealed)
	// PKCS#5 and PKCS#12 are the only ways of doing it.
	pkcs := asn1.ObjectIdentifier{1, 2, 840, 113549, 1}
	return err == nil && len(rest) == 0 && len(sealed.Algorithm.ID) > len(pkcs) && sealed.Algorithm.ID[:len(pkcs)].Equal(pkcs)
}

// looksPKCS1 reports whether der begins as an RSA private key does: version,
// modulus, exponent, and more numbers after them.
func looksPKCS1(der []byte) bool {
	var k struct {
		Version int
		N       *big.Int
		E       int
		D       *big.Int
		Rest    []asn1.RawValue `asn1:"optional"`
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return false
	}
	rest := outer.Bytes
	for _, to := range []any{&k.Version, &k.N, &k.E, &k.D} {
		var err error
		if rest, err = asn1.Unmarshal(rest, to); err != nil {
			return false
		}
	}
	return k.Version <= 1
}

// modulusBits is the size of a key too short to be parsed.
func modulusBits(der []byte) int {
	var pkcs8 struct {
		Version   int
		Algorithm asn1.RawValue
		Key       []byte
	}
	if _, err := asn1.Unmarshal(der, &pkcs8); err == nil {
		der = pkcs8.Key
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return 0
	}
	var version int
	var n *big.Int
	rest, err := asn1.Unmarshal(outer.Bytes, &version)
	if err == nil {
		_, err = asn1.Unmarshal(rest, &n)
	}
	if err != nil {
		return 0
	}
	return n.BitLen()
}
