in vec3 vPos;
in vec2 vContact;
out vec4 oColour;
uniform sampler2D uPaving;
uniform sampler2D uContactMap; // r: openness, g: dark inlay
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
#endif
void main() {
    vec3 stone = texture(uPaving, vPos.xz * 0.25).rgb;
    vec2 contact = texture(uContactMap, vContact).rg;
    stone *= mix(vec3(1.0), vec3(0.62, 0.50, 0.44), contact.g);
    float lit = 1.0;
#ifdef SHADOW
    lit = texture(uShadowMap, vShadow);
#endif
    vec3 toEye = uEye - vPos;
    vec3 c = stone * (uSky * contact.r + uSunColour * (uSun.y * lit * (0.4 + 0.6 * contact.r)));
    oColour = vec4(display(air(c, toEye)), 1.0);
}
