package till

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"frontdesk/payments"
	"frontdesk/payments/merchant"
)

// practiceAccount is the account of the stand-in. Practice has no client id and
// secret: the stand-in tells them when it is first asked.
type practiceAccount struct {
	desk *Desk

	mu     sync.Mutex
	base   string
	client *merchant.Client
}

func (p *practiceAccount) at(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.base != base {
		p.base, p.client = base, nil
	}
}

// open returns the client of the account.
func (p *practiceAccount) open(ctx context.Context) (*merchant.Client, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.client != nil {
		return p.client, nil
	}
	unreachable := func(err error) error {
		return &payments.Error{Op: "till.list", Code: "practice.sim", Err: errors.Join(payments.ErrUnreachable, err)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/_sim/rest", nil)
	if err != nil {
		return nil, unreachable(err)
	}
	res, err := p.desk.cfg.HTTP.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	defer func() { _ = res.Body.Close() }()
	var told struct {
		ID     string         `json:"client_id"`
		Secret string         `json:"client_secret"`
		Hosts  merchant.Hosts `json:"hosts"`
	}
	if res.StatusCode != http.StatusOK {
		return nil, unreachable(fmt.Errorf("the simulator answers %s", res.Status))
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxRecord)).Decode(&told); err != nil {
		return nil, unreachable(err)
	}
	cfg := p.desk.api(told.ID, told.Secret)
	cfg.Hosts = told.Hosts
	p.client, err = merchant.New(cfg)
	return p.client, err
}

// Transactions implements rails.Statement.
func (p *practiceAccount) Transactions(ctx context.Context, q merchant.Query) ([]merchant.Transaction, merchant.Paging, error) {
	c, err := p.open(ctx)
	if err != nil {
		return nil, merchant.Paging{}, err
	}
	return c.Transactions(ctx, q)
}

// Details implements rails.Statement.
func (p *practiceAccount) Details(ctx context.Context, references ...string) ([]merchant.Details, error) {
	c, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	return c.Details(ctx, references...)
}

// DeviceTransactions implements rails.Slips.
func (p *practiceAccount) DeviceTransactions(ctx context.Context, q merchant.DeviceTransactionQuery) ([]merchant.DeviceTransaction, merchant.Paging, error) {
	c, err := p.open(ctx)
	if err != nil {
		return nil, merchant.Paging{}, err
	}
	return c.DeviceTransactions(ctx, q)
}
