package client

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"souk/world/wire"
)

// Identity is a visitor's pseudonym and the secret that proves it. The server
// binds the two at first sight and keeps only a hash of the secret.
type Identity struct {
	Visitor string `json:"visitor"`
	Token   string `json:"token"`
}

// LoadIdentity reads the identity kept in a directory, or makes one at random
// and keeps it there, readable by its owner alone. Removing the file makes a new visitor.
func LoadIdentity(dir string) (Identity, error) {
	path := filepath.Join(dir, "identity.json")
	var id Identity
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		id = Identity{Visitor: "v-" + secret(10), Token: secret(20)}
		return id, id.save(path)
	}
	if err != nil {
		return id, fmt.Errorf("reading the identity: %w", err)
	}
	if err := json.Unmarshal(b, &id); err != nil || id.Visitor == "" || id.Token == "" || !wire.ValidKey(id.Visitor) || len(id.Token) > wire.MaxToken {
		return id, fmt.Errorf("the identity in %s is damaged: restore the file, or remove it to come in as a new visitor", path)
	}
	return id, nil
}

func (id Identity) save(path string) error {
	b, err := json.MarshalIndent(id, "", "  ")
	if err == nil {
		err = writeFile(path, append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping the identity: %w", err)
	}
	return nil
}

// secret is n random bytes in lower-case letters and digits.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // does not fail
	return base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding).EncodeToString(b)
}

// writeFile writes a file whole or not at all.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return syncDir(filepath.Dir(path))
}
