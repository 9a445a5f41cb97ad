#ifdef VIGNETTE
layout(location = 0) in vec3 aPos; // clip space, and how dark
uniform float uStrength;
out float vDark;
void main() {
    vDark = aPos.z * uStrength;
    gl_Position = vec4(aPos.xy, 0.0, 1.0);
}
#else
layout(location = 0) in vec2 aPos; // pixels from the upper left
uniform vec4 uScreen; // 2/width, 2/height, 1/texture width, 1/texture height
out vec2 vText;
void main() {
    vText = aPos * uScreen.zw;
    gl_Position = vec4(aPos.x * uScreen.x - 1.0, 1.0 - aPos.y * uScreen.y, 0.0, 1.0);
}
#endif
