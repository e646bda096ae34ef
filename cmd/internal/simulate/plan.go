package simulate

import (
	"time"

	"frontdesk/payments/simulator"
)

// plan is what kind of day the seed makes.
type plan struct {
	desks, stories int
	terminals      int           // of each desk
	open           time.Duration // how long the salon is open
	diesAtCommit   int           // of a thousand
	cable          int           // of a thousand payments on a terminal, the line fails
	desk           rates         // what befalls requests of desks
	phone          rates         // of customers
	mypos          rates         // notices
	tricks         []simulator.Fault
}

// draw makes the plan of a seed: some days are quiet, some are terrible.
func draw(c chance) plan {
	d := &dice{chance: c, name: "plan"}
	bad := 1 + d.number(4) // how bad
	p := plan{desks: 1, stories: 8 + d.number(8), open: d.between(12*time.Minute, 20*time.Minute)}
	if d.hit(250) {
		p.desks = 2
	}
	rate := func(most int) int { return d.number(most*bad/4 + 1) }
	p.diesAtCommit = rate(40)
	p.desk = rates{
		refused: rate(60), lost: rate(50), unheard: rate(80), twice: rate(40), slow: rate(60), broken: rate(40), unsigned: rate(80),
		half: rate(40), dies: rate(25),
	}
	p.phone = rates{refused: rate(30), lost: rate(30), unheard: rate(40), slow: rate(80), broken: rate(20)}
	p.mypos = rates{refused: rate(60), lost: rate(60), unheard: rate(150), twice: rate(200), slow: rate(150), broken: rate(60), half: rate(60)}
	p.terminals, p.cable = d.number(3), rate(400)
	p.tricks = tricks(d)
	p.desk.doubled, p.desk.lags = rate(300), rate(500)
	return p
}

// tricks are what myPOS itself does wrong that day.
func tricks(d *dice) []simulator.Fault {
	all := []simulator.Fault{
		{Kind: simulator.NotifyLate, Delay: d.between(time.Second, 50*time.Second).Milliseconds()},
		{Kind: simulator.NotifyTwice, Delay: d.between(0, 2*time.Minute).Milliseconds()},
		{Kind: simulator.NotifyFirst, Delay: d.between(time.Second, 20*time.Second).Milliseconds()},
		{Kind: simulator.NotifyLost},
		{Kind: simulator.NotifyLostKept},
		{Kind: simulator.NotifySlow, Delay: d.between(time.Second, 14*time.Second).Milliseconds()},
		{Kind: simulator.OKCut, At: d.number(60)},
		{Kind: simulator.StatusThenReversed, Delay: d.between(5*time.Second, 40*time.Second).Milliseconds()},
		{Kind: simulator.RollbackTwice},
		{Kind: simulator.AnswerLost},
		{Kind: simulator.HTTPError, Done: d.hit(500)},
		{Kind: simulator.UnsignedError},
		{Kind: simulator.ClockSkew, Delay: d.between(-time.Hour, time.Hour).Milliseconds() | 1},
	}
	var some []simulator.Fault
	for _, f := range all {
		f.Skip, f.Count = d.number(9), 1+d.number(2)
		if d.hit(350) {
			some = append(some, f)
		}
	}
	return some
}
