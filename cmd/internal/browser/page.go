package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

func (b *Browser) call(ctx context.Context, method string, p params, into any) error {
	return b.wire.call(ctx, b.session, method, p, into)
}

// Navigate opens an address and waits until its document is loaded.
func (b *Browser) Navigate(ctx context.Context, address string) error {
	var went struct {
		Error string `json:"errorText"`
	}
	if err := b.call(ctx, "Page.navigate", params{"url": address}, &went); err != nil {
		return err
	}
	if went.Error != "" {
		return fmt.Errorf("browser: %s: %s", address, went.Error)
	}
	return b.WaitUntil(ctx, `document.readyState === "complete"`)
}

// WaitFor waits until an element that matches the CSS selector is shown, across navigations.
func (b *Browser) WaitFor(ctx context.Context, selector string) error {
	return b.WaitUntil(ctx, `(() => {
		const e = document.querySelector(`+quote(selector)+`);
		return e !== null && e.getClientRects().length > 0;
	})()`)
}

// WaitForText waits until the element's shown text contains part, across navigations.
func (b *Browser) WaitForText(ctx context.Context, selector, part string) error {
	return b.WaitUntil(ctx, `(() => {
		const e = document.querySelector(`+quote(selector)+`);
		return e !== null && e.innerText.includes(`+quote(part)+`);
	})()`)
}

// WaitUntil waits until a script expression is true, looking again at every change of the
// document and on every new document.
func (b *Browser) WaitUntil(ctx context.Context, condition string) error {
	script := `new Promise(resolve => {
		const ready = () => (` + condition + `);
		if (ready()) { resolve(true); return; }
		const look = () => { if (ready()) { watch.disconnect(); resolve(true); } };
		const watch = new MutationObserver(look);
		watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
		document.addEventListener("readystatechange", look);
		addEventListener("load", look);
	})`
	for {
		next := b.wire.contexts()
		err := b.Eval(ctx, script, nil)
		if !navigated(err) {
			return err
		}
		// The document went away while we looked at it: wait for the one that follows, unless
		// it is there already.
		select {
		case <-next:
		case <-b.wire.done:
			return ErrClosed
		case <-ctx.Done():
			return fmt.Errorf("browser: waiting for %s: %w", condition, ctx.Err())
		}
	}
}

// navigated reports whether a script failed because its document was replaced.
func navigated(err error) bool {
	refused, ok := errors.AsType[*wireError](err)
	return ok && slices.ContainsFunc([]string{
		"Execution context was destroyed",
		"Cannot find context with specified id",
		"Cannot find default execution context",
		"Inspected target navigated or closed",
		"Promise was collected",
	}, func(s string) bool { return strings.Contains(refused.Message, s) })
}

// Eval runs a script expression in the page, waits for it when it is a promise, and decodes its
// JSON value into into, which may be nil.
func (b *Browser) Eval(ctx context.Context, expression string, into any) error {
	var out struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	err := b.call(ctx, "Runtime.evaluate", params{
		"expression": expression, "awaitPromise": true, "returnByValue": true,
	}, &out)
	if err != nil {
		return err
	}
	if x := out.Exception; x != nil {
		return fmt.Errorf("browser: script: %s %s", x.Text, x.Exception.Description)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(out.Result.Value, into); err != nil {
		return fmt.Errorf("browser: script value: %w", err)
	}
	return nil
}

// Click waits for the element and presses the left button in its middle.
func (b *Browser) Click(ctx context.Context, selector string) error {
	if err := b.WaitFor(ctx, selector); err != nil {
		return err
	}
	var at struct{ X, Y float64 }
	err := b.Eval(ctx, `(() => {
		const e = document.querySelector(`+quote(selector)+`);
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getBoundingClientRect();
		const x = r.x + r.width / 2, y = r.y + r.height / 2;
		const hit = document.elementFromPoint(x, y);
		if (hit === null || !(e.contains(hit) || hit.contains(e))) throw new Error("covered by another element");
		if (e.disabled) throw new Error("disabled");
		return {X: x, Y: y};
	})()`, &at)
	if err != nil {
		return fmt.Errorf("browser: click %s: %w", selector, err)
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		err := b.call(ctx, "Input.dispatchMouseEvent", params{
			"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1,
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// Fill clicks the field, replaces what stands in it, and checks that the field took the text.
// A field that writes its own separators (12/30 for 1230) counts as having taken it.
func (b *Browser) Fill(ctx context.Context, selector, text string) error {
	if err := b.Click(ctx, selector); err != nil {
		return err
	}
	element := `document.querySelector(` + quote(selector) + `)`
	if err := b.Eval(ctx, element+`.select()`, nil); err != nil {
		return fmt.Errorf("browser: fill %s: %w", selector, err)
	}
	if err := b.call(ctx, "Input.insertText", params{"text": text}, nil); err != nil {
		return err
	}
	var got string
	if err := b.Eval(ctx, element+`.value`, &got); err != nil {
		return err
	}
	if bare(got) != bare(text) {
		return fmt.Errorf("browser: fill %s: the field did not take what was typed", selector)
	}
	return nil
}

func bare(s string) string { return strings.NewReplacer(" ", "", "/", "", "-", "").Replace(s) }

// Text waits for the element and returns the text it shows.
func (b *Browser) Text(ctx context.Context, selector string) (string, error) {
	if err := b.WaitFor(ctx, selector); err != nil {
		return "", err
	}
	var text string
	err := b.Eval(ctx, `document.querySelector(`+quote(selector)+`).innerText`, &text)
	return text, err
}

// Address returns where the page is now.
func (b *Browser) Address(ctx context.Context) (string, error) {
	var address string
	err := b.Eval(ctx, `location.href`, &address)
	return address, err
}

// Screenshot returns what is shown as a PNG file.
func (b *Browser) Screenshot(ctx context.Context) ([]byte, error) {
	var shot struct {
		Data []byte `json:"data"`
	}
	err := b.call(ctx, "Page.captureScreenshot", params{"format": "png"}, &shot)
	return shot.Data, err
}

// quote writes a Go string as a script string.
func quote(s string) string {
	// A string always encodes.
	raw, _ := json.Marshal(s)
	return string(raw)
}
