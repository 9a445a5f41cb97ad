layout(location = 0) in vec3 aPos; // from below the eye
uniform vec4 uFloorAt; // x0, z0, 1/width, 1/depth of the map of the ground's light
out vec2 vFloor;
out vec2 vStone;
#ifdef BAKED
out float vAir;
#else
out vec3 vPos; // from the eye
#endif
#ifdef SHADOW
out vec3 vShadow;
#endif
void main() {
    vec3 pos = vec3(aPos.x + uEye.x, 0.0, aPos.z + uEye.z);
    vFloor = (pos.xz - uFloorAt.xy) * uFloorAt.zw;
    // The paving repeats every four metres: near zero its coordinates are exact.
    vStone = aPos.xz * 0.25 + fract(uEye.xz * 0.25);
    vec3 toEye = uEye - pos;
#ifdef BAKED
    float d = uHazeRate * length(toEye);
    vAir = exp2(-d * d);
#else
    vPos = -toEye;
#endif
#ifdef SHADOW
    vShadow = (uShadow * vec4(pos, 1.0)).xyz;
#endif
    gl_Position = uView * vec4(pos, 1.0);
}
