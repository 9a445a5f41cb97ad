package gltf

// Limits bound what a file that an item brings may hold.
type Limits struct {
	Bytes     int // of the file
	Triangles int // of the scene, meshes counted as often as they are used
	Nodes     int // of the file
	Images    int // of the file
	Side      int // of an image, texels
}

// DefaultLimits are 8 MiB, 20,000 triangles, 1,000 nodes, 16 images of at most
// 2,048 × 2,048 texels.
func DefaultLimits() Limits {
	return Limits{Bytes: 8 << 20, Triangles: 20_000, Nodes: 1000, Images: 16, Side: 2048}
}
