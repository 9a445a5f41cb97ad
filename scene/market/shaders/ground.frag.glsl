in vec3 vPos;
in vec2 vFloor;
out vec4 oColour;
uniform sampler2D uPaving;
uniform sampler2D uFloor; // openness, dark inlay, sun, lamps
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
#endif
void main() {
    vec3 stone = texture(uPaving, vPos.xz * 0.25).rgb;
    vec4 f = texture(uFloor, vFloor);
    stone *= mix(vec3(1.0), vec3(0.62, 0.50, 0.44), f.g);
#ifdef SHADOW
    float lit = texture(uShadowMap, vShadow);
#else
    float lit = f.b;
#endif
    vec3 c = stone * (uSky * f.r + uLamp * f.a + uSunColour * (uSun.y * lit * (0.4 + 0.6 * f.r)));
    oColour = vec4(display(air(c, uEye - vPos)), 1.0);
}
