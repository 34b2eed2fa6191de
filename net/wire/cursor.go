package wire

// cursor reads one JSON value from left to right. bad says that what was read is no JSON, or nested
// too deep; it then stays, and the rest of the reading means nothing.
type cursor struct {
	b   []byte
	at  int
	bad bool
}

// peek is the next byte, NUL at the end: no JSON has one outside of a string or inside.
func (c *cursor) peek() byte {
	if c.at < len(c.b) {
		return c.b[c.at]
	}
	return 0
}

// take goes past want, which has to be there.
func (c *cursor) take(want byte) {
	if c.peek() != want {
		c.bad = true
		return
	}
	c.at++
}

func (c *cursor) space() {
	for c.at < len(c.b) && isSpace(c.b[c.at]) {
		c.at++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// value reads any value with up to room brackets open at once, and returns its bytes.
func (c *cursor) value(room int) []byte {
	start := c.at
	switch c.peek() {
	case '"':
		c.text()
	case '{':
		c.object(room)
	case '[':
		c.array(room)
	case 't':
		c.word("true")
	case 'f':
		c.word("false")
	case 'n':
		c.word("null")
	default:
		c.number()
	}
	return c.b[start:c.at]
}

func (c *cursor) object(room int) {
	for more := c.open('{', '}', room); more; more = c.next('}') {
		c.member(room)
	}
}

func (c *cursor) array(room int) {
	for more := c.open('[', ']', room); more; more = c.next(']') {
		c.value(room - 1)
	}
}

// member reads a key, with its quotes, and its value.
func (c *cursor) member(room int) (key, value []byte) {
	key = c.text()
	c.space()
	c.take(':')
	c.space()
	return key, c.value(room - 1)
}

// open goes past an opening bracket and says whether something is inside.
func (c *cursor) open(first, last byte, room int) (more bool) {
	c.take(first)
	c.space()
	if room == 0 {
		c.bad = true
	}
	if c.peek() == last {
		c.at++
		return false
	}
	return !c.bad
}

// next goes past what follows an item and says whether that is another one.
func (c *cursor) next(last byte) (more bool) {
	c.space()
	if c.peek() != ',' {
		c.take(last)
		return false
	}
	c.at++
	c.space()
	return !c.bad
}

// text reads a string and returns it with its quotes.
func (c *cursor) text() []byte {
	start := c.at
	c.take('"')
	for c.at < len(c.b) && c.b[c.at] >= ' ' {
		switch c.b[c.at] {
		case '"':
			c.at++
			return c.b[start:c.at]
		case '\\':
			c.escape()
		default:
			c.at++
		}
	}
	c.bad = true
	return nil
}

func (c *cursor) escape() {
	c.at++
	switch c.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		c.at++
	case 'u':
		c.at++
		for range 4 {
			if !isHex(c.peek()) {
				c.bad = true
				return
			}
			c.at++
		}
	default:
		c.bad = true
	}
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (c *cursor) word(want string) {
	for i := range len(want) {
		c.take(want[i])
	}
}

func (c *cursor) number() {
	if c.peek() == '-' {
		c.at++
	}
	if c.peek() == '0' {
		c.at++
	} else {
		c.digits()
	}
	if c.peek() == '.' {
		c.at++
		c.digits()
	}
	if c.peek() == 'e' || c.peek() == 'E' {
		c.at++
		if c.peek() == '+' || c.peek() == '-' {
			c.at++
		}
		c.digits()
	}
}

// digits reads one digit or more.
func (c *cursor) digits() {
	if !isDigit(c.peek()) {
		c.bad = true
	}
	for isDigit(c.peek()) {
		c.at++
	}
}
