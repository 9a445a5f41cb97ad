layout(location = 0) in vec2 aPos;   // on the eye's half of the window
layout(location = 1) in vec2 aRed;   // where each colour is fetched in the eye's picture
layout(location = 2) in vec2 aGreen;
layout(location = 3) in vec2 aBlue;
layout(location = 4) in float aShade;
out vec2 vRed;
out vec2 vGreen;
out vec2 vBlue;
out float vShade;
void main() {
    vRed = aRed;
    vGreen = aGreen;
    vBlue = aBlue;
    vShade = aShade;
    gl_Position = vec4(aPos, 0.0, 1.0);
}
