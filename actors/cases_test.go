package actors

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/actors/sim"
	"chatserver/net/cluster"
	"chatserver/persistence"
)

// receiveCases are, for each actor, the types that its Receive has a case for, as %T prints a message of
// the type; an interface by its own name, "cluster.Envelope".
func receiveCases(t testing.TB) map[string][]string {
	t.Helper()
	cases := map[string][]string{}
	for _, name := range must[[]string](t)(filepath.Glob("*.go")) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file := must[*ast.File](t)(parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution))
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "Receive" {
				cases[receiver(f)] = casesOf(f, importsOf(t, file))
			}
		}
	}
	return cases
}

func receiver(f *ast.FuncDecl) string {
	return f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name
}

func casesOf(f *ast.FuncDecl, known imports) (types []string) {
	for _, stmt := range f.Body.List {
		if messages, ok := stmt.(*ast.TypeSwitchStmt); ok {
			for _, clause := range messages.Body.List {
				for _, one := range clause.(*ast.CaseClause).List {
					types = append(types, known.typeName(one, path.Base))
				}
			}
		}
	}
	return types
}

// imports are the paths of packages, by the names that a file has for them, its own by "".
type imports map[string]string

func importsOf(t testing.TB, file *ast.File) imports {
	known := imports{"": "chatserver/actors"}
	for _, i := range file.Imports {
		full := must[string](t)(strconv.Unquote(i.Path.Value))
		known[path.Base(full)] = full
	}
	return known
}

// typeName is a type as %T prints it, with packages told as tell tells their paths: arguments of a generic
// one have them in full.
func (known imports) typeName(e ast.Expr, tell func(string) string) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + known.typeName(e.X, tell)
	case *ast.Ident:
		return tell(known[""]) + "." + e.Name
	case *ast.SelectorExpr:
		return tell(known[e.X.(*ast.Ident).Name]) + "." + e.Sel.Name
	case *ast.IndexExpr:
		return known.typeName(e.X, tell) + "[" + known.typeName(e.Index, strings.Clone) + "]"
	}
	panic(fmt.Sprintf("a case is a %T", e))
}

// actorOf is the type of a node's actor, by its name in the tree: "n1/users/42" is a User.
func actorOf(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) == 1 {
		return "Root"
	}
	parent := parts[1]
	switch {
	case len(parts) == 2:
		return strings.ToUpper(parent[:1]) + parent[1:]
	case parent == "store":
		return "Writer"
	}
	return actorOf(path.Dir(name))[:len(parent)-1]
}

func TestEveryActorOfANodeHasItsCases(t *testing.T) {
	n := newNode(t, sim.New(t))
	n.register("ann")
	n.group("chess", 1)
	n.login(1)
	cases := receiveCases(t)

	alive := map[string]bool{}
	for _, name := range n.w.Actors() {
		alive[actorOf(name)] = true
	}
	if got, want := slices.Sorted(maps.Keys(cases)), slices.Sorted(maps.Keys(alive)); !slices.Equal(got, want) {
		t.Errorf("cases are of %q, alive are %q", got, want)
	}
}

func TestCasesAreNamedLikeTheirMessages(t *testing.T) {
	cases := receiveCases(t)
	for of, messages := range map[string][]any{
		"User":   {Post{}, &actor.Terminated{}, cluster.Refresh{}, hole{}},
		"Users":  {idle[persistence.UserID]{}},
		"Groups": {idle[persistence.GroupID]{}},
		"Writer": {&actor.Restarting{}, queried{}},
	} {
		for _, msg := range messages {
			if name := fmt.Sprintf("%T", msg); !slices.Contains(cases[of], name) {
				t.Errorf("%s has no case for %s: %q", of, name, cases[of])
			}
		}
	}
	if !slices.Contains(cases["Router"], "cluster.Envelope") {
		t.Errorf("Router has no case for envelopes: %q", cases["Router"])
	}
}
