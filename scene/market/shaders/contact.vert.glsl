layout(location = 0) in vec3 aPos;
layout(location = 2) in vec4 aColour; // r, g: the corner
out vec3 vAt; // z: air
void main() {
    float d = uHazeRate * distance(aPos, uEye);
    vAt = vec3(aColour.rg * 2.0 - 1.0, exp2(-d * d));
    gl_Position = uView * vec4(aPos, 1.0);
}
