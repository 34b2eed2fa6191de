// Package servers starts real servers on this machine, which runs Linux: MariaDB, Redis, nginx, nodes. Each
// runs on a port of 127.0.0.1 in a folder of its own with the file of configs that is deployed; only ports,
// paths and sizes differ. `task cluster` uses it, and so do the tests of every package that speaks to one,
// through servertest.
//
//	db, err := servers.StartMariaDB(ctx, dir)   // returns once it answers
//	err = db.CreateDatabase(ctx, "chat")        // db.URL("chat") is mysql://root@127.0.0.1:PORT/chat
//	err = db.Kill()                             // as a crash would
//	err = db.Start(ctx)                         // again: same port, same data
//
// # Fate
//
// A server ends with the process that started it, whatever ends that, unless it is [Detached]. What was
// detached, and what a killed process left behind, is ended by [End] with the folder alone: a file there
// names the process by its id and the time it was started, so no other process is ever signalled. To start
// a server where one runs already finds that one.
//
// # Ports
//
// Linux gives outgoing connections the ports from 32768 up, so a server's port is taken from below: it is
// still free when a killed server comes back. A lock on a file in the user's cache folder keeps the port
// from others who use this package, until this process ends.
package servers
