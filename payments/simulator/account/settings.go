package account

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"frontdesk/payments/money"
)

func textID(m Movement) string { return strconv.FormatInt(m.id(), 10) }

// looseForm reads the members of a body that may be anything.
func looseForm(body []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

// accountNumber is the number of the account in a currency: there is one for
// each that sales may be made in.
func accountNumber(cur money.Currency) string {
	for i, c := range money.Currencies() {
		if c == cur {
			return fmt.Sprintf("400000%05d", 100+i)
		}
	}
	return ""
}

func accountRows() []map[string]any {
	rows := []map[string]any{}
	for _, c := range money.Currencies() {
		rows = append(rows, map[string]any{
			"account_number": accountNumber(c), "currency": string(c), "account_name": "Practice " + string(c),
		})
	}
	return rows
}

func getAccounts(a *Account, q *ask) reply {
	part, p, err := slice(q, accountRows(), 20)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}
	for _, row := range part {
		row["available_balance"] = a.balance(row["currency"].(string)).Decimal()
	}
	return answer(map[string]any{"accounts": part, "pagination": p})
}

// balance is what moved on the account in a currency.
func (a *Account) balance(currency string) money.Amount {
	sum := money.Amount{Currency: money.Currency(currency)}
	for _, m := range a.movements() {
		if m.Amount.Currency != sum.Currency {
			continue
		}
		if m.Out {
			sum.Minor -= m.Amount.Minor
		} else {
			sum.Minor += m.Amount.Minor
		}
	}
	return sum
}

func getSettlement(*Account, *ask) reply { return answer(accountRows()) }

func getLanguages(*Account, *ask) reply {
	rows := []map[string]string{}
	for _, code := range []string{"EN", "DE", "BG", "FR", "IT", "ES"} {
		rows = append(rows, map[string]string{"code": code})
	}
	return answer(map[string]any{"languages": rows})
}
