package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// exported is the file of Export.
type exported struct {
	Version int    `json:"version"`
	Salt    []byte `json:"salt"`
	Cost    Cost   `json:"argon2id"`
	Nonce   []byte `json:"nonce"`
	Sealed  []byte `json:"sealed"`
}

// exportBound is what an export is bound to: it cannot be passed off as a vault.
const exportBound = "frontdesk vault export 1"

// Export returns all secrets sealed under a passphrase alone, for a copy that is
// kept elsewhere. Zero cost means DefaultCost. It takes as long as trying a
// passphrase does. Codes vault.passphrase_short.
func (v *Vault) Export(passphrase []byte, cost Cost) ([]byte, error) {
	if len([]rune(string(passphrase))) < MinPassphrase {
		return nil, locked("export", "vault.passphrase_short", nil)
	}
	if cost == (Cost{}) {
		cost = DefaultCost()
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(v.cfg.Entropy, salt); err != nil {
		return nil, fmt.Errorf("vault: entropy: %w", err)
	}
	v.mu.Lock()
	plain, err := json.Marshal(v.secrets)
	v.mu.Unlock()
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	nonce, sealed, err := encrypt(v.cfg.Entropy, derive(passphrase, salt, cost), plain, []byte(exportBound))
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(exported{Version: version, Salt: salt, Cost: cost, Nonce: nonce, Sealed: sealed}, "", " ")
}

// ReadExport opens what Export returned. Codes vault.passphrase (wrong, or the
// file was changed), vault.damaged, vault.newer.
func ReadExport(raw, passphrase []byte) (map[string][]byte, error) {
	var f exported
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, locked("import", codeDamaged, errors.New("not an export of a vault"))
	}
	switch {
	case f.Version > version:
		return nil, locked("import", "vault.newer", fmt.Errorf("version %d", f.Version))
	case f.Version < 1 || len(f.Salt) == 0 || !f.Cost.sane():
		return nil, locked("import", codeDamaged, errors.New("no header"))
	}
	plain, err := decrypt(derive(passphrase, f.Salt, f.Cost), f.Nonce, f.Sealed, []byte(exportBound))
	if err != nil {
		return nil, locked("import", "vault.passphrase", err)
	}
	defer clear(plain)
	secrets := map[string][]byte{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return nil, locked("import", codeDamaged, errors.New("unreadable inside"))
	}
	return secrets, nil
}
