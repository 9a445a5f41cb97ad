in vec2 vAt;
out vec4 oColour;
uniform vec4 uGlow;
void main() {
    float d = max(1.0 - dot(vAt, vAt), 0.0);
    oColour = vec4(uGlow.rgb * (uGlow.w * d * d), 0.0);
}
