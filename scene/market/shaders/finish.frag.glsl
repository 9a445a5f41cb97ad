// Lays the ambient occlusion over the picture, smoothed over the four by four
// pixels over which its samples are turned.
in vec2 vAt;
out vec4 oColour;
uniform sampler2D uPicture;
uniform sampler2D uDepth;
uniform sampler2D uShade;
uniform vec2 uTexel;
uniform vec4 uLens;
float distanceAt(vec2 at) {
    float z = texture(uDepth, at).r * 2.0 - 1.0;
    return 2.0 * uLens.z * uLens.w / (uLens.w + uLens.z - z * (uLens.w - uLens.z));
}
void main() {
    float here = distanceAt(vAt);
    float sum = 0.0, weight = 0.0;
    for (int y = -1; y <= 2; y++)
        for (int x = -1; x <= 2; x++) {
            vec2 at = vAt + (vec2(x, y) - 0.5) * uTexel;
            float w = exp2(-abs(distanceAt(at) - here) * 12.0 / here) + 1e-4;
            sum += w * texture(uShade, at).r;
            weight += w;
        }
    // Alpha is 0 where there are words: they are read, not shaded.
    vec4 c = texture(uPicture, vAt);
    oColour = vec4(c.rgb * mix(1.0, sum / weight, c.a), 1.0);
}
