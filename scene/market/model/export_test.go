package model

// Coarsened says whether a spec breaks the detail's budget before clustering, however
// coarse its parts are.
func Coarsened(s Spec, d Detail) bool {
	return shape(s, d, len(finenesses[d])-1).Mesh.Triangles() > d.Budget()
}
