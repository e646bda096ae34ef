package merchant_test

import (
	"net/http/httptest"
)

// newRecorder is a JSON answer to be written.
func newRecorder(status int) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return w
}
