package wire

// scanner follows strings and brackets through the bytes of an object, however they are
// cut. It finds where a value ends and what is too deep, not whether all of it is JSON.
type scanner struct {
	depth    int    // brackets that are open
	objects  uint32 // the kind of each, the innermost in the lowest bit: 1 for {, 0 for [
	inString bool
	escaped  bool // the last byte was a backslash that escapes the next
}

// scan goes on through b and stops behind the bracket that closes the object.
// It returns how many bytes that took and whether the bracket was there.
func (s *scanner) scan(b []byte) (n int, closed bool, fault *Fault) {
	for i, c := range b {
		switch {
		case s.escaped:
			s.escaped = false
		case s.inString:
			s.escaped = c == '\\'
			s.inString = c != '"'
		case c == '"':
			s.inString = true
		case c == '{' || c == '[':
			if s.depth == MaxDepth {
				return i, false, broken("nest objects and arrays less deep")
			}
			s.depth++
			s.objects = s.objects<<1 | kind(c)
		case c == '}' || c == ']':
			if s.objects&1 != kind(c) {
				return i, false, broken("close each bracket with its own kind")
			}
			s.depth--
			s.objects >>= 1
			if s.depth == 0 {
				return i + 1, true, nil
			}
		}
	}
	return len(b), false, nil
}

// kind is 1 for the brackets of an object, 0 for those of an array.
func kind(bracket byte) uint32 {
	if bracket == '{' || bracket == '}' {
		return 1
	}
	return 0
}

// broken is the fault of bytes after which nobody knows where the next object starts.
func broken(text string) *Fault {
	return &Fault{Errno: Malformed, Text: text, Close: BadFrame}
}
