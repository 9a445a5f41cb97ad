package gltf

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	khr "github.com/qmuntal/gltf"
)

// file is a decoded file: the document, and its buffers' bytes.
type file struct {
	doc     khr.Document
	buffers [][]byte
	lim     Limits
}

// open takes a .glb apart: a header, a chunk of JSON, a chunk of bytes.
func open(raw []byte, lim Limits) (*file, error) {
	if len(raw) > lim.Bytes {
		return nil, fmt.Errorf("the file has %d bytes, more than the %d that are taken; make its textures smaller or its meshes simpler", len(raw), lim.Bytes)
	}
	if len(raw) < 20 || string(raw[:4]) != "glTF" {
		return nil, fmt.Errorf("the file is no binary glTF; export it as .glb")
	}
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(raw[at:]) }
	if word(4) != 2 {
		return nil, fmt.Errorf("the file is glTF of version %d; export it as version 2.0", word(4))
	}
	if uint64(word(8)) != uint64(len(raw)) {
		return nil, fmt.Errorf("the file says that it has %d bytes and has %d; it is cut off or damaged, copy it again", word(8), len(raw))
	}
	length := uint64(word(12))
	if word(16) != 0x4e4f534a || 20+length > uint64(len(raw)) {
		return nil, fmt.Errorf("the file does not begin with a JSON chunk that it holds; it is damaged, export it again")
	}
	f := &file{lim: lim}
	if err := json.Unmarshal(raw[20:20+length], &f.doc); err != nil {
		return nil, fmt.Errorf("the file's JSON cannot be read (%w); export it again", err)
	}
	var bin []byte
	if rest := raw[20+length:]; len(rest) >= 8 && binary.LittleEndian.Uint32(rest[4:]) == 0x004e4942 {
		n := uint64(binary.LittleEndian.Uint32(rest))
		if n > uint64(len(rest)-8) {
			return nil, fmt.Errorf("the file's binary chunk is longer than the file; it is damaged, export it again")
		}
		bin = rest[8 : 8+n]
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return f, f.fill(bin)
}

// known are the extensions without which a file cannot be shown, and that are read.
var known = map[string]bool{"KHR_materials_unlit": true, "KHR_mesh_quantization": true, "KHR_materials_emissive_strength": true,
	"KHR_materials_specular": true, "KHR_materials_ior": true, "KHR_materials_transmission": true, "KHR_materials_clearcoat": true, "KHR_materials_sheen": true}

// check looks for what is not read, and for lists longer than is taken.
func (f *file) check() error {
	for _, e := range f.doc.ExtensionsRequired {
		if !known[e] {
			return fmt.Errorf("the file needs the extension %q, which is not read here; export it without (no compression, plain PNG or JPEG textures)", short(e))
		}
	}
	if n := len(f.doc.Nodes); n > f.lim.Nodes {
		return fmt.Errorf("the file has %d nodes, more than the %d that are taken; join its objects", n, f.lim.Nodes)
	}
	if n := len(f.doc.Images); n > f.lim.Images {
		return fmt.Errorf("the file has %d images, more than the %d that are taken; use fewer textures", n, f.lim.Images)
	}
	for i, x := range f.doc.Buffers {
		if x == nil {
			return damaged("buffer", i)
		}
	}
	for i, x := range f.doc.BufferViews {
		if x == nil {
			return damaged("buffer view", i)
		}
	}
	for i, x := range f.doc.Accessors {
		if x == nil {
			return damaged("accessor", i)
		}
	}
	return nil
}

// damaged is the error of a list of the file whose entry is empty or out of range.
func damaged(what string, i int) error {
	return fmt.Errorf("the file refers to %s %d, which is not there; it is damaged, export it again", what, i)
}

// short cuts a word of the file for a message.
func short(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// fill finds the buffers' bytes: the binary chunk, or data in the URI; nothing else is
// opened.
func (f *file) fill(bin []byte) error {
	for i, b := range f.doc.Buffers {
		data := bin
		if b.URI != "" {
			var err error
			if data, err = inline(b.URI); err != nil {
				return fmt.Errorf("buffer %d %w", i, err)
			}
		} else if i > 0 {
			return fmt.Errorf("buffer %d has no bytes in the file; export it as one .glb", i)
		}
		if b.ByteLength < 0 || b.ByteLength > len(data) {
			return fmt.Errorf("buffer %d says that it has %d bytes and has %d; the file is cut off or damaged, export it again", i, b.ByteLength, len(data))
		}
		f.buffers = append(f.buffers, data[:b.ByteLength])
	}
	return nil
}

// inline decodes a data URI.
func inline(uri string) ([]byte, error) {
	head, body, ok := strings.Cut(uri, ",")
	if !strings.HasPrefix(head, "data:") || !strings.HasSuffix(head, ";base64") || !ok {
		return nil, fmt.Errorf("lies in another file (%q); export it as one .glb with everything inside", short(uri))
	}
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, fmt.Errorf("is no base64 (%w); export it again", err)
	}
	return data, nil
}

// view is the bytes of a buffer view, and the distance between its elements, 0 for none said.
func (f *file) view(i int) (data []byte, stride int, err error) {
	if i < 0 || i >= len(f.doc.BufferViews) {
		return nil, 0, damaged("buffer view", i)
	}
	v := f.doc.BufferViews[i]
	if v.Buffer < 0 || v.Buffer >= len(f.buffers) {
		return nil, 0, damaged("buffer", v.Buffer)
	}
	b := f.buffers[v.Buffer]
	if v.ByteOffset < 0 || v.ByteLength < 0 || v.ByteOffset > len(b) || v.ByteLength > len(b)-v.ByteOffset || v.ByteStride < 0 || v.ByteStride > 252 {
		return nil, 0, fmt.Errorf("buffer view %d reaches out of its buffer; the file is damaged, export it again", i)
	}
	return b[v.ByteOffset : v.ByteOffset+v.ByteLength], v.ByteStride, nil
}

// numbers is an accessor's elements as numbers, one after the other, and how many each
// element has. Normalised integers become parts in [−1,1]; sparse accessors are filled in.
func (f *file) numbers(i int, what string) (out []float64, each int, err error) {
	if i < 0 || i >= len(f.doc.Accessors) {
		return nil, 0, damaged("accessor", i)
	}
	a := f.doc.Accessors[i]
	each = a.Type.Components()
	if a.Type > khr.AccessorVec4 || each == 0 || a.ComponentType.ByteSize() == 0 {
		return nil, 0, fmt.Errorf("%s (accessor %d) is no list of numbers or vectors; export the file again", what, i)
	}
	// No accessor can be longer than the file has bytes; those without bytes are bounded alike.
	if a.Count < 0 || a.Count > f.lim.Bytes/each || a.ByteOffset < 0 {
		return nil, 0, fmt.Errorf("%s (accessor %d) has %d elements, which cannot be; the file is damaged, export it again", what, i, a.Count)
	}
	switch {
	case a.BufferView != nil:
		if out, err = f.read(*a.BufferView, a.ByteOffset, a.Count, each, a.ComponentType, a.Normalized); err != nil {
			return nil, 0, fmt.Errorf("%s (accessor %d): %w", what, i, err)
		}
	case a.Count > 3*f.lim.Triangles:
		return nil, 0, fmt.Errorf("%s (accessor %d) has %d elements without bytes; the file is damaged, export it again", what, i, a.Count)
	default:
		out = make([]float64, a.Count*each)
	}
	if s := a.Sparse; s != nil {
		if s.Count < 0 || s.Count > a.Count {
			return nil, 0, fmt.Errorf("%s (accessor %d) replaces %d of its %d elements; the file is damaged, export it again", what, i, s.Count, a.Count)
		}
		at, err := f.read(s.Indices.BufferView, s.Indices.ByteOffset, s.Count, 1, s.Indices.ComponentType, false)
		if err != nil {
			return nil, 0, fmt.Errorf("%s (accessor %d, sparse): %w", what, i, err)
		}
		values, err := f.read(s.Values.BufferView, s.Values.ByteOffset, s.Count, each, a.ComponentType, a.Normalized)
		if err != nil {
			return nil, 0, fmt.Errorf("%s (accessor %d, sparse): %w", what, i, err)
		}
		for k, x := range at {
			if x < 0 || x >= float64(a.Count) || x != math.Trunc(x) {
				return nil, 0, fmt.Errorf("%s (accessor %d) replaces element %g of %d; the file is damaged, export it again", what, i, x, a.Count)
			}
			copy(out[int(x)*each:], values[k*each:(k+1)*each])
		}
	}
	return out, each, nil
}

// read reads count elements of each numbers out of a buffer view.
func (f *file) read(view, offset, count, each int, kind khr.ComponentType, normalised bool) ([]float64, error) {
	data, stride, err := f.view(view)
	if err != nil {
		return nil, err
	}
	size := kind.ByteSize()
	if size == 0 {
		return nil, fmt.Errorf("its numbers are of no known kind; export the file again")
	}
	if stride == 0 {
		stride = size * each
	}
	if stride < size*each {
		return nil, fmt.Errorf("its elements overlap; the file is damaged, export it again")
	}
	if count > 0 && (offset < 0 || offset > len(data) || (len(data)-offset-size*each) < 0 || count-1 > (len(data)-offset-size*each)/stride) {
		return nil, fmt.Errorf("its %d elements reach out of buffer view %d; the file is cut off or damaged, export it again", count, view)
	}
	out := make([]float64, 0, count*each)
	for i := range count {
		for k := range each {
			out = append(out, number(data[offset+i*stride+k*size:], kind, normalised))
		}
	}
	return out, nil
}

// number reads one number.
func number(b []byte, kind khr.ComponentType, normalised bool) float64 {
	part := func(v, most float64) float64 {
		if normalised {
			return max(-1, v/most)
		}
		return v
	}
	switch kind {
	case khr.ComponentByte:
		return part(float64(int8(b[0])), 127)
	case khr.ComponentUbyte:
		return part(float64(b[0]), 255)
	case khr.ComponentShort:
		return part(float64(int16(binary.LittleEndian.Uint16(b))), 32767)
	case khr.ComponentUshort:
		return part(float64(binary.LittleEndian.Uint16(b)), 65535)
	case khr.ComponentUint:
		return float64(binary.LittleEndian.Uint32(b))
	}
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
}
