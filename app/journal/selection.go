package journal

import (
	"strings"

	"frontdesk/app"
)

// clause collects the WHERE of a statement; all values are bound.
type clause struct {
	where []string
	args  []any
}

func (c *clause) add(condition string, values ...any) {
	c.where = append(c.where, condition)
	c.args = append(c.args, values...)
}

// text is the clause with its WHERE, empty when there is none.
func (c *clause) text() string {
	if len(c.where) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(c.where, ` AND `)
}

// selection builds the SQL of a page of sales. Each form walks an index from the
// newest sale backwards and stops when the page is full, so that the time does
// not grow with the journal: found words in the order of their rowid, attempts
// in that of their sale, and every state by itself, merged at the end. words is
// what the text is searched by, "" when it holds none.
func selection(q app.Query, words string) (string, []any) {
	limit := q.Limit
	if limit <= 0 {
		limit = pageSize
	}
	var c clause
	switch {
	case words != "":
		c.add(`t.sales_text MATCH ?`, words)
		if q.Before > 0 {
			c.add(`t.rowid < ?`, q.Before)
		}
		ofState(q, &c)
		ofRail(q, &c)
		ofSale(q, &c)
		return `SELECT s.body FROM sales_text t CROSS JOIN sales s ON s.seq = t.rowid` + c.text() + ` ORDER BY t.rowid DESC LIMIT ?`, append(c.args, limit)
	case q.Rail != "" || q.Device != "":
		if q.Device != "" {
			c.add(`a.device = ? AND a.device <> ''`, q.Device)
		}
		if q.Rail != "" {
			c.add(`a.rail = ?`, string(q.Rail))
		}
		if q.Before > 0 {
			c.add(`a.sale < ?`, q.Before)
		}
		ofState(q, &c)
		ofSale(q, &c)
		return `SELECT s.body FROM attempts a CROSS JOIN sales s ON s.seq = a.sale` + c.text() + ` GROUP BY a.sale ORDER BY a.sale DESC LIMIT ?`,
			append(c.args, limit)
	case len(q.States) > 1:
		return byState(q, limit)
	}
	ofState(q, &c)
	ofSale(q, &c)
	return `SELECT s.body FROM sales s` + c.text() + ` ORDER BY s.seq DESC LIMIT ?`, append(c.args, limit)
}

// byState merges a page of each state.
func byState(q app.Query, limit int) (string, []any) {
	var parts []string
	var args []any
	for _, state := range q.States {
		var c clause
		c.add(`s.state = ?`, string(state))
		ofSale(q, &c)
		parts = append(parts, `SELECT * FROM (SELECT s.seq, s.body FROM sales s`+c.text()+` ORDER BY s.seq DESC LIMIT ?)`)
		args = append(append(args, c.args...), limit)
	}
	return `SELECT body FROM (` + strings.Join(parts, ` UNION ALL `) + `) ORDER BY seq DESC LIMIT ?`, append(args, limit)
}

// ofState adds the states. The plus keeps the index on them out of a walk along
// another one.
func ofState(q app.Query, c *clause) {
	if len(q.States) == 0 {
		return
	}
	var values []any
	for _, s := range q.States {
		values = append(values, string(s))
	}
	lead := `+`
	if q.Operator != "" || len(values) == 1 && q.Text == "" && q.Rail == "" && q.Device == "" {
		lead = ``
	}
	c.add(lead+`s.state IN (?`+strings.Repeat(`, ?`, len(values)-1)+`)`, values...)
}

// ofRail adds rail and device where another table is walked.
func ofRail(q app.Query, c *clause) {
	if q.Rail != "" {
		c.add(`EXISTS (SELECT 1 FROM attempts a WHERE a.sale = s.seq AND a.rail = ?)`, string(q.Rail))
	}
	if q.Device != "" {
		c.add(`EXISTS (SELECT 1 FROM attempts a WHERE a.sale = s.seq AND a.device = ?)`, q.Device)
	}
}

// ofSale adds everything else.
func ofSale(q app.Query, c *clause) {
	if strings.TrimSpace(q.Text) != "" && len(typed(q.Text)) == 0 {
		c.add(`0`) // nothing but marks: matches nothing
	}
	ofTime(q, c)
	if q.Operator != "" {
		c.add(`s.operator = ?`, q.Operator)
	}
	if q.OrderID != "" {
		c.add(`s.seq = (SELECT sale FROM attempts WHERE order_id = ?)`, q.OrderID)
	}
	if q.Key != "" {
		c.add(`s.charge_key = ?`, q.Key)
	}
	if q.Reference != "" {
		c.add(`s.seq IN (SELECT sale FROM attempts WHERE reference = ?)`, q.Reference)
	}
	if q.Dirty {
		c.add(`s.seq IN (SELECT sale FROM attempts WHERE dirty = 1)`)
	}
	if q.Refunding {
		c.add(`s.seq IN (SELECT a.sale FROM refunds r JOIN attempts a ON a.id = r.attempt WHERE r.state = 'pending')`)
	}
	if q.Unsettled {
		c.add(`s.seq IN (SELECT a.sale FROM refunds r JOIN attempts a ON a.id = r.attempt WHERE r.state = 'unknown')`)
	}
	if q.Worded {
		c.add(`EXISTS (SELECT 1 FROM words w WHERE w.sale = s.id)`)
	}
	if q.Before > 0 {
		c.add(`s.seq < ?`, q.Before)
	}
}

// ofTime bounds the time, and with it the numbers of the sales, so that a walk
// ends where the time does: clocks jump, so the numbers alone do not tell.
func ofTime(q app.Query, c *clause) {
	var when clause
	if !q.From.IsZero() {
		when.add(`created >= ?`, q.From.UnixMilli())
	}
	if !q.To.IsZero() {
		when.add(`created < ?`, q.To.UnixMilli())
	}
	if len(when.where) == 0 {
		return
	}
	c.add(strings.Join(when.where, ` AND `), when.args...)
	if !q.From.IsZero() {
		c.add(`s.seq >= (SELECT min(+seq) FROM sales`+when.text()+`)`, when.args...)
	}
}
