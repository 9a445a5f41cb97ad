layout(location = 0) in vec3 aPos;
layout(location = 5) in vec4 aStand;
void main() {
    gl_Position = uView * vec4(aStand.z * aPos.x + aStand.w * aPos.z + aStand.x, aPos.y, aStand.z * aPos.z - aStand.w * aPos.x + aStand.y, 1.0);
}
