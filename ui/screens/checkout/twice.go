package checkout

// surplus are the facts that name the payment of a sale paid twice that is to be
// given back: how much, by which way, and its number.
func (v view) surplus() []Fact {
	a, amount, ok := v.sale.Surplus()
	if !ok {
		return nil
	}
	way := v.c.T("rail." + string(a.Rail))
	if a.DeviceLabel != "" {
		way = a.DeviceLabel
	}
	return []Fact{{Label: v.c.T("twice.which"), Value: join(", ", v.c.T("twice.payment", amount, way), a.Reference)}}
}
