package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/protobuf/proto"

	"souk/world/catalog"
	"souk/world/wire"
)

// maxDownload bounds what Fetch takes from a server, bytes.
const maxDownload = 512 << 20

// ErrNoModel says that the server has no model to give.
var ErrNoModel = errors.New("the server has no model")

// FetchCatalogue downloads the server's catalogue, or takes it from the cache
// directory where the server says that it has not changed.
func FetchCatalogue(ctx context.Context, server, cacheDir string) (*catalog.Catalog, error) {
	path, err := fetch(ctx, server, "/catalogue", cacheDir)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the downloaded catalogue: %w", err)
	}
	var m wire.Catalogue
	if err := proto.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("the catalogue of %s cannot be read (%w): update the older of client and server", server, err)
	}
	return wire.ToCatalog(&m)
}

// FetchModel downloads the server's model, or finds it in the cache, and
// returns the file's path. It is ErrNoModel (wrapped) where the server has none.
func FetchModel(ctx context.Context, server, cacheDir string) (path string, err error) {
	return fetch(ctx, server, "/model", cacheDir)
}

// fetch brings a resource into the cache and returns its path there. The
// ETag that it came with lies beside it, with the checksum of the contents, so
// that a cache that was damaged is downloaded again.
func fetch(ctx context.Context, server, name, cacheDir string) (string, error) {
	u, err := endpoint(server, "http", name)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return "", fmt.Errorf("making the cache directory: %w", err)
	}
	key := sha256.Sum256([]byte(u))
	path := filepath.Join(cacheDir, name[1:]+"-"+hex.EncodeToString(key[:6]))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return "", fmt.Errorf("asking for %s: %w", u, err)
	}
	tag := cachedTag(path)
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	client := http.Client{Timeout: 5 * time.Minute}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("the server at %s does not answer (%w): check that soukd runs there, and the address", u, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && tag != "":
		return path, nil
	case resp.StatusCode == http.StatusNotFound && name == "/model":
		return "", fmt.Errorf("asking for %s: %w", u, ErrNoModel)
	case resp.StatusCode != http.StatusOK:
		return "", fmt.Errorf("the server answers %s to %s: check that it is a Souk server", resp.Status, u)
	}
	return path, keepDownload(path, resp)
}

func keepDownload(path string, resp *http.Response) error {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxDownload+1))
	if err != nil {
		return fmt.Errorf("downloading %s: %w", resp.Request.URL, err)
	}
	if len(b) > maxDownload {
		return fmt.Errorf("downloading %s: it is larger than %d bytes", resp.Request.URL, maxDownload)
	}
	if err := writeFile(path, b); err != nil {
		return fmt.Errorf("keeping %s: %w", resp.Request.URL, err)
	}
	sum := sha256.Sum256(b)
	if err := writeFile(path+".etag", []byte(hex.EncodeToString(sum[:])+" "+resp.Header.Get("ETag"))); err != nil {
		return fmt.Errorf("keeping %s: %w", resp.Request.URL, err)
	}
	return nil
}

// cachedTag is the ETag of a sound cached file; empty where there is none.
func cachedTag(path string) string {
	mark, err := os.ReadFile(path + ".etag")
	if err != nil {
		return ""
	}
	want, tag, _ := bytes.Cut(mark, []byte(" "))
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != string(want) {
		return ""
	}
	return string(tag)
}
