// Package persistence says what the server remembers and what it may rely on:
// typed ids, the records, and the Store interface in small parts, each method
// with its guarantee. It has no code that talks to a database; package sqlstore
// implements it, package memstore is its twin in memory that actors are simulated on,
// and package storetest checks every implementation.
//
// # Conversations
//
// A conversation is computed, never looked up. [Direct] packs two user ids into
// one number and [GroupConv] marks a group's id, so a [Conv] is a key that any
// node can name without asking anybody. Each conversation numbers its messages
// 1, 2, 3 … without a hole; the number is the message's seq.
//
// # What is durable
//
// A method that returns nil has flushed what it wrote: a power cut after that
// takes nothing back. The one exception is Marks.Mark, whose loss only means that
// a message is shown twice.
package persistence
