package sim

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/asynkron/protoactor-go/actor"
)

// deepest is how far into a message printing goes; what is deeper is a cycle.
const deepest = 12

// engine is the package of the engine's own messages.
var engine = reflect.TypeFor[actor.Terminated]().PkgPath()

// describe prints a message as Go would write it, without the fields that are zero. The same
// content always prints the same. Strings are cut to the given length, 0 for not at all.
func describe(msg any, cut int) string {
	p := printer{cut: cut}
	p.dynamic(reflect.ValueOf(msg), 0)
	return p.String()
}

type printer struct {
	strings.Builder
	cut int
}

// dynamic prints a value whose type the context does not tell.
func (p *printer) dynamic(v reflect.Value, depth int) {
	if !v.IsValid() {
		p.WriteString("nil")
		return
	}
	v = addressable(v)
	switch {
	case p.special(v):
	case v.Kind() == reflect.Struct:
		p.WriteString(v.Type().String())
		p.fields(v, depth)
	case v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct:
		p.WriteString(v.Type().String())
		p.fields(v.Elem(), depth+1)
	case slices.Contains([]string{"string", "int", "bool"}, v.Type().String()):
		p.value(v, depth)
	default:
		p.WriteString(v.Type().String() + "(")
		p.value(v, depth)
		p.WriteString(")")
	}
}

// special prints what is known by its name or text rather than by its parts.
func (p *printer) special(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		p.WriteString("nil")
		return true
	}
	switch x := v.Interface().(type) {
	case *actor.PID:
		p.WriteString(x.Id)
	case actor.Actor: // all that it knows is no part of a message
		p.WriteString(v.Type().String())
	case time.Time:
		p.WriteString(x.UTC().Format(time.RFC3339Nano))
	case time.Duration:
		p.WriteString(x.String())
	case error:
		p.WriteString("error(")
		p.quote(x.Error())
		p.WriteString(")")
	case []byte:
		p.quote(string(x))
	default:
		return false
	}
	return true
}

// value prints v, whose type is known from the context.
func (p *printer) value(v reflect.Value, depth int) {
	switch kind := v.Kind(); {
	case depth > deepest:
		p.WriteString("…")
	case kind == reflect.Interface:
		p.dynamic(v.Elem(), depth+1)
	case p.special(v):
	case kind == reflect.Pointer:
		p.value(v.Elem(), depth+1)
	case kind == reflect.Struct:
		if !p.fields(v, depth) {
			p.WriteString("{}")
		}
	case kind == reflect.Slice, kind == reflect.Array:
		p.WriteString("[")
		for i := range v.Len() {
			p.space(i)
			p.value(v.Index(i), depth+1)
		}
		p.WriteString("]")
	case kind == reflect.Map:
		p.entries(v, depth)
	case kind == reflect.String:
		p.quote(v.String())
	case kind == reflect.Func, kind == reflect.Chan, kind == reflect.UnsafePointer:
		p.WriteString(kind.String())
	default:
		fmt.Fprint(p, v.Interface())
	}
}

// fields prints those that are not zero, in braces; nothing where there are none.
func (p *printer) fields(v reflect.Value, depth int) (some bool) {
	v = addressable(v)
	n := 0
	for i := range v.NumField() {
		name, field := v.Type().Field(i).Name, v.Field(i)
		if blank(field) || hidden(v.Type(), i) {
			continue
		}
		if n == 0 {
			p.WriteString("{")
		}
		p.space(n)
		p.WriteString(name + ":")
		p.value(opened(field), depth+1)
		n++
	}
	if n > 0 {
		p.WriteString("}")
	}
	return n > 0
}

func (p *printer) entries(v reflect.Value, depth int) {
	var entries []string
	for key, value := range v.Seq2() {
		entry := printer{cut: p.cut}
		entry.value(addressable(key), depth+1)
		entry.WriteString(":")
		entry.value(addressable(value), depth+1)
		entries = append(entries, entry.String())
	}
	slices.Sort(entries)
	p.WriteString("{" + strings.Join(entries, " ") + "}")
}

func (p *printer) space(i int) {
	if i > 0 {
		p.WriteString(" ")
	}
}

func (p *printer) quote(s string) {
	if p.cut > 0 && len(s) > p.cut {
		fmt.Fprintf(p, "%s…(%d bytes)", strconv.Quote(s[:p.cut]), len(s))
		return
	}
	p.WriteString(strconv.Quote(s))
}

// blank reports whether a field tells nothing. No list and an empty one are taken as equal.
func blank(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

// hidden are the fields of the engine's messages that are its bookkeeping, some with wall time in it.
func hidden(t reflect.Type, i int) bool {
	field := t.Field(i)
	return t.PkgPath() == engine && (!field.IsExported() || field.Name == "RestartStats")
}

// addressable is v, or a copy of it, of which opened can show every field.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// opened is v without the mark of having come from an unexported field, which would keep the
// texts of errors and times from being printed.
func opened(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}
