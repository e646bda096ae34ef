package simulator

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strconv"

	"frontdesk/payments/checkout"
)

func text(name, value string) checkout.Node {
	return checkout.Node{Name: name, Kind: checkout.String, Text: value}
}

func number(name string, value int) checkout.Node {
	return checkout.Node{Name: name, Kind: checkout.Number, Text: strconv.Itoa(value)}
}

func object(name string, members ...checkout.Node) checkout.Node {
	return checkout.Node{Name: name, Kind: checkout.Object, Children: members}
}

func array(name string, elements []checkout.Node) checkout.Node {
	return checkout.Node{Name: name, Kind: checkout.Array, Children: elements}
}

// nodesOf turns a form message into members of an answer.
func nodesOf(fields checkout.Fields) []checkout.Node {
	nodes := make([]checkout.Node, 0, len(fields))
	for _, f := range fields {
		nodes = append(nodes, text(f.Name, f.Value))
	}
	return nodes
}

// reply is an answer to a server-to-server request before it is signed.
type reply struct {
	method   string
	nodes    []checkout.Node
	status   checkout.Status
	why      string // follows the name of the status in StatusMsg
	unsigned bool   // the caller is not known, so nobody can be answered for
	xml      bool
	index    int // of the key pair that signs
}

// write signs the reply and sends it.
func (s *Simulator) write(w http.ResponseWriter, a reply) {
	body, err := s.print(a)
	if err != nil {
		s.log.Error("answer not signed", "method", a.method, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	kind := "application/json"
	if a.xml {
		kind = "text/xml; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	if _, err := w.Write(body); err != nil {
		s.log.Debug("answer not taken", "method", a.method, "error", err)
	}
}

// print spells the method as myPOS does: IPCMethod in JSON, IPCmethod in XML.
func (s *Simulator) print(a reply) ([]byte, error) {
	name := "IPCMethod"
	if a.xml {
		name = "IPCmethod"
	}
	root := append([]checkout.Node{text(name, a.method)}, a.nodes...)
	root = append(root, number("Status", int(a.status)), text("StatusMsg", message(a.status, a.why)))
	switch {
	case a.xml && a.unsigned:
		return printXML(root)
	case a.xml:
		return signXML(s.signer(a.index), root)
	case a.unsigned:
		return checkout.PrintJSON(root)
	}
	return checkout.SignJSON(s.signer(a.index), root)
}

// signXML signs the text of the children of the root in order. A nested element
// counts by its own text only, which is none (spec 2.3).
func signXML(signer *checkout.PrivateKey, root []checkout.Node) ([]byte, error) {
	fields := make(checkout.Fields, 0, len(root))
	for _, n := range root {
		fields = append(fields, checkout.Field{Name: n.Name, Value: n.Text})
	}
	signed, err := checkout.Sign(signer, fields)
	if err != nil {
		return nil, err
	}
	return printXML(append(root, text("Signature", signed.Value("Signature"))))
}

func printXML(root []checkout.Node) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	if err := writeElement(e, object("ipc_response", root...)); err != nil {
		return nil, err
	}
	err := e.Close()
	return b.Bytes(), err
}

// writeElement prints a node and its children. Elements of an array have no
// name of their own and become <row>.
func writeElement(e *xml.Encoder, n checkout.Node) error {
	name := n.Name
	if name == "" {
		name = "row"
	}
	start := xml.StartElement{Name: xml.Name{Local: name}}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if n.Text != "" {
		if err := e.EncodeToken(xml.CharData(n.Text)); err != nil {
			return err
		}
	}
	for _, child := range n.Children {
		if err := writeElement(e, child); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}
