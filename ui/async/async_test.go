package async_test

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"frontdesk/ui/async"
)

func TestWorkEndsWithTheWindow(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	test.NewTempApp(t)
	ctx, cancel := context.WithCancel(context.Background())
	w := async.NewWindow(ctx)
	started, ended := make(chan struct{}), false
	w.Go(func(ctx context.Context) {
		close(started)
		<-ctx.Done()
		ended = true
	})
	<-started
	cancel()
	w.Wait()
	if !ended {
		t.Error("Wait returned before the work had ended")
	}
	w.Do(func() { t.Error("ran after the window had ended") })
}

func TestInlineRunsAtOnce(t *testing.T) {
	var d async.Dispatcher = async.Inline{}
	got := ""
	d.Go(func(context.Context) { got += "work " })
	d.Do(func() { got += "screen" })
	if got != "work screen" {
		t.Errorf("order %q", got)
	}
}
