layout(location = 0) in vec3 aPos;
layout(location = 5) in vec4 aStand;
#ifdef MOVING
uniform mat4 uModel;
#endif
void main() {
#ifdef MOVING
    gl_Position = uView * (uModel * vec4(aPos, 1.0));
#else
    gl_Position = uView * vec4(aStand.z * aPos.x + aStand.w * aPos.z + aStand.x, aPos.y, aStand.z * aPos.z - aStand.w * aPos.x + aStand.y, 1.0);
#endif
}
