// Package account says what a name and a password are.
//
// A name has two forms: the one that is shown, and a key under which it is unique. The keys
// fold what people take for the same: case, width, composition of accents, and both forms of
// the Greek sigma. They do not fold what only looks alike, such as Latin and Cyrillic "a". Case
// is folded without regard to language, so the Turkish İ and ı stay letters of their own.
//
// A password is stored as an argon2id hash that carries its own cost and salt, so a change of
// cost concerns new hashes only.
package account
