package main

import (
	"encoding/hex"
	"strings"
	"testing"
)

func TestIPPDecode(t *testing.T) {
	t.Parallel()
	const (
		ping = "0054" + "50524f544f434f4c3d4950500d0a" + "56455253494f4e3d3230320d0a" + "4d4554484f443d50494e470d0a" +
			"5349443d66323630383833622d353132622d343436662d396233632d6436366531663532626562640d0a"
		pingLine = `{"fields":[["PROTOCOL","IPP"],["VERSION","202"],["METHOD","PING"],["SID","f260883b-512b-446f-9b3c-d66e1f52bebd"]]}` + "\n"
	)
	for name, c := range map[string]struct {
		in, want string
		exit     int
	}{
		"nothing":        {"", "", exitDone},
		"one":            {ping, pingLine, exitDone},
		"two":            {ping + ping, pingLine + pingLine, exitDone},
		"cut":            {ping + ping[:20], pingLine, exitNo},
		"cut in prefix":  {ping + "00", pingLine, exitNo},
		"prefix 0":       {ping + "0000", pingLine, exitNo},
		"prefix 2":       {"0002", "", exitNo},
		"web server":     {hex.EncodeToString([]byte("HTTP/1.1 200 OK\r\n")), "", exitNo},
		"no fields":      {"0005414243" + ping, pingLine, exitNo},
		"binary and =":   {"0013" + "413d613c620d0a" + "444154413d0003ff0d0a", `{"fields":[["A","a<b"],["DATA","ff"]]}` + "\n", exitDone},
		"not UTF-8":      {"0006413d" + "ff" + "0d0a", "", exitNo},
		"not UTF-8 text": {"0007413d" + "ff" + "0d0a", `{"fields":[["A","ff"]]}` + "\n", exitDone},
	} {
		raw, err := hex.DecodeString(c.in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, code := call(t, string(raw), "ipp", "decode")
		if got != c.want || code != c.exit {
			t.Errorf("%s: exit %d, want %d\n got %s\nwant %s", name, code, c.exit, got, c.want)
		}
	}
	for _, args := range [][]string{{"ipp"}, {"ipp", "encode"}, {"ipp", "decode", "file"}} {
		if _, code := call(t, "", args...); code != exitUsage {
			t.Errorf("%s: exit %d", strings.Join(args, " "), code)
		}
	}
}
