// Ambient obscurance from the depth alone (McGuire, Mara and Luebke 2012,
// "Scalable Ambient Obscurance", equation 1), ten samples on a spiral.
in vec2 vAt;
out vec4 oColour;
uniform sampler2D uDepth;
uniform vec4 uLens; // tangents of the half angles, near, far
uniform vec2 uTexel;
const float RADIUS = 0.55; // metres
const int SAMPLES = 10;
vec3 place(vec2 at) {
    float z = texture(uDepth, at).r * 2.0 - 1.0;
    float d = 2.0 * uLens.z * uLens.w / (uLens.w + uLens.z - z * (uLens.w - uLens.z));
    return vec3((at * 2.0 - 1.0) * uLens.xy * d, -d);
}
void main() {
    vec3 p = place(vAt);
    vec3 n = normalize(cross(dFdx(p), dFdy(p)));
    // A disc of RADIUS as it is seen, in texture coordinates.
    vec2 disc = RADIUS / (2.0 * -p.z * uLens.xy);
    float turn = 6.2831853 * fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    float sum = 0.0;
    for (int i = 0; i < SAMPLES; i++) {
        float r = (float(i) + 0.5) / float(SAMPLES);
        float a = turn + r * 6.2831853 * 3.0;
        vec3 v = place(vAt + disc * r * vec2(cos(a), sin(a))) - p;
        float vv = dot(v, v);
        float f = max(RADIUS * RADIUS - vv, 0.0);
        sum += f * f * f * max((dot(v, n) - 0.012 * -p.z * 0.05 - 0.01) / (vv + 0.005), 0.0);
    }
    float shade = max(0.0, 1.0 - sum * 5.0 / (pow(RADIUS, 6.0) * float(SAMPLES)) * 0.35);
    // Far away the haze has taken the contrast, and the depth its precision.
    oColour = vec4(mix(shade, 1.0, smoothstep(18.0, 45.0, -p.z)));
}
