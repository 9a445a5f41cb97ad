in vec3 vDir;
out vec4 oColour;
uniform sampler2D uDome; // stereographic from below, ready for the screen
void main() {
    vec3 d = normalize(vDir);
    d.y = max(d.y, 0.0);
    oColour = vec4(texture(uDome, d.xz / (1.0 + d.y) * 0.498 + 0.5).rgb, 1.0);
}
