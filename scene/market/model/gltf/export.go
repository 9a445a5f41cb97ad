// Package gltf writes models as glTF 2.0 and reads those that items bring with
// them: binary files (.glb) with everything inside. The files are described in
// docs/model-glb.md.
//
// Read [Export] and [Import]. Nothing here holds state; all of it may be called
// from any goroutine.
package gltf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"

	khr "github.com/qmuntal/gltf"
	"github.com/qmuntal/gltf/ext/unlit"
	"github.com/qmuntal/gltf/modeler"

	"souk/scene/market/model"
	"souk/scene/market/model/surface"
)

// generator is what the files say they were made by.
const generator = "Souk"

// Options say what an exported file holds beside the triangles.
type Options struct {
	// Item is the item's id and Family its family; both are kept in the file's
	// extras, either may be empty.
	Item, Family string
	Detail       model.Detail
	// TextureSize is the side of the materials' textures, texels; 0 is 256, less
	// than 0 leaves textures out.
	TextureSize int
	// Seed is that of the textures.
	Seed uint64
}

// materialNames are the materials' names in files.
var materialNames = [model.Materials]string{
	model.Matt: "matt", model.Wood: "wood", model.Ceramic: "ceramic", model.Metal: "metal", model.Glass: "glass", model.Cloth: "cloth",
	model.Paper: "paper", model.Leather: "leather", model.Stone: "stone", model.Leaf: "leaf", model.Glow: "glow", model.Wicker: "wicker",
}

// roughness is the least and the most roughness of each material: where its texture
// says all of the gloss, and none.
var roughness = [model.Materials][2]float64{
	model.Matt: {.85, 1}, model.Wood: {.5, .85}, model.Ceramic: {.12, .5}, model.Metal: {.28, .6}, model.Glass: {.04, .2}, model.Cloth: {.85, 1},
	model.Paper: {.85, 1}, model.Leather: {.42, .8}, model.Stone: {.65, .9}, model.Leaf: {.45, .8}, model.Glow: {1, 1}, model.Wicker: {.6, .9},
}

// glassAlpha is how much of what is behind glass is hidden.
const glassAlpha = .55

// Export writes a mesh as a .glb: one mesh with a primitive for each material it
// uses, with positions (metres, y up, the front along +z), normals, texture
// coordinates, linear vertex colours, metallic and rough as the material is, and its
// texture as PNG. The same arguments give the same bytes. An empty mesh is an error.
func Export(w io.Writer, m *model.Mesh, o Options) error {
	if m.Triangles() == 0 {
		return errors.New("writing the model: it has no triangles")
	}
	if o.TextureSize == 0 {
		o.TextureSize = 256
	}
	doc := khr.NewDocument()
	doc.Asset.Generator = generator
	doc.Scenes[0].Name = "scene"
	extras := map[string]any{"detail": o.Detail.String(), "triangles": m.Triangles()}
	if o.Item != "" {
		extras["item"] = o.Item
	}
	if o.Family != "" {
		extras["family"] = o.Family
	}
	mesh := &khr.Mesh{Name: "model"}
	for mat := range model.Materials {
		p := part(m, mat)
		if len(p.indices) == 0 {
			continue
		}
		if err := p.write(doc, mesh, o); err != nil {
			return fmt.Errorf("writing the model's %s: %w", materialNames[mat], err)
		}
	}
	name := "model"
	if o.Item != "" {
		name = o.Item
	} else if o.Family != "" {
		name = o.Family
	}
	doc.Meshes = []*khr.Mesh{mesh}
	doc.Nodes = []*khr.Node{{Name: name, Mesh: khr.Index(0), Extras: map[string]any{"souk": extras}}}
	doc.Scenes[0].Nodes = []int{0}
	if err := khr.NewEncoder(w).Encode(doc); err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	return nil
}

// primitive is what of a mesh has one material.
type primitive struct {
	material model.Material
	place    [][3]float32
	normal   [][3]float32
	texture  [][2]float32
	colour   [][3]uint8 // sRGB
	indices  []uint32
}

// part picks the triangles of one material; a triangle belongs to its first corner's.
func part(m *model.Mesh, mat model.Material) *primitive {
	p := &primitive{material: mat}
	moved := map[uint32]uint32{}
	for i := 0; i+2 < len(m.Indices); i += 3 {
		if min(m.Vertices[m.Indices[i]].Material, model.Materials-1) != mat {
			continue
		}
		a, b, c := m.Indices[i], m.Indices[i+1], m.Indices[i+2]
		if a == b || b == c || a == c {
			continue
		}
		for _, j := range [3]uint32{a, b, c} {
			to, ok := moved[j]
			if !ok {
				to = uint32(len(p.place))
				moved[j] = to
				p.add(&m.Vertices[j])
			}
			p.indices = append(p.indices, to)
		}
	}
	return p
}

func (p *primitive) add(v *model.Vertex) {
	n := [3]float64{float64(v.Normal[0]), float64(v.Normal[1]), float64(v.Normal[2])}
	l := math.Sqrt(n[0]*n[0] + n[1]*n[1] + n[2]*n[2])
	if l == 0 {
		n, l = [3]float64{0, 1, 0}, 1
	}
	p.place = append(p.place, [3]float32{v.X, v.Y, v.Z})
	p.normal = append(p.normal, [3]float32{float32(n[0] / l), float32(n[1] / l), float32(n[2] / l)})
	p.texture = append(p.texture, [2]float32{float32(v.U) / model.Repeats, float32(v.V) / model.Repeats})
	p.colour = append(p.colour, v.Colour)
}

// write adds the primitive with its material to a document.
func (p *primitive) write(doc *khr.Document, mesh *khr.Mesh, o Options) error {
	tex, lift := p.prepare(o)
	colours := make([][4]uint16, len(p.colour))
	for i, c := range p.colour {
		for k := range 3 {
			// Vertex colours are linear in glTF.
			colours[i][k] = uint16(model.Linear(min(1, float64(c[k])/255*lift))*65535 + .5)
		}
		colours[i][3] = 65535
	}
	attributes := []modeler.PrimitiveAttribute{{Name: khr.POSITION, Data: p.place}, {Name: khr.NORMAL, Data: p.normal}, {Name: khr.COLOR_0, Data: colours}}
	if tex != nil {
		attributes = append(attributes, modeler.PrimitiveAttribute{Name: khr.TEXCOORD_0, Data: p.texture})
	}
	attrs, err := modeler.WritePrimitiveAttributes(doc, attributes...)
	if err != nil {
		return err
	}
	var indices int
	if len(p.place) < math.MaxUint16 {
		small := make([]uint16, len(p.indices))
		for i, x := range p.indices {
			small[i] = uint16(x)
		}
		indices = modeler.WriteIndices(doc, small)
	} else {
		indices = modeler.WriteIndices(doc, p.indices)
	}
	if err := p.finish(doc, tex, lift, o); err != nil {
		return err
	}
	mesh.Primitives = append(mesh.Primitives, &khr.Primitive{Attributes: attrs, Indices: &indices, Material: khr.Index(len(doc.Materials) - 1)})
	return nil
}

// prepare makes the material's texture and says by how much the vertex colours are
// lifted so that it never has to be brighter than white: the market draws colour × 2 ×
// texel, a glTF viewer colour × texel.
func (p *primitive) prepare(o Options) (tex *image.NRGBA, lift float64) {
	if o.TextureSize < 0 {
		return nil, 1
	}
	tex = surface.Texture(p.material, o.TextureSize, o.Seed)
	brightest := 0
	for i, b := range tex.Pix {
		if i%4 != 3 {
			brightest = max(brightest, int(b))
		}
	}
	lift = 2 * float64(brightest) / 255
	for _, c := range p.colour { // a white thing cannot be lifted: its texture is cut at white
		if top := float64(max(c[0], c[1], c[2])) / 255; top > 0 {
			lift = min(lift, max(1, 1/top))
		}
	}
	return tex, lift
}

// finish adds the material, with the textures where there are any.
func (p *primitive) finish(doc *khr.Document, tex *image.NRGBA, lift float64, o Options) error {
	rough := roughness[p.material]
	pbr := &khr.PBRMetallicRoughness{MetallicFactor: khr.Float(0), RoughnessFactor: khr.Float((rough[0] + rough[1]) / 2)}
	metal := p.material == model.Metal
	if metal {
		pbr.MetallicFactor = khr.Float(1)
	}
	name := materialNames[p.material]
	mat := &khr.Material{Name: name, PBRMetallicRoughness: pbr, Extras: map[string]any{"souk": map[string]any{"material": name, "lift": lift}}}
	switch p.material {
	case model.Glass:
		mat.AlphaMode = khr.AlphaBlend
		pbr.BaseColorFactor = &[4]float64{1, 1, 1, glassAlpha}
	case model.Glow: // shines as it is, whatever the light
		mat.Extensions = khr.Extensions{unlit.ExtensionName: unlit.Unlit{}}
		doc.ExtensionsUsed = append(doc.ExtensionsUsed, unlit.ExtensionName)
	}
	if tex != nil {
		colour, gloss := image.NewNRGBA(tex.Rect), image.NewNRGBA(tex.Rect)
		for i := 0; i < len(tex.Pix); i += 4 {
			for k := range 3 {
				colour.Pix[i+k] = uint8(min(255, float64(tex.Pix[i+k])*2/lift+.5))
			}
			colour.Pix[i+3] = 255
			r := rough[1] + (rough[0]-rough[1])*float64(tex.Pix[i+3])/255
			gloss.Pix[i+1], gloss.Pix[i+3] = uint8(r*255+.5), 255
			if metal {
				gloss.Pix[i+2] = 255
			}
		}
		index, err := texture(doc, name+" colour", colour)
		if err != nil {
			return err
		}
		pbr.BaseColorTexture = &khr.TextureInfo{Index: index}
		if p.material != model.Glow {
			if index, err = texture(doc, name+" gloss", gloss); err != nil {
				return err
			}
			pbr.MetallicRoughnessTexture, pbr.RoughnessFactor = &khr.TextureInfo{Index: index}, khr.Float(1)
		}
	}
	doc.Materials = append(doc.Materials, mat)
	return nil
}

// texture adds an image that repeats.
func texture(doc *khr.Document, name string, img image.Image) (int, error) {
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&data, img); err != nil {
		return 0, err
	}
	source, err := modeler.WriteImage(doc, name, "image/png", &data)
	if err != nil {
		return 0, err
	}
	if len(doc.Samplers) == 0 {
		doc.Samplers = []*khr.Sampler{{MagFilter: khr.MagLinear, MinFilter: khr.MinLinearMipMapLinear, WrapS: khr.WrapRepeat, WrapT: khr.WrapRepeat}}
	}
	doc.Textures = append(doc.Textures, &khr.Texture{Name: name, Sampler: khr.Index(0), Source: khr.Index(source)})
	return len(doc.Textures) - 1, nil
}
