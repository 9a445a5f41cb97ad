layout(location = 0) in vec3 aPos;
uniform vec4 uFloorAt; // x0, z0, 1/width, 1/depth of the map of the ground's light
out vec3 vPos;
out vec2 vFloor;
#ifdef SHADOW
uniform mat4 uShadow;
out vec3 vShadow;
#endif
void main() {
    vPos = aPos;
    vFloor = (aPos.xz - uFloorAt.xy) * uFloorAt.zw;
#ifdef SHADOW
    vShadow = (uShadow * vec4(aPos, 1.0)).xyz;
#endif
    gl_Position = uView * vec4(aPos, 1.0);
}
