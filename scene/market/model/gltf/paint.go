package gltf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // the two kinds of image that glTF has
	_ "image/png"
	"math"

	khr "github.com/qmuntal/gltf"
	"github.com/qmuntal/gltf/ext/unlit"
	"gonum.org/v1/gonum/spatial/r3"

	"souk/scene/market/model"
)

// paint is what a primitive's vertices look like.
type paint struct {
	material model.Material
	colour   [][3]float64 // sRGB, each part in [0,1], by vertex
	texture  []float64    // u, v by vertex; nil where the file's do not fit the material's texture
}

// vertex is one of the primitive's vertices at a place.
func (p *paint) vertex(j uint32, at, normal r3.Vec) model.Vertex {
	v := model.NewVertex(at, normal, p.material)
	for k, c := range p.colour[j] {
		v.Colour[k] = uint8(max(0, min(255, c*255+.5)))
	}
	if p.texture != nil {
		v.U, v.V = model.Coordinate(p.texture[2*j]), model.Coordinate(p.texture[2*j+1])
	}
	return v
}

// paint finds a primitive's colours and what it is made of.
func (im *importer) paint(p *khr.Primitive, corners []uint32, count int) (*paint, error) {
	mat := &khr.Material{}
	if p.Material != nil {
		if *p.Material < 0 || *p.Material >= len(im.doc.Materials) || im.doc.Materials[*p.Material] == nil {
			return nil, damaged("material", *p.Material)
		}
		mat = im.doc.Materials[*p.Material]
	}
	pbr := mat.PBRMetallicRoughness
	if pbr == nil {
		pbr = &khr.PBRMetallicRoughness{}
	}
	base := pbr.BaseColorFactorOrDefault()
	// linear light of every vertex
	light := make([][3]float64, count)
	for i := range light {
		light[i] = [3]float64{base[0], base[1], base[2]}
	}
	if err := im.vertexColours(p, light); err != nil {
		return nil, err
	}
	out := &paint{colour: light}
	lift := 1.0
	var ours bool
	if out.material, lift, ours = madeHere(mat); ours {
		if index, ok := p.Attributes[khr.TEXCOORD_0]; ok {
			uv, err := im.pairs(index, count)
			if err != nil {
				return nil, err
			}
			out.texture = uv
		}
	} else {
		out.material = guess(mat, pbr)
		if pbr.BaseColorTexture != nil {
			if err := im.bake(p, pbr.BaseColorTexture, corners, light); err != nil {
				return nil, err
			}
		}
	}
	for i := range light {
		for k, c := range light[i] {
			if !(c > 0) { // less than none, or no number
				c = 0
			}
			light[i][k] = model.Encoded(c) / lift
		}
	}
	return out, nil
}

// vertexColours multiplies the light by the primitive's own colours.
func (im *importer) vertexColours(p *khr.Primitive, light [][3]float64) error {
	index, ok := p.Attributes[khr.COLOR_0]
	if !ok {
		return nil
	}
	list, each, err := im.numbers(index, "COLOR_0")
	if err != nil {
		return err
	}
	if each < 3 || len(list)/each != len(light) {
		return fmt.Errorf("it has %d colours for %d places; the file is damaged, export it again", len(list)/max(1, each), len(light))
	}
	for i := range light {
		for k := range 3 {
			if c := list[i*each+k]; c >= 0 { // no number is no colour
				light[i][k] *= c
			} else {
				light[i][k] = 0
			}
		}
	}
	return nil
}

// pairs is an accessor of texture coordinates.
func (im *importer) pairs(index, count int) ([]float64, error) {
	uv, each, err := im.numbers(index, "TEXCOORD")
	if err != nil {
		return nil, err
	}
	if each != 2 || len(uv) != 2*count {
		return nil, fmt.Errorf("it has %d texture coordinates for %d places; the file is damaged, export it again", len(uv)/max(1, each), count)
	}
	return uv, nil
}

// madeHere reads what [Export] has written about a material.
func madeHere(mat *khr.Material) (m model.Material, lift float64, ok bool) {
	raw, err := json.Marshal(mat.Extras)
	if err != nil {
		return 0, 1, false
	}
	var extras struct {
		Souk struct {
			Material string
			Lift     float64
		}
	}
	if json.Unmarshal(raw, &extras) != nil || !(extras.Souk.Lift >= 1 && extras.Souk.Lift <= 2) {
		return 0, 1, false
	}
	for m, name := range materialNames {
		if name == extras.Souk.Material {
			return model.Material(m), extras.Souk.Lift, true
		}
	}
	return 0, 1, false
}

// guess is what a material is made of: what its name says, or what it looks like.
func guess(mat *khr.Material, pbr *khr.PBRMetallicRoughness) model.Material {
	looks := model.Matt
	rough := pbr.RoughnessFactorOrDefault()
	_, shines := mat.Extensions[unlit.ExtensionName]
	bright := max(mat.EmissiveFactor[0], mat.EmissiveFactor[1], mat.EmissiveFactor[2]) > .5 && mat.EmissiveTexture == nil
	_, clear := mat.Extensions["KHR_materials_transmission"]
	switch {
	case shines || bright:
		looks = model.Glow
	case clear || mat.AlphaMode == khr.AlphaBlend && pbr.BaseColorFactorOrDefault()[3] < .9:
		looks = model.Glass
	case pbr.MetallicRoughnessTexture == nil && pbr.MetallicFactor != nil && *pbr.MetallicFactor > .5:
		looks = model.Metal
	case pbr.MetallicRoughnessTexture == nil && rough < .35:
		looks = model.Ceramic
	case pbr.MetallicRoughnessTexture == nil && rough < .6:
		looks = model.Leather
	}
	return model.MaterialOf(mat.Name, looks)
}

// picture is a decoded texture and how it goes on at its ends.
type picture struct {
	img          image.Image
	wrapS, wrapT khr.WrappingMode
}

// bake multiplies the light of the vertices by the texture. Each corner of a triangle
// is read a little inside of it, so that what lies beside a seam does not bleed in; a vertex
// has the mean of its corners.
func (im *importer) bake(p *khr.Primitive, info *khr.TextureInfo, corners []uint32, light [][3]float64) error {
	pic, err := im.picture(info.Index)
	if err != nil {
		return err
	}
	index, ok := p.Attributes[fmt.Sprintf("TEXCOORD_%d", info.TexCoord)]
	if !ok || pic == nil {
		return nil
	}
	uv, err := im.pairs(index, len(light))
	if err != nil {
		return err
	}
	sum := make([][4]float64, len(light))
	for i := 0; i+2 < len(corners); i += 3 {
		t := corners[i : i+3]
		mu := (uv[2*t[0]] + uv[2*t[1]] + uv[2*t[2]]) / 3
		mv := (uv[2*t[0]+1] + uv[2*t[1]+1] + uv[2*t[2]+1]) / 3
		for _, j := range t {
			c := pic.at(uv[2*j]*.75+mu*.25, uv[2*j+1]*.75+mv*.25)
			for k := range 3 {
				sum[j][k] += c[k]
			}
			sum[j][3]++
		}
	}
	for j := range light {
		if sum[j][3] > 0 {
			for k := range 3 {
				light[j][k] *= sum[j][k] / sum[j][3]
			}
		}
	}
	return nil
}

// picture decodes a texture's image, once.
func (im *importer) picture(i int) (*picture, error) {
	if pic, ok := im.images[i]; ok {
		return pic, nil
	}
	if i < 0 || i >= len(im.doc.Textures) || im.doc.Textures[i] == nil {
		return nil, damaged("texture", i)
	}
	t := im.doc.Textures[i]
	if t.Source == nil {
		return nil, fmt.Errorf("texture %d has no image of a kind that is read; use PNG or JPEG", i)
	}
	img, err := im.decode(*t.Source)
	if err != nil {
		return nil, err
	}
	pic := &picture{img: img}
	if t.Sampler != nil {
		if *t.Sampler < 0 || *t.Sampler >= len(im.doc.Samplers) || im.doc.Samplers[*t.Sampler] == nil {
			return nil, damaged("sampler", *t.Sampler)
		}
		pic.wrapS, pic.wrapT = im.doc.Samplers[*t.Sampler].WrapS, im.doc.Samplers[*t.Sampler].WrapT
	}
	im.images[i] = pic
	return pic, nil
}

// decode reads an image, after a look at its size.
func (im *importer) decode(i int) (image.Image, error) {
	if i < 0 || i >= len(im.doc.Images) || im.doc.Images[i] == nil {
		return nil, damaged("image", i)
	}
	src := im.doc.Images[i]
	var data []byte
	var err error
	if src.BufferView != nil {
		data, _, err = im.view(*src.BufferView)
	} else {
		data, err = inline(src.URI)
	}
	if err != nil {
		return nil, fmt.Errorf("image %d: %w", i, err)
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("image %d is neither PNG nor JPEG, or damaged (%w); export it again", i, err)
	}
	if head.Width > im.lim.Side || head.Height > im.lim.Side || head.Width < 1 || head.Height < 1 {
		return nil, fmt.Errorf("image %d is a %s of %d × %d texels, more than the %d × %d that are taken; make it smaller", i, kind, head.Width, head.Height, im.lim.Side, im.lim.Side)
	}
	if im.texels += head.Width * head.Height; im.texels > 4*im.lim.Side*im.lim.Side {
		return nil, fmt.Errorf("the file's textures have more than %d texels together; make them smaller", 4*im.lim.Side*im.lim.Side)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("image %d is damaged (%w); export it again", i, err)
	}
	return img, nil
}

// at is the texture's linear light at (u, v), from the four texels around.
func (p *picture) at(u, v float64) (c [3]float64) {
	b := p.img.Bounds()
	w, h := b.Dx(), b.Dy()
	if !(math.Abs(u) < 1e6 && math.Abs(v) < 1e6) {
		u, v = 0, 0
	}
	x, y := u*float64(w)-.5, v*float64(h)-.5
	fx, fy := math.Floor(x), math.Floor(y)
	for dy := range 2 {
		for dx := range 2 {
			weight := math.Abs(1-float64(dx)-(x-fx)) * math.Abs(1-float64(dy)-(y-fy))
			i, j := wrapped(int(fx)+dx, w, p.wrapS), wrapped(int(fy)+dy, h, p.wrapT)
			r, g, bl, a := p.img.At(b.Min.X+i, b.Min.Y+j).RGBA()
			if a == 0 {
				a = 65535
			}
			for k, x := range [3]uint32{r, g, bl} {
				c[k] += weight * model.Linear(min(1, float64(x)/float64(a)))
			}
		}
	}
	return c
}

// wrapped is the texel i of n by the sampler's mode.
func wrapped(i, n int, mode khr.WrappingMode) int {
	switch mode {
	case khr.WrapClampToEdge:
		return max(0, min(n-1, i))
	case khr.WrapMirroredRepeat:
		i %= 2 * n
		if i < 0 {
			i += 2 * n
		}
		if i >= n {
			i = 2*n - 1 - i
		}
		return i
	}
	if i %= n; i < 0 {
		i += n
	}
	return i
}
