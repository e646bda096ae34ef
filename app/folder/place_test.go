package folder_test

import (
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/folder"
	"frontdesk/payments"
)

func TestCheckPlace(t *testing.T) {
	plain := t.TempDir()
	marked := t.TempDir()
	if err := os.WriteFile(filepath.Join(marked, ".dropbox"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cloud := filepath.Join(t.TempDir(), "OneDrive - Salon Ana")
	if err := os.MkdirAll(cloud, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(cloud, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for dir, code := range map[string]string{
		plain: "", filepath.Join(plain, "not", "made", "yet"): "", filepath.Join(plain, "Dropboxes"): "",
		filepath.Join(plain, "Dropbox", "frontdesk"): "folder.synced", marked: "folder.synced",
		filepath.Join(marked, "deep", "inside"): "folder.synced", cloud: "folder.synced",
		link: "folder.synced", filepath.Join(link, "frontdesk"): "folder.synced",
	} {
		if got := payments.CodeOf(folder.CheckPlace(dir)); got != code {
			t.Errorf("%s: %q, want %q", dir, got, code)
		}
	}
}
