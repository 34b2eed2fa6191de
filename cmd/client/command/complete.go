package command

import (
	"strings"

	"github.com/spf13/cobra"
)

// audience is which of the words for conversations an argument may be.
type audience string

const (
	people   audience = "@"
	groups   audience = "#"
	everyone audience = "@#"
)

// offer completes arguments, one after another, from what the last login told. Where only one kind can be
// meant names are offered without their mark, as long as it is not typed.
func (a *app) offer(args ...audience) cobra.CompletionFunc {
	return func(c *cobra.Command, before []string, begun string) (words []cobra.Completion, _ cobra.ShellCompDirective) {
		if len(before) >= len(args) || a.prepare(c, nil) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		account, err := a.home.Find(a.account)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		wanted := string(args[len(before)])
		for _, word := range account.Words() {
			if !strings.Contains(wanted, word[:1]) {
				continue
			}
			if len(wanted) == 1 && !strings.HasPrefix(begun, wanted) {
				word = word[1:]
			}
			if strings.HasPrefix(word, begun) {
				words = append(words, word)
			}
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// complete completes the flags of all commands.
func (a *app) complete(root *cobra.Command) {
	accounts := func(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if a.prepare(c, nil) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var names []cobra.Completion
		kept, _ := a.home.Accounts() // without them nothing is offered
		for _, account := range kept {
			names = append(names, account.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	for _, flag := range []string{"addr", "timeout"} {
		root.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	root.RegisterFlagCompletionFunc("account", accounts)
}
