in vec2 vText;
out vec4 oColour;
uniform sampler2D uImage;
void main() { oColour = texture(uImage, vText); }
