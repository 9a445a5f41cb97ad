layout(location = 0) in vec3 aPos;
layout(location = 1) in vec4 aNormal; // w: openness
layout(location = 2) in vec3 aText;
layout(location = 3) in vec4 aGround;
layout(location = 4) in vec4 aInk;
#ifdef MOVING
uniform mat4 uModel;
uniform float uFade;
flat out float vFade;
#endif
out vec3 vPos;
out vec3 vText;
out vec4 vGround;
out vec4 vInk;
out vec3 vLight;
#ifdef SHADOW
out vec4 vShadow; // w: what the sun adds
#endif
void main() {
#ifdef MOVING
    vPos = (uModel * vec4(aPos, 1.0)).xyz;
    vec3 n = mat3(uModel) * aNormal.xyz;
#else
    vPos = aPos;
    vec3 n = aNormal.xyz;
#endif
    vText = aText;
    vGround = vec4(linear(aGround.rgb), aGround.a);
    vInk = vec4(linear(aInk.rgb), aInk.a);
#ifdef MOVING
    vLight = vec3(0.92 - 0.25 * uLamp.r);
    vFade = uFade;
#else
    vLight = mix(uEarth, uSky, n.y * 0.5 + 0.5) * aNormal.w + 0.75 * uLamp;
#endif
    float sun = max(dot(n, uSun), 0.0);
#ifdef SHADOW
    vShadow = vec4((uShadow * vec4(vPos + n * 0.04, 1.0)).xyz, sun);
#elif !defined(MOVING)
    vLight += uSunColour * sun;
#endif
    gl_Position = uView * vec4(vPos, 1.0);
}
