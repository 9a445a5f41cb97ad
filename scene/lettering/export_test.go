package lettering

// Transform is the distance transform, for its test against the definition.
var Transform = transform
