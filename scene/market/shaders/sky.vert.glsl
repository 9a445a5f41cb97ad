// The sky is a dome around the eye, at the end of the view. Where its picture is
// read is worked out at its corners: for each pixel it is one look-up.
layout(location = 0) in vec3 aPos; // a direction, unit
out vec2 vAt;
void main() {
    float y = max(aPos.y, 0.0);
    vAt = aPos.xz / (1.0 + y) * 0.498 + 0.5;
    gl_Position = (uView * vec4(uEye + aPos * 100.0, 1.0)).xyww;
}
