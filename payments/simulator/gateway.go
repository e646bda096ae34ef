package simulator

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"frontdesk/payments/checkout"
)

var errForm = errors.New("the body is no form")

// gateway is the one checkout address: browsers are shown pages, servers get
// answers, told apart by IPCmethod.
func (s *Simulator) gateway(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r)
	if err != nil {
		http.Error(w, "a form is expected", http.StatusBadRequest)
		return
	}
	method := f.Value("IPCmethod")
	if strings.EqualFold(method, checkout.MethodPurchase) {
		s.purchase(w, r, f)
		return
	}
	s.serve(w, r, f, method)
}

// phoneGateway is the checkout address on a phone's listener: pages only.
func (s *Simulator) phoneGateway(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r)
	if err != nil {
		http.Error(w, "a form is expected", http.StatusBadRequest)
		return
	}
	if !strings.EqualFold(f.Value("IPCmethod"), checkout.MethodPurchase) {
		http.NotFound(w, r)
		return
	}
	s.purchase(w, r, f)
}

// readForm reads the fields in the order they were sent. multipart/form-data is
// taken too: a plugin of myPOS's own sends it (spec 1.2).
func readForm(w http.ResponseWriter, r *http.Request) (checkout.Fields, error) {
	body := http.MaxBytesReader(w, r.Body, checkout.MaxForm+1)
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, errForm
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		raw, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		return checkout.ParseForm(raw)
	case "multipart/form-data":
		return readMultipart(multipart.NewReader(body, params["boundary"]))
	}
	return nil, errForm
}

func readMultipart(parts *multipart.Reader) (checkout.Fields, error) {
	var f checkout.Fields
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		f = append(f, checkout.Field{Name: part.FormName(), Value: string(value)})
	}
}

// known checks who is calling. unsigned tells that the caller could not be
// identified, so that the answer carries no signature (spec 2.4).
func (s *Simulator) known(f checkout.Fields) (r *refusal, unsigned bool) {
	if missing(f, "IPCmethod", "IPCVersion", "SID", "WalletNumber", "KeyIndex", "Signature") {
		return refuse(checkout.StatusMissingParameters, "a standard field is missing"), true
	}
	store := s.keys.store
	if f.Value("SID") != store.SID {
		return refuse(checkout.StatusInvalidSID, ""), true
	}
	if f.Value("WalletNumber") != store.Wallet {
		return refuse(checkout.StatusInvalidSID, "the wallet is another one"), true
	}
	under, known := s.pair(indexOf(f))
	if !known {
		return refuse(checkout.StatusGeneralError, ""), true
	}
	if err := checkout.VerifyFields(f, under.merchant); err != nil {
		return refuse(checkout.StatusSignatureFailed, ""), false
	}
	if repeated(f) {
		return refuse(checkout.StatusInvalidParameters, "a field is there twice"), false
	}
	switch f.Value("IPCVersion") {
	case "1.4":
	case "1.4.1":
		if missing(f, "ApplicationID", "PartnerID") {
			return refuse(checkout.StatusMissingParameters, "1.4.1 needs ApplicationID and PartnerID"), false
		}
	default:
		return refuse(checkout.StatusInvalidParameters, "IPCVersion"), false
	}
	return nil, false
}

// missing reports whether one of the fields is absent or empty.
func missing(f checkout.Fields, names ...string) bool {
	for _, name := range names {
		if f.Value(name) == "" {
			return true
		}
	}
	return false
}

// repeated reports whether a name stands twice: which value was meant?
func repeated(f checkout.Fields) bool {
	seen := make(map[string]bool, len(f))
	for _, field := range f {
		name := strings.ToLower(field.Name)
		if seen[name] {
			return true
		}
		seen[name] = true
	}
	return false
}

// serve answers a server-to-server request, after the fault script had its say.
func (s *Simulator) serve(w http.ResponseWriter, r *http.Request, f checkout.Fields, method string) {
	a := reply{method: method, index: indexOf(f)}
	a.xml = !strings.EqualFold(f.Value("OutputFormat"), "json")
	orderID := s.orderOf(f)
	if skew := s.faults.skew(orderID, method); skew != 0 {
		w.Header().Set("Date", s.now().Add(skew).UTC().Format(http.TimeFormat))
	}
	if fault, ok := s.faults.take(UnsignedError, orderID, method); ok {
		a.status, a.unsigned = checkout.Status(fault.Status), true
		s.write(w, a)
		return
	}
	broken, isBroken := s.faults.take(HTTPError, orderID, method)
	if isBroken && !broken.Done {
		http.Error(w, http.StatusText(broken.Status), broken.Status)
		return
	}
	if err := s.perform(r, f, &a); err != nil {
		s.log.Error("request not done", "method", method, "error", err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if isBroken {
		http.Error(w, http.StatusText(broken.Status), broken.Status)
		return
	}
	if _, ok := s.faults.take(AnswerLost, orderID, method); ok {
		panic(http.ErrAbortHandler)
	}
	s.write(w, a)
}

// orderOf names the order a request is about, for the fault script: the
// OrderID of the payment a reference points at, else the field OrderID.
func (s *Simulator) orderOf(f checkout.Fields) string {
	if reference, ok := f.Get("IPC_Trnref"); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		if p := s.book.byRef[reference]; p != nil {
			return p.order.id
		}
	}
	return f.Value("OrderID")
}

// perform does what was asked and fills in the reply. An error means that the
// state file refused: nothing was done.
func (s *Simulator) perform(r *http.Request, f checkout.Fields, a *reply) error {
	work := s.workFor(a.method)
	if a.method == "" {
		a.status, a.unsigned = checkout.StatusMissingParameters, true
		return nil
	}
	no, unsigned := s.known(f)
	if no == nil && work == nil {
		no = refuse(checkout.StatusUnsupportedCall, "")
	}
	if format, given := f.Get("OutputFormat"); no == nil && given &&
		!strings.EqualFold(format, "json") && !strings.EqualFold(format, "xml") {
		no = refuse(checkout.StatusInvalidParameters, "OutputFormat")
	}
	var err error
	if no == nil {
		a.nodes, no, err = work(r, f)
	}
	if no != nil {
		a.status, a.why, a.unsigned = no.status, no.why, unsigned
	}
	return err
}

// work does one method. The nodes go before Status in the answer, also when it
// is refused.
type work func(*http.Request, checkout.Fields) ([]checkout.Node, *refusal, error)

func (s *Simulator) workFor(method string) work {
	switch method {
	case checkout.MethodStatus:
		return s.paymentStatus
	case checkout.MethodTxnStatus:
		return s.txnStatus
	case checkout.MethodTxnLog:
		return s.txnLog
	case checkout.MethodRefund:
		return s.refund
	case checkout.MethodReversal:
		return s.reversal
	case checkout.MethodVerify:
		return s.signatureVerify
	}
	return nil
}
