//go:build !cgo

package market

// The 3D market needs cgo: this name ends a build without it in one line that
// says so.
var _ = souk_3D_needs_cgo__build_with_CGO_ENABLED_1
