package money_test

import (
	"errors"
	"fmt"

	"frontdesk/payments/money"
)

func ExampleParse() {
	a, err := money.Parse("45,00", money.EUR)
	fmt.Println(a, err)
	_, err = money.Parse("1.234,50", money.EUR)
	fmt.Println(err, errors.Is(err, money.ErrMarks))
	// Output:
	// 45.00 EUR <nil>
	// amount.marks true
}

func ExampleEntry() {
	e := money.NewEntry(money.EUR)
	for _, key := range "4500" {
		e.Type(key)
		fmt.Println(e.Amount())
	}
	// Output:
	// 0.04 EUR
	// 0.45 EUR
	// 4.50 EUR
	// 45.00 EUR
}

func ExampleAmount_Checkout() {
	fmt.Println(money.Amount{Minor: 4500, Currency: money.EUR}.Checkout())
	fmt.Println(money.Amount{Minor: 450000, Currency: money.HUF}.Checkout())
	fmt.Println(money.Amount{Minor: 4500, Currency: money.JPY}.Checkout())
	// Output:
	// 45.00
	// 4500
	// 4500
}
