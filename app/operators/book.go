package operators

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"frontdesk/app/folder"
	"frontdesk/payments"
)

const (
	version  = 1
	fileName = "operators.json"
	maxFile  = 1 << 20
	idLength = 8
	maxName  = 40

	// FirstOwner is the ID of the owner who is there before anybody is entered.
	FirstOwner = "OWNER000"
	// FirstName is what the first owner is called until the name is changed.
	FirstName = "Owner"
)

// Config is what a book is made of. All fields but Cost are required.
type Config struct {
	Dir     string // the data folder; operators are shared by all modes
	Now     func() time.Time
	Entropy io.Reader
	Cost    Cost // of new PINs; zero means DefaultCost
}

// Book is everybody who works, or has worked, at a desk.
type Book struct {
	cfg  Config
	turn chan struct{} // one hash at a time

	mu   sync.Mutex
	file bookFile
}

// bookFile is the file on disk.
type bookFile struct {
	Version    int            `json:"version"`
	Operators  []Operator     `json:"operators"`
	PINs       map[string]pin `json:"pins,omitempty"`
	Tries      map[string]try `json:"tries,omitempty"`
	OwnerReset time.Time      `json:"owner_reset,omitzero"`
}

// Open reads the book of a data folder; a missing file is a book with the
// first owner.
func Open(cfg Config) (*Book, error) {
	if cfg.Dir == "" || cfg.Now == nil || cfg.Entropy == nil {
		return nil, errors.New("operators: Dir, Now and Entropy are required")
	}
	if cfg.Cost == (Cost{}) {
		cfg.Cost = DefaultCost()
	}
	b := &Book{cfg: cfg, turn: make(chan struct{}, 1)}
	if err := folder.ReadJSON(b.path(), maxFile, &b.file); err != nil {
		return nil, storeError("open", err)
	}
	if b.file.Version > version {
		return nil, storeError("open", fmt.Errorf("written by a newer version (%d)", b.file.Version))
	}
	if len(b.file.Operators) == 0 {
		b.file.Operators = []Operator{{ID: FirstOwner, Name: FirstName, Owner: true}}
	}
	if !slices.ContainsFunc(b.file.Operators, working) {
		return nil, storeError("open", errors.New("nobody in it"))
	}
	return b, nil
}

func (b *Book) path() string { return filepath.Join(b.cfg.Dir, fileName) }

func working(o Operator) bool { return o.Removed.IsZero() }

// List returns everybody who works here: owners first, then by name.
func (b *Book) List() []Operator {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []Operator
	for _, o := range b.file.Operators {
		if working(o) {
			list = append(list, b.shown(o))
		}
	}
	slices.SortStableFunc(list, func(x, y Operator) int {
		if x.Owner != y.Owner {
			if x.Owner {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name))
	})
	return list
}

// Find returns who works here under an ID or a name, in this order.
func (b *Book) Find(who string) (Operator, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, err := b.find(who)
	if err != nil {
		return Operator{}, err
	}
	return b.shown(o), nil
}

// Name returns the name of an operator, also of one who has left; what is not
// an ID is returned as it is.
func (b *Book) Name(who string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.file.Operators {
		if o.ID == who {
			return o.Name
		}
	}
	return who
}

func (b *Book) find(who string) (Operator, error) {
	for _, same := range []func(Operator) bool{
		func(o Operator) bool { return o.ID == who },
		func(o Operator) bool { return strings.EqualFold(o.Name, strings.TrimSpace(who)) },
	} {
		for _, o := range b.file.Operators {
			if working(o) && same(o) {
				return o, nil
			}
		}
	}
	return Operator{}, refuse("find", "operator.missing")
}

// shown is an operator as the outside sees one.
func (b *Book) shown(o Operator) Operator {
	_, o.HasPIN = b.file.PINs[o.ID]
	o.Rights = slices.Clone(o.Rights)
	return o
}

// Add enters an operator and returns it with its ID. Name is required; Rights
// are as given.
func (b *Book) Add(o Operator) (Operator, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, err := payments.Draw(b.cfg.Entropy, idLength)
	if err != nil {
		return Operator{}, err
	}
	o.ID, o.Created, o.Removed, o.HasPIN = id, b.cfg.Now().UTC(), time.Time{}, false
	next := b.copy()
	next.Operators = append(next.Operators, o)
	if err := b.replace("add", next, &next.Operators[len(next.Operators)-1]); err != nil {
		return Operator{}, err
	}
	added, err := b.find(id)
	return b.shown(added), err
}

// Change replaces name, rights and limit of an operator.
func (b *Book) Change(o Operator) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	next, at, err := b.touch("change", o.ID)
	if err != nil {
		return err
	}
	at.Name, at.Owner, at.Rights, at.Limit, at.In = o.Name, o.Owner, slices.Clone(o.Rights), o.Limit, o.In
	return b.replace("change", next, at)
}

// Remove takes an operator off the list. The name stays with what was done.
func (b *Book) Remove(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	next, at, err := b.touch("remove", id)
	if err != nil {
		return err
	}
	at.Removed = b.cfg.Now().UTC()
	delete(next.PINs, id)
	delete(next.Tries, id)
	return b.replace("remove", next, nil)
}

// touch returns a copy of the book and the operator in it.
func (b *Book) touch(op, id string) (bookFile, *Operator, error) {
	next := b.copy()
	for i := range next.Operators {
		if o := &next.Operators[i]; o.ID == id && working(*o) {
			return next, o, nil
		}
	}
	return next, nil, refuse(op, "operator.missing")
}

// replace checks a changed book, stores it and puts it in force. at is the
// operator whose fields were typed, nil for none.
func (b *Book) replace(op string, next bookFile, at *Operator) error {
	if at != nil {
		at.Name = strings.TrimSpace(at.Name)
		if !nameFits(at.Name) {
			return refuse(op, "operator.name")
		}
		for _, o := range next.Operators {
			if o.ID != at.ID && working(o) && strings.EqualFold(o.Name, at.Name) {
				return refuse(op, "operator.twin")
			}
		}
	}
	if !slices.ContainsFunc(next.Operators, func(o Operator) bool { return working(o) && o.Owner }) {
		return refuse(op, "operator.last")
	}
	return b.store(op, next)
}

func nameFits(name string) bool {
	return name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= maxName && strings.IndexFunc(name, unicode.IsControl) < 0
}

func (b *Book) copy() bookFile {
	next := b.file
	next.Operators = slices.Clone(next.Operators)
	next.PINs, next.Tries = cloneMap(next.PINs), cloneMap(next.Tries)
	return next
}

func (b *Book) store(op string, next bookFile) error {
	next.Version = version
	err := folder.ReplaceJSON(b.path(), next)
	if err == nil || errors.Is(err, folder.ErrInForce) {
		b.file = next
	}
	if err != nil {
		return storeError(op, err)
	}
	return nil
}

// cloneMap returns a copy that can be written to.
func cloneMap[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

func refuse(op, code string) error {
	return &payments.Error{Op: "operators." + op, Code: code, Err: payments.ErrRefused}
}

func storeError(op string, err error) error {
	return &payments.Error{Op: "operators." + op, Code: "operator.store", Err: err}
}
