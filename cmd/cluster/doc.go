// Command cluster runs a whole cluster on this machine: MariaDB, Redis, a few nodes, nginx in front of them,
// each with the configuration that is deployed.
//
//	cluster start [flags]   start what does not run yet, and say where to connect
//	cluster stop [flags]    end all of it, also what was only half started
//	cluster help            list the flags
//
// All it needs is in one folder, --dir: programs' data, their logs, their process ids. What is stored there
// outlives a stop. The servers outlive the command; a start finds those that run, so it also brings back
// what has crashed, and --nodes 4 adds a fourth node to three: nginx is told, the others find it by themselves.
//
// The program node is taken from beside this one; `task cluster` builds both.
package main
