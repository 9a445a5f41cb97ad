// The soft shadow at a thing's foot: it multiplies what lies under it.
in vec3 vAt;
out vec4 oColour;
void main() {
    float d = max(1.0 - dot(vAt.xy, vAt.xy), 0.0);
    oColour = vec4(vec3(1.0 - 0.52 * d * (2.0 - d) * vAt.z), 1.0);
}
