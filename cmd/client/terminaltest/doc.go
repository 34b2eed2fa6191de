// Package terminaltest is a person at a terminal, for tests of programs that draw on one. The
// program has a pseudo-terminal; what the person sees is what a terminal emulator makes of the
// bytes that it wrote.
//
// [Open] opens a terminal. [Terminal.Start] runs a binary in it, [Terminal.Run] a function. Then the
// person types, and sees: nothing waits for a time to pass, all waits for what is shown.
// [Terminal.Draw] makes a picture of it.
package terminaltest
