in vec2 vAt;
out vec4 oColour;
uniform sampler2D uDome; // stereographic from below, ready for the screen
void main() { oColour = vec4(texture(uDome, vAt).rgb, 1.0); }
