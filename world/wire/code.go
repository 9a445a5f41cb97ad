package wire

import "fmt"

// Code says why the server refused a message or closed a connection. It
// travels in Error.code and, from 3000 on, as the WebSocket close code too:
//
//	   1 –  999  the message was refused, the connection goes on
//	3000 – 3499  the connection is closed; reconnect, after a pause
//	3500 – 3999  the connection is closed, and connecting again would end the same way
type Code uint32

// The codes. Their numbers are part of the protocol: never reuse one.
const (
	CodeRate Code = 1 // too many messages of a class; this one was dropped
	CodeChat Code = 2 // a chat that is empty
	CodeCart Code = 3 // a cart line that cannot be

	CodeShutdown Code = 3000 // the server is going down
	CodeSlow     Code = 3001 // the client does not read what it must not miss
	CodeSilent   Code = 3002 // no message and no pong in time
	CodeInternal Code = 3003 // a fault of the server
	CodeFull     Code = 3004 // too many connections
	CodeStorage  Code = 3005 // the database does not take rows

	CodeVersion   Code = 3500 // protocol versions differ
	CodeOrder     Code = 3501 // the first message is neither Hello nor Watch, or a later one is
	CodeMalformed Code = 3502 // no Frame, or a field out of its limits
	CodeTooLarge  Code = 3503 // larger than MaxMessage
	CodeIdentity  Code = 3504 // the visitor is bound to another token
	CodeOperator  Code = 3505 // the operator's token is wrong, or the server has none
	CodeReplaced  Code = 3506 // the visitor has joined from elsewhere
	CodeCatalogue Code = 3507 // the client's catalogue is not the server's
	CodeRole      Code = 3508 // a message that only the other role may send
)

var codeNames = map[Code]string{
	CodeRate: "rate", CodeChat: "chat", CodeCart: "cart",
	CodeShutdown: "shutdown", CodeSlow: "slow", CodeSilent: "silent", CodeInternal: "internal",
	CodeFull: "full", CodeStorage: "storage",
	CodeVersion: "version", CodeOrder: "order", CodeMalformed: "malformed", CodeTooLarge: "too-large",
	CodeIdentity: "identity", CodeOperator: "operator", CodeReplaced: "replaced",
	CodeCatalogue: "catalogue", CodeRole: "role",
}

// String is the code's short name, as in metrics; "other" for a number without one.
func (c Code) String() string {
	if n, ok := codeNames[c]; ok {
		return n
	}
	return "other"
}

// Closes says whether the connection ends with the code.
func (c Code) Closes() bool { return c >= 3000 && c < 4000 }

// Reconnect says whether a client may connect again after the code. Codes
// outside the protocol's own range (a network's, a proxy's) may.
func (c Code) Reconnect() bool { return c < 3500 || c >= 4000 }

// Refusal is an error with its code: what Decode returns, and what a client
// gets to know of a server's refusal.
type Refusal struct {
	Code Code
	Text string // a sentence: the cause and what to do
}

// Error is the sentence.
func (r *Refusal) Error() string { return r.Text }

// Refuse makes a Refusal with a formatted sentence.
func Refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}

// DiffersFrom is the refusal for two sides of different versions.
func DiffersFrom(client, server uint32) *Refusal {
	return Refuse(CodeVersion, "this client speaks protocol %d, the server speaks %d: update the older of the two", client, server)
}
