// Package chat is the interactive client: what a person does with a list of conversations, in two
// faces over one shell.
//
//	         keys, lines            what a face shows
//	              │                        ▲
//	screen.go ────┤  (bubbletea)           │
//	plain.go  ────┤  (lines, pipes)        │
//	              ▼                        │
//	shell.go   commands ──► model: book.go, conversation.go
//	              │   ▲
//	        tasks │   │ events
//	              ▼   │
//	          net/client
//
// The shell belongs to the goroutine of its face and never waits. What waits for the network is a
// task: the face runs it on a goroutine of its own and calls what it returns. So a face stands
// still for nobody, and the model needs no lock.
//
// Commands start with a slash. Where no conversation is open, those of the original's client do
// as well, so who knows that one needs to learn nothing. All else that is typed is a message to
// the conversation that is open.
//
// A conversation holds its messages without a hole: what comes is added at the end, what is read
// with SYNC at the start. When that cannot be kept, they are dropped and read again.
//
// A line from a pipe is done before the next one is read, but for messages, which nothing waits
// for. At the end of its input the plain face waits until all that was sent is stored. A script
// that starts with a login is that user; any other one is the last account of this computer. What
// a person sees is told to be read, what a script sees is not.
//
// What others wrote goes through [Clean] before it reaches a terminal. Widths are counted as
// bubbletea counts them on the terminal at hand, by code points or by characters.
//
// Tests compare what a terminal emulator shows with testdata/*.screen; -update records them anew.
package chat
