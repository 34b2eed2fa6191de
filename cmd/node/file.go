package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"
)

// loadFile sets the keys that the YAML file at path has and the command line did not give. Maps in
// maps are one key with dots. It tells all faults at once, each with its line.
func loadFile(path string, keys *pflag.FlagSet) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	var document, another yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(text))
	if err := documents.Decode(&document); err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := documents.Decode(&another); err != io.EOF {
		return fmt.Errorf("%s:%d: a second document is not read, leave the line --- out", path, another.Line)
	}
	f := file{path: path, keys: keys, lines: map[string]int{}}
	for _, root := range document.Content {
		f.walk("", root)
	}
	return errors.Join(f.faults...)
}

// file is a configuration file being read.
type file struct {
	path   string
	keys   *pflag.FlagSet
	lines  map[string]int // where each key was set
	faults []error
}

func (f *file) fault(line int, format string, args ...any) {
	f.faults = append(f.faults, fmt.Errorf("%s:%d: %s", f.path, line, fmt.Sprintf(format, args...)))
}

// walk reads what stands at key, "" being the whole file.
func (f *file) walk(key string, node *yaml.Node) {
	flag := f.keys.Lookup(key)
	switch {
	case flag != nil:
		f.set(flag, node)
	case node.Kind == yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			f.walk(join(key, node.Content[i].Value), node.Content[i+1])
		}
	case key == "":
		f.fault(node.Line, "this is no map of keys to values, see configs/node.yaml")
	default:
		f.fault(node.Line, "%s: there is no such key, see configs/node.yaml", key)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// set gives the flag the node's value unless the command line gave it one.
func (f *file) set(flag *pflag.Flag, node *yaml.Node) {
	if first, twice := f.lines[flag.Name]; twice {
		f.fault(node.Line, "%s: it stands in line %d already", flag.Name, first)
		return
	}
	f.lines[flag.Name] = node.Line
	values, ok := scalars(flag, node)
	if !ok {
		f.fault(node.Line, "%s: give it %s", flag.Name, wanted(flag))
		return
	}
	if flag.Changed {
		return
	}
	var err error
	if list, isList := flag.Value.(pflag.SliceValue); isList {
		err = list.Replace(values)
	} else {
		err = flag.Value.Set(values[0])
	}
	if err != nil {
		f.fault(node.Line, "%s: %q is not %s", flag.Name, node.Value, wanted(flag))
	}
}

// scalars returns the values at node: any number for a flag that may be repeated, else one.
func scalars(flag *pflag.Flag, node *yaml.Node) (values []string, ok bool) {
	nodes := []*yaml.Node{node}
	if _, list := flag.Value.(pflag.SliceValue); list && node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			return nil, false
		}
		values = append(values, n.Value)
	}
	return values, true
}

// wanted says what a flag takes.
func wanted(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "int":
		return "a whole number"
	case "duration":
		return "a duration such as 2ms or 10s"
	case "bool":
		return "true or false"
	case "stringArray":
		return "a text or a list of texts"
	}
	return "a text"
}
