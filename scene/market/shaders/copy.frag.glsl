// The picture in the size of what it is drawn into.
in vec2 vAt;
out vec4 oColour;
uniform sampler2D uPicture;
void main() { oColour = texture(uPicture, vAt); }
