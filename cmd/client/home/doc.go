// Package home is what this computer keeps of the accounts that were logged in on it, in
// $XDG_STATE_HOME/chatserver (~/.local/state/chatserver where that is not set):
//
//	device                     names this installation, made once
//	device.lock                held while it is made or read
//	HOST:PORT/last             the id of the account that was logged in last
//	HOST:PORT/42/login.json    account 42: its name and its token
//	HOST:PORT/42/login.lock    held while somebody logs in by that token
//	HOST:PORT/42/words       its friends and groups at the last login, for shells to complete
//	HOST:PORT/42/NAME.db       positions and outbox of one reader, see client.OpenState: chat-1 is the
//	                           first chat that runs, chat-2 one beside it, tail… are those of client tail
//
// Folders have mode 0700, files 0600.
//
// # One token, many processes
//
// To the server an installation is one device with one token, however many programs run in it: it
// is one line of "client tokens", and revoking it ends them all. A token is good until its
// successor was used, and every login brings a successor. Two logins at once would bring two,
// of which the server knows one, and the other might be what is kept. So logins take turns:
// [Account.Borrow] locks the account, and who borrowed gives back the successor before the next one
// reads it. A session does not need the token that it came by, so the lock is held for one
// request and its answer, never longer; where the answer is lost, the token is as good as before.
//
// Positions are another matter: each reader has its own, and its file is locked as long as it reads.
package home
