package wire

import (
	"encoding/json"
	"fmt"
	"time"
)

// Reply is one object that the server sent: LoginAck, RegAck, Push, Refused.
type Reply interface{ MsgID() MsgID }

type (
	// RegAck says that an account was made.
	RegAck struct{ ID int64 }
	// Refused says that a request failed.
	Refused struct {
		Re    MsgID // the request's, 0 where the server could not tell
		Fault Fault // Close is never set: the server does not say
	}
)

func (LoginAck) MsgID() MsgID  { return LoginAckID }
func (RegAck) MsgID() MsgID    { return RegAckID }
func (p Push) MsgID() MsgID    { return p.Kind }
func (r Refused) MsgID() MsgID { return answer(r.Re) }

// reply holds the fields of everything that the server sends.
type reply struct {
	MsgID   MsgID    `json:"msgid"`
	Re      MsgID    `json:"re"`
	Errno   Errno    `json:"errno"`
	Errmsg  string   `json:"errmsg"`
	RetryMS int64    `json:"retry_ms"`
	ID      int64    `json:"id"`
	Name    string   `json:"name"`
	Friends []string `json:"friends"`
	Groups  []string `json:"groups"`
	Offline []string `json:"offlinemsg"`
	ToID    int64    `json:"toid"`
	GroupID int64    `json:"groupid"`
	Msg     string   `json:"msg"`
	CID     string   `json:"cid"`
	Seq     uint64   `json:"seq"`
	TS      int64    `json:"ts"`
}

// DecodeReply reads one object that the server sent to a classic session. The time of a Push is
// in the local zone. An error that is a *Fault with Unknown names a msgid that a client had
// better skip, since later servers may send it.
func DecodeReply(object []byte) (Reply, error) {
	var r reply
	if err := json.Unmarshal(object, &r); err != nil {
		return nil, fmt.Errorf("decode reply: %w", err)
	}
	switch r.MsgID {
	case LoginAckID:
		if r.Errno != OK {
			return r.refused(LoginID), nil
		}
		return r.loginAck()
	case RegAckID:
		if r.Errno != OK {
			return r.refused(RegID), nil
		}
		return RegAck{r.ID}, nil
	case AckID:
		return r.refused(r.Re), nil
	case OneChatID, GroupChatID:
		return r.push(), nil
	}
	return nil, &Fault{Errno: Unknown, Text: fmt.Sprintf("no reply has msgid %d", r.MsgID)}
}

func (r *reply) refused(re MsgID) Refused {
	retry := time.Duration(r.RetryMS) * time.Millisecond
	return Refused{Re: re, Fault: Fault{Errno: r.Errno, Text: r.Errmsg, Retry: retry}}
}

func (r *reply) push() Push {
	to := r.ToID
	if r.MsgID == GroupChatID {
		to = r.GroupID
	}
	return Push{Kind: r.MsgID, From: r.ID, Name: r.Name, To: to, Msg: r.Msg,
		CID: r.CID, Seq: r.Seq, At: time.UnixMilli(r.TS)}
}

func (r *reply) loginAck() (Reply, error) {
	ack := LoginAck{ID: r.ID, Name: r.Name}
	var err error
	if ack.Friends, err = each(r.Friends, decodePeer); err != nil {
		return nil, fmt.Errorf("decode friends: %w", err)
	}
	if ack.Groups, err = each(r.Groups, decodeGroup); err != nil {
		return nil, fmt.Errorf("decode groups: %w", err)
	}
	if ack.Offline, err = each(r.Offline, decodeOffline); err != nil {
		return nil, fmt.Errorf("decode offlinemsg: %w", err)
	}
	return ack, nil
}

// each decodes a list of strings that hold JSON, nil for an empty one.
func each[T any](texts []string, decode func(text string) (T, error)) ([]T, error) {
	var items []T
	for _, text := range texts {
		item, err := decode(text)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func decodePeer(text string) (Peer, error) {
	var p struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		State string `json:"state"`
		Role  string `json:"role"`
	}
	err := json.Unmarshal([]byte(text), &p)
	return Peer{ID: p.ID, Name: p.Name, Online: p.State == "online", Role: p.Role}, err
}

func decodeGroup(text string) (Group, error) {
	var g struct {
		ID    int64    `json:"id"`
		Name  string   `json:"groupname"`
		Desc  string   `json:"groupdesc"`
		Users []string `json:"users"`
	}
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return Group{}, err
	}
	users, err := each(g.Users, decodePeer)
	return Group{ID: g.ID, Name: g.Name, Desc: g.Desc, Users: users}, err
}

func decodeOffline(text string) (Push, error) {
	var r reply
	err := json.Unmarshal([]byte(text), &r)
	return r.push(), err
}
