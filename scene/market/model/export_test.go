package model

// Coarsened says whether the near model of a spec breaks its budget before clustering.
func Coarsened(s Spec) bool {
	k := shape(s, false)
	return k.Mesh.Triangles() > NearBudget
}
