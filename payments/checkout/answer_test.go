package checkout

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/payments"
)

func TestLeavesByTheRulesOfPHP(t *testing.T) {
	raw := `{"a":"x","n":0,"f":1.60,"neg":-2,"e":"","nil":null,"yes":true,"no":false,` +
		`"o":{"b":"y","Signature":"kept","deep":{"c":[1,"two",{"d":"z"}]}},"empty":{},"none":[],"slash":"a\/b\u00e9"}`
	root, err := parseJSON([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range root {
		got = flatten(got, n)
	}
	want := []string{"x", "0", "1.60", "-2", "", "", "1", "", "y", "kept", "1", "two", "z", "a/bé"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	tests := []struct {
		name string
		raw  string
		err  error
	}{
		{"nothing", "", ErrMalformed},
		{"a list", `["a"]`, ErrMalformed},
		{"a word", `true`, ErrMalformed},
		{"two objects", `{"a":1}{"b":2}`, ErrMalformed},
		{"text behind", `{"a":1} x`, ErrMalformed},
		{"cut", `{"a":1`, ErrMalformed},
		{"cut in a name", `{"a`, ErrMalformed},
		{"XML", `<ipc_response/>`, ErrMalformed},
		{"not UTF-8", "{\"a\":\"\xff\"}", ErrMalformed},
		{"a name twice", `{"Status":0,"Status":1}`, ErrRepeated},
		{"a name twice in other letters", `{"Status":0,"STATUS":1}`, ErrRepeated},
		{"a name twice in letters of long ago", `{"Status":0,"ſtatus":1}`, ErrRepeated},
		{"a name twice inside", `{"o":{"a":0,"A":1}}`, ErrRepeated},
		{"too deep", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), ErrMalformed},
		{"too deep in lists", `{"a":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + "}", ErrMalformed},
		{"too long", `{"a":"` + strings.Repeat("x", MaxAnswer) + `"}`, ErrTooLarge},
		{"too many", `{"a":[1` + strings.Repeat(",1", 2000) + `]}`, ErrTooLarge},
		{"unsigned", `{"Status":3,"StatusMsg":"E_IPC_ERROR"}`, ErrUnsigned},
		{"signature inside only", `{"Status":0,"o":{"Signature":"AAAA"}}`, ErrUnsigned},
		{"signature is a number", `{"Status":0,"Signature":1}`, ErrUnsigned},
		{"signature is empty", `{"Status":0,"Signature":""}`, ErrUnsigned},
		{"signature is null", `{"Status":0,"Signature":null}`, ErrUnsigned},
		{"forged", `{"Status":0,"Signature":"AAAA"}`, ErrSignature},
	}
	cert := sandboxCertificate(t)
	for _, tt := range tests {
		if _, err := VerifyJSON([]byte(tt.raw), cert); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
	}
}

func TestStatusOfAnAnswerIsANumber(t *testing.T) {
	key := sandboxKey(t)
	merchant := &Certificate{key: &key.key.PublicKey}
	for text, want := range map[string]Status{"0": 0, "21": 21, "99": 99, "007": 7} {
		raw, err := SignJSON(key, []Node{{Name: "Status", Kind: String, Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := VerifyJSON(raw, merchant); err != nil || a.Status != want {
			t.Errorf("%q: %d, %v", text, a.Status, err)
		}
	}
	for _, text := range []string{"", "-1", "+0", "0x0", "0.0", "OK", "70000"} {
		raw, err := SignJSON(key, []Node{{Name: "Status", Kind: String, Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := VerifyJSON(raw, merchant); !errors.Is(err, ErrMissing) {
			t.Errorf("%q: %d, %v", text, a.Status, err)
		}
	}
}

// nodes draws members with distinct names.
func nodes(depth int) *rapid.Generator[[]Node] {
	return rapid.Custom(func(t *rapid.T) []Node {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z][a-z]{1,5}`), 0, 5, strings.ToLower).Draw(t, "names")
		out := make([]Node, 0, len(names))
		for _, name := range names {
			if name == signatureName || strings.EqualFold(name, "Status") {
				continue
			}
			kinds := []Kind{String, Number, Word}
			if depth > 0 {
				kinds = append(kinds, Object, Array)
			}
			n := Node{Name: name, Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
			switch n.Kind {
			case Number:
				n.Text = rapid.SampledFrom([]string{"0", "-1", "1.60", "1e3", "12345678901234567890"}).Draw(t, "number")
			case Word:
				n.Text = rapid.SampledFrom([]string{"", "1"}).Draw(t, "word")
			case Object:
				n.Children = nodes(depth-1).Draw(t, "members")
			case Array:
				n.Children = nodes(depth-1).Draw(t, "elements")
				for i := range n.Children {
					n.Children[i].Name = ""
				}
			default:
				n.Text = rapid.StringMatching(`[ -~é\n]{0,8}`).Draw(t, "text")
			}
			if len(n.Children) == 0 {
				n.Children = nil
			}
			out = append(out, n)
		}
		return out
	})
}

func TestSignedAnswersVerifyAndReadBack(t *testing.T) {
	key := sandboxKey(t)
	merchant := &Certificate{key: &key.key.PublicKey}
	rapid.Check(t, func(t *rapid.T) {
		root := append(nodes(2).Draw(t, "root"), Node{Name: "Status", Kind: Number, Text: "0"})
		before := slices.Clone(root)
		raw, err := SignJSON(key, root)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(raw) {
			t.Fatalf("not JSON: %s", raw)
		}
		a, err := VerifyJSON(raw, merchant)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if diff := cmp.Diff(before, a.Root[:len(a.Root)-1]); diff != "" {
			t.Fatal(diff)
		}
		spaced := strings.NewReplacer("{", "{ ", "}", "\n}").Replace(string(raw))
		if !strings.ContainsAny(strings.Join(leaves(root), ""), "{}") {
			if _, err := VerifyJSON([]byte(spaced), merchant); err != nil {
				t.Fatalf("blanks between members matter: %v", err)
			}
		}
	})
}

func leaves(root []Node) []string {
	var out []string
	for _, n := range root {
		out = flatten(out, n)
	}
	return out
}

func TestSignJSONRefusesWhatIsNoAnswer(t *testing.T) {
	key := sandboxKey(t)
	if _, err := SignJSON(key, []Node{{Name: "Signature", Kind: String, Text: "x"}}); !errors.Is(err, ErrRepeated) {
		t.Errorf("signed twice: %v", err)
	}
	for _, text := range []string{"", "x", `"1"`, "1}", "true"} {
		if _, err := SignJSON(key, []Node{{Name: "Status", Kind: Number, Text: text}}); payments.CodeOf(err) != "answer.print" {
			t.Errorf("number %q: %v", text, err)
		}
	}
	if _, err := SignJSON(nil, nil); !errors.Is(err, ErrKey) {
		t.Errorf("no key: %v", err)
	}
}

// FuzzFlatten checks the ordered reader against encoding/json: the same
// documents are JSON, with the same leaves.
func FuzzFlatten(f *testing.F) {
	for _, raw := range []string{
		`{}`, `{"a":1}`, `{"a":[1,[2,{"b":null}]],"c":true}`, `{"a":1.60,"b":"\ud83d\ude00\/"}`, `{"a":1,"A":2}`,
		`{"a":1}x`, `[]`, `{"a":"\ud800"}`, `{"a":1e999}`, ` {"a" : -0 } `,
	} {
		f.Add([]byte(raw))
	}
	for _, in := range inboundVectors(f) {
		if in.Format == "json" {
			f.Add([]byte(in.Body))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		root, err := parseJSON(raw)
		dec := json.NewDecoder(strings.NewReader(string(raw)))
		dec.UseNumber()
		var document map[string]any
		errDocument := dec.Decode(&document)
		if err != nil {
			ours := errors.Is(err, ErrRepeated) || errors.Is(err, ErrTooLarge) || strings.Contains(err.Error(), "deep") ||
				strings.Contains(err.Error(), "UTF-8")
			if !ours && errDocument == nil && document != nil && json.Valid(raw) {
				t.Fatalf("refused %q: %v", raw, err)
			}
			return
		}
		if errDocument != nil || !json.Valid(raw) {
			t.Fatalf("accepted %q, encoding/json says %v", raw, errDocument)
		}
		got, want := leaves(root), phpLeaves(nil, document)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: leaves %q, want %q", raw, got, want)
		}
		printed, err := PrintJSON(root)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseJSON(printed)
		if err != nil || !slices.Equal(leaves(again), leaves(root)) {
			t.Fatalf("%q does not survive printing as %q: %v", raw, printed, err)
		}
	})
}

// phpLeaves collects leaves without order, by the rules of spec 2.3.
func phpLeaves(out []string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			out = phpLeaves(out, x)
		}
		return out
	case []any:
		for _, x := range v {
			out = phpLeaves(out, x)
		}
		return out
	case string:
		return append(out, v)
	case json.Number:
		return append(out, v.String())
	case bool:
		if v {
			return append(out, "1")
		}
	}
	return append(out, "")
}

// FuzzKey checks that whatever is accepted as a key is one: it prints, reads
// back as itself, signs, and its signature verifies.
func FuzzKey(f *testing.F) {
	f.Add(vector(f, "sandbox_store_private_key.pem"))
	for _, name := range []string{"pkcs8.pem", "sealed_pkcs8.pem", "sealed_pkcs1.pem", "short512.pem", "public.pem", "ec_pkcs8.pem"} {
		f.Add(keyFile(f, name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := ParsePrivateKey(text)
		if err != nil {
			if !errors.Is(err, ErrKey) || payments.CodeOf(err) == "" {
				t.Fatalf("error %v has no code", err)
			}
			return
		}
		again, err := ParsePrivateKey(k.PEM())
		if err != nil || !again.key.Equal(k.key) || k.Bits() < minKeyBits {
			t.Fatalf("%v does not read back: %v", k, err)
		}
		signed, err := Sign(k, Fields{{"a", "b"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyFields(signed, &Certificate{key: &k.key.PublicKey}); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzCertificate checks that whatever is accepted reads back as itself.
func FuzzCertificate(f *testing.F) {
	f.Add(vector(f, "sandbox_mypos_api_certificate.pem"))
	f.Add(vector(f, "sandbox_mypos_api_certificate_2013.pem"))
	f.Add(keyFile(f, "ec_certificate.pem"))
	f.Add(keyFile(f, "request.pem"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseCertificate(text)
		if err != nil {
			if !errors.Is(err, ErrCertificate) || payments.CodeOf(err) == "" {
				t.Fatalf("error %v has no code", err)
			}
			return
		}
		again, err := ParseCertificate(c.PEM())
		if err != nil || again.Fingerprint() != c.Fingerprint() || c.Bits() < minKeyBits {
			t.Fatalf("it does not read back: %v", err)
		}
	})
}

// FuzzPack checks that whatever is accepted is complete and reads back.
func FuzzPack(f *testing.F) {
	f.Add(vector(f, "sandbox_configuration_pack.txt"))
	f.Add([]byte(`{"sid":"1","cn":"2","pk":"x","pc":"y","idx":1}`))
	f.Add([]byte("e30="))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParsePack(text)
		if err != nil {
			if payments.CodeOf(err) == "" || s != (Store{}) {
				t.Fatalf("error %v comes with %v", err, s)
			}
			return
		}
		packed, err := s.Pack()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParsePack(packed)
		if err != nil || !same(again, s) {
			t.Fatalf("it does not read back: %v", err)
		}
	})
}
