package vault

// SetReplace puts another way of replacing files in the place of the disk's.
func (v *Vault) SetReplace(replace func(path string, raw []byte) error) { v.replace = replace }
