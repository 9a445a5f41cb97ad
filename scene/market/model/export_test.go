package model

// Coarsened says whether a spec breaks the detail's budget before clustering, however
// coarse its parts are.
func Coarsened(s Spec, d Detail) bool {
	var k kit
	k.shaped(s, d, len(finenesses[d])-1)
	return k.Mesh.Triangles() > d.Budget()
}
