package checkout

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Store is one myPOS checkout store and what signs and verifies for it.
type Store struct {
	SID         string // store id; keep leading zeros
	Wallet      string // wallet or client number
	KeyIndex    int    // 1 to 99: which key pair of the store Key is
	Key         *PrivateKey
	Certificate *Certificate // of myPOS, belongs to KeyIndex
	AppID       string       // ApplicationID and PartnerID of partners; both or none
	PartnerID   string
}

// ParsePack reads a myPOS configuration pack: base64 of a JSON object (spec
// 2.8), with blanks and line ends wherever they were pasted. The bare JSON is
// taken too. Members of other names are ignored. Errors wrap ErrPack, ErrKey or
// ErrCertificate; codes: pack.size, pack.base64, pack.json, pack.missing,
// pack.sid, pack.wallet, pack.index, pack.partner, key.*, certificate.*.
func ParsePack(text []byte) (Store, error) {
	root, err := openPack(text)
	if err != nil {
		return Store{}, err
	}
	get := func(name string) string {
		v, _ := leaf(root, name)
		return strings.TrimSpace(v)
	}
	for _, name := range []string{"sid", "cn", "pk", "pc", "idx"} {
		if get(name) == "" {
			return Store{}, packFault("pack.missing", name+" is missing")
		}
	}
	s := Store{SID: get("sid"), Wallet: get("cn"), AppID: get("appid"), PartnerID: get("pid")}
	if s.KeyIndex, err = strconv.Atoi(get("idx")); err != nil {
		return Store{}, packFault("pack.index", "the key index is not a number")
	}
	if s.Key, err = ParsePrivateKey([]byte(get("pk"))); err != nil {
		return Store{}, err
	}
	if s.Certificate, err = ParseCertificate([]byte(get("pc"))); err != nil {
		return Store{}, err
	}
	if err := s.Check(); err != nil {
		return Store{}, err
	}
	return s, nil
}

func openPack(text []byte) ([]Node, error) {
	if len(text) > MaxPack {
		return nil, packFault("pack.size", "too much text for a pack")
	}
	body := strings.TrimPrefix(strings.TrimSpace(string(text)), "\ufeff")
	if !strings.HasPrefix(body, "{") {
		squeezed := strings.TrimRight(strings.Join(strings.Fields(body), ""), "=")
		raw, err := base64.RawStdEncoding.DecodeString(squeezed)
		if err != nil || squeezed == "" {
			return nil, packFault("pack.base64", "this is not base64 text; copy the whole pack")
		}
		body = string(raw)
	}
	root, err := parseJSON([]byte(body))
	if err != nil {
		return nil, packFault("pack.json", "the pack is cut or not a myPOS pack")
	}
	return root, nil
}

// Check returns nil when the store can sign and verify. The codes are those of
// ParsePack.
func (s Store) Check() error {
	switch {
	case s.SID == "" || len(s.SID) > 15 || !alphanumeric(s.SID):
		return packFault("pack.sid", "the store id is 1 to 15 letters and digits")
	case s.Wallet == "" || len(s.Wallet) > 15 || strings.Trim(s.Wallet, "0123456789") != "":
		return packFault("pack.wallet", "the wallet number is 1 to 15 digits")
	case s.KeyIndex < 1 || s.KeyIndex > 99:
		return packFault("pack.index", "the key index is 1 to 99")
	case (s.AppID == "") != (s.PartnerID == ""):
		return packFault("pack.partner", "application id and partner id go together")
	case s.Key == nil:
		return packFault("key.none", "the private key is missing")
	case s.Certificate == nil:
		return packFault("certificate.none", "the myPOS certificate is missing")
	}
	return nil
}

// Pack returns the store as a configuration pack. It contains the private key.
func (s Store) Pack() ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	pack := struct {
		SID     string `json:"sid"`
		Wallet  string `json:"cn"`
		Key     string `json:"pk"`
		Cert    string `json:"pc"`
		Index   int    `json:"idx"`
		App     string `json:"appid,omitempty"`
		Partner string `json:"pid,omitempty"`
	}{s.SID, s.Wallet, string(s.Key.PEM()), string(s.Certificate.PEM()), s.KeyIndex, s.AppID, s.PartnerID}
	raw, err := json.Marshal(pack)
	if err != nil {
		return nil, packFault("pack.json", "cannot be written")
	}
	out := make([]byte, base64.StdEncoding.EncodedLen(len(raw)))
	base64.StdEncoding.Encode(out, raw)
	return out, nil
}

// version is what IPCVersion says: partners use 1.4.1 (spec 1.5).
func (s Store) version() string {
	if s.AppID != "" && s.PartnerID != "" {
		return "1.4.1"
	}
	return "1.4"
}

func alphanumeric(text string) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func packFault(code, text string) error {
	return fault("checkout.pack", code, fmt.Errorf("%w: %s", ErrPack, text))
}
