// Solid things: world-space vertices, a model's own under uModel, or a shape's
// under its instance.
layout(location = 0) in vec3 aPos;
layout(location = 1) in vec4 aNormal; // w: openness
layout(location = 2) in vec4 aColour; // w: material / 255
layout(location = 3) in vec2 aTexture; // 1/512 of a repeat
layout(location = 4) in vec3 aPlace;  // palette / 255, sun, lamp
layout(location = 5) in vec4 aStand;  // of the instance: x, z, cosine and sine of its turn
layout(location = 6) in vec3 aCloth;  // its colours
layout(location = 7) in vec3 aWood;
layout(location = 8) in vec3 aBack;
#ifdef MOVING
uniform mat4 uModel;
uniform vec2 uShade; // sun and lamp light where it is
#endif
out vec3 vTexture; // z: layer
#ifdef PLAIN
out vec4 vLit; // linear, w: air
#else
uniform vec4 uFinish[12]; // specular, gloss, translucency, mirror
out vec3 vPos;
out vec3 vNormal;
out vec4 vColour; // linear; w: openness
out vec4 vLight;  // sun, lamp, own light
flat out vec4 vFinish;
#endif
#ifdef SHADOW
uniform mat4 uShadow;
out vec3 vShadow;
#ifdef PLAIN
out vec3 vSunLit;
#endif
#endif

vec3 painted() {
    int code = int(aPlace.x * 255.0 + 0.5);
    int entry = code & 15;
    vec3 base = entry == 1 ? aCloth : entry == 2 ? aWood : entry == 3 ? aBack : vec3(1.0);
    return linear(aColour.rgb * mix(base, vec3(0.95, 0.90, 0.80), float(code >> 4) / 15.0));
}

void main() {
#ifdef MOVING
    vec3 pos = (uModel * vec4(aPos, 1.0)).xyz;
    vec3 normal = mat3(uModel) * aNormal.xyz;
    vec2 shade = uShade;
#else
    vec3 pos = vec3(aStand.z * aPos.x + aStand.w * aPos.z + aStand.x, aPos.y, aStand.z * aPos.z - aStand.w * aPos.x + aStand.y);
    vec3 normal = vec3(aStand.z * aNormal.x + aStand.w * aNormal.z, aNormal.y, aStand.z * aNormal.z - aStand.w * aNormal.x);
    vec2 shade = aPlace.yz;
#endif
    int m = int(aColour.w * 255.0 + 0.5);
    vTexture = vec3(aTexture / 512.0, float(m));
    vec3 albedo = painted();
    float open = aNormal.w;
#ifdef PLAIN
    vec3 n = normalize(normal);
    float sun = dot(n, uSun);
    vec3 ambient = mix(uEarth, uSky, n.y * 0.5 + 0.5) * open + uLamp * shade.y;
    float through = m == 5 || m == 9 ? max(-sun, 0.0) * 0.55 : 0.0; // cloth and leaves let light through
    vec3 sunlit = albedo * uSunColour * (max(sun, 0.0) * min(1.0, 0.25 + open) + through * open);
    vLit.rgb = albedo * ambient;
#ifdef SHADOW
    vSunLit = sunlit;
#else
    vLit.rgb += sunlit * shade.x;
#endif
    if (m == 10) vLit.rgb = albedo * uLantern;
    float d = uHazeRate * distance(pos, uEye);
    vLit.w = exp2(-d * d);
#else
    vPos = pos;
    vNormal = normal;
    vColour = vec4(albedo, open);
    vLight = vec4(shade, m == 10 ? 1.0 : 0.0, 0.0);
    vFinish = uFinish[m];
#endif
#ifdef SHADOW
    // A step along the normal keeps a face from shading itself.
    vShadow = (uShadow * vec4(pos + normal * 0.035, 1.0)).xyz;
#endif
    gl_Position = uView * vec4(pos, 1.0);
}
