// Package command is the command line of the client: one command a subject and a file,
//
//	account.go   register login logout accounts passwd close-account
//	send.go      send, sender.go how it goes on trying
//	tail.go      tail
//	history.go   history convs read
//	people.go    friends friend lookup block unblock
//	groups.go    groups group members, membership.go what a group's admins do
//	tokens.go    tokens
//	run.go       the tree, with bench of package bench
//	complete.go  what a shell is offered, from what is kept here, never from the network
//
// and what they share: words.go how things are named, session.go the connection, config.go, password.go,
// output.go, exit.go. Without a command it is package chat (interactive.go).
//
// # How things are named
//
// A conversation is @NAME or u:ID, which are people, #GROUP or g:ID, which are groups. Where only a
// person can be meant NAME and ID will do as well, where only a group can, GROUP and ID; a word of
// digits is an id, so who is called 42 is @42. A shell takes # for the beginning of a comment:
// quote '#GROUP'.
//
// # Output
//
// What was asked for is on stdout, all else on stderr. With --json it is one JSON object a line:
//
//	send                  {"conv":"u:2","seq":7,"ts":1767348672000,"cid":"…"}; "dup":true: it was stored before
//	tail, history         {"conv":"u:2","seq":7,"ts":…,"from":2,"name":"bob","text":"hi","cid":"…"}
//	convs                 {"conv":"g:7","name":"gophers","head":9,"since":0,"delivered":9,"read":4,"unread":5}
//	register, login, accounts                  {"id":1,"name":"ann","last":true}
//	friends, friend add, lookup, members       {"id":2,"name":"bob","state":"online"}, of members "role" too
//	groups, group join                         {"id":7,"name":"gophers","desc":"…","role":"creator","join":"open","members":3}
//	group create                               {"id":7,"name":"gophers"}
//	tokens                {"id":3,"device":"…","created":…,"used":…,"expires":…,"this":true}
//
// Times are Unix milliseconds. Fields may be added, never changed. Commands that are not named print nothing.
//
// # Exit codes
//
//	0    done
//	1    no server was reached, or something else failed
//	2    the command line is wrong
//	3    not logged in, or the login was refused
//	4    the server refused what was asked for
//	5    what was asked for may have been done, or not: the answer did not come
//	130  interrupted; tail --follow ends with 0 then
//
// # Sessions
//
// A command that asks and leaves is one connection: log in by the token of package home, ask, end. It
// neither receives nor marks anything. Send alone tries again, with the same cid, until the server has
// answered or the time is over. Tail is a client.Client with positions of its own; so what it has
// printed is not printed again, over reconnects and over restarts. Each set of conversations is a
// reader with a file of its own (--reader names another): so two may run at once.
package command
