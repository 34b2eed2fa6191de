package actors

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/persistence"
)

// Writer is a store actor: it commits messages in batches and hands them on, and runs the other
// calls of the store, a few at a time. While one batch commits the next one gathers, so a lone
// message waits for nobody and a busy node commits hundreds at once. It keeps nothing that the
// store does not: rebuilt on panic, it has repaired what it may not have handed on.
type Writer struct {
	env *Env
	at  places

	appends []asked[Append]
	commits []asked[Append] // being committed
	marks   []asked[SaveMarks]
	marking bool
	queries []asked[Query]
	running int
	drainer *actor.PID
}

// asked is a request with its asker.
type asked[T any] struct {
	by  *actor.PID
	ref uint64
	msg T
}

func (a asked[T]) answer(ctx actor.Context, value any, err error) {
	ctx.Send(a.by, Answer{a.ref, value, err})
}

// answerAll gives all of them the same answer, which has no value.
func answerAll[T any](ctx actor.Context, batch []asked[T], err error) {
	for _, a := range batch {
		a.answer(ctx, nil, err)
	}
}

// take takes a batch off a queue: the first of it, most at the most.
func take[T any](queue *[]T, most int) (batch []T) {
	n := min(len(*queue), most)
	batch, *queue = (*queue)[:n:n], (*queue)[n:]
	return batch
}

// What the crew reports. by is the Writer that set it to work: after a panic that is another one.
type (
	committed struct {
		by       *Writer
		batch    []asked[Append]
		outcomes []persistence.Outcome
		err      error
		took     time.Duration
	}
	marked struct {
		by    *Writer
		batch []asked[SaveMarks]
		err   error
	}
	queried struct {
		by    *Writer
		query asked[Query]
		value any
		err   error
	}
)

// NewWriter makes a writer with nothing to do.
func NewWriter(env *Env, at places) *Writer {
	return &Writer{env: env, at: at}
}

// Receive makes Writer an actor.
func (w *Writer) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Restarting:
		w.abandon(ctx)
	case Append:
		w.append(ctx, msg)
	case SaveMarks:
		w.saveMarks(ctx, msg)
	case Query:
		w.query(ctx, msg)
	case committed:
		w.committed(ctx, msg)
	case marked:
		w.marked(ctx, msg)
	case queried:
		w.queried(ctx, msg)
	case Drain:
		w.drain(ctx)
	default:
		w.env.unknown(ctx)
	}
}

// abandon tells those whose requests die with this Writer. What is in hand may be a batch that was stored.
func (w *Writer) abandon(ctx actor.Context) {
	ctx.Send(w.at.router, Doubt{})
	answerAll(ctx, w.commits, errLost) // what comes after it may be stored before it
	answerAll(ctx, w.appends, errLost)
	answerAll(ctx, w.marks, errLost)
	answerAll(ctx, w.queries, errLost)
	if w.drainer != nil {
		ctx.Send(w.drainer, Drained{})
	}
}

func (w *Writer) append(ctx actor.Context, msg Append) {
	if len(w.appends) >= w.env.Limits.Backlog {
		ctx.Respond(Answer{Ref: msg.Ref, Err: errBusy})
		return
	}
	w.appends = append(w.appends, asked[Append]{ctx.Sender(), msg.Ref, msg})
	w.commit(ctx)
}

// commit sets the crew to work on what has gathered, unless it still is.
func (w *Writer) commit(ctx actor.Context) {
	if len(w.commits) > 0 || len(w.appends) == 0 {
		return
	}
	batch := take(&w.appends, w.env.Limits.Batch)
	w.commits = batch
	drafts := make([]persistence.Draft, len(batch))
	for i, a := range batch {
		drafts[i] = a.msg.Draft
	}
	begun := w.env.Clock.Now()
	w.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		outcomes, err := guard(w.env, func() ([]persistence.Outcome, error) { return w.env.Store.Append(ctx, drafts) })
		return committed{w, batch, outcomes, err, w.env.Clock.Now().Sub(begun)}
	})
}

// committed answers the askers and hands the batch on, in seq order.
func (w *Writer) committed(ctx actor.Context, msg committed) {
	if msg.by == w {
		w.commits = nil
		w.commit(ctx)
	}
	if msg.err != nil {
		w.env.Log.Error("a batch was not stored", "messages", len(msg.batch), "err", msg.err)
		answerAll(ctx, msg.batch, msg.err)
		w.at.doubt(w.env)
	} else {
		w.decided(ctx, msg)
	}
	w.drained(ctx)
}

// decided answers a batch that the store decided on, and hands on what it took.
func (w *Writer) decided(ctx actor.Context, msg committed) {
	stored := 0
	for i, a := range msg.batch {
		out := msg.outcomes[i]
		a.answer(ctx, out, out.Err)
		if out.Err == nil {
			stored++
			w.handOn(ctx, a.msg, out)
		}
	}
	if stored > 0 {
		w.env.Meter.Committed(stored, msg.took)
	}
}

// handOn sends a stored message to its receivers, on this node and on the others. One that was stored
// before is handed on as well: whoever has it drops it.
func (w *Writer) handOn(ctx actor.Context, msg Append, out persistence.Outcome) {
	d := msg.Draft
	m := persistence.Message{
		Conv: d.Conv, Seq: out.Seq, At: out.At, CID: d.CID, Body: d.Body,
		Sender: persistence.User{ID: d.Sender, Name: msg.Name},
	}
	p := w.env.parcel(m)
	p.Ver, p.Origin = out.Ver, msg.Origin
	w.at.deliver(ctx, p)
	ctx.Send(w.at.router, cluster.Stored{Message: m, Ver: out.Ver})
}

func (w *Writer) saveMarks(ctx actor.Context, msg SaveMarks) {
	w.marks = append(w.marks, asked[SaveMarks]{ctx.Sender(), msg.Ref, msg})
	w.mark(ctx)
}

// mark sets the crew to work on the marks that have gathered, unless it still is. A batch at a
// time: one that takes longer than Limits.Job would never be written.
func (w *Writer) mark(ctx actor.Context) {
	if w.marking || len(w.marks) == 0 {
		return
	}
	w.marking = true
	batch := take(&w.marks, w.env.Limits.Batch)
	var marks []persistence.Mark
	for _, a := range batch {
		marks = append(marks, a.msg.Marks...)
	}
	w.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
		_, err := guard(w.env, func() (any, error) { return nil, w.env.Store.Mark(ctx, marks) })
		return marked{w, batch, err}
	})
}

func (w *Writer) marked(ctx actor.Context, msg marked) {
	if msg.by == w {
		w.marking = false
		w.mark(ctx)
	}
	answerAll(ctx, msg.batch, msg.err)
	w.drained(ctx)
}

func (w *Writer) query(ctx actor.Context, msg Query) {
	if len(w.queries) >= w.env.Limits.Waiting {
		ctx.Respond(Answer{Ref: msg.Ref, Err: errBusy})
		return
	}
	w.queries = append(w.queries, asked[Query]{ctx.Sender(), msg.Ref, msg})
	w.next(ctx)
}

// next starts the calls that have their turn.
func (w *Writer) next(ctx actor.Context) {
	for w.running < w.env.Limits.Queries && len(w.queries) > 0 {
		a := w.queries[0]
		w.queries = w.queries[1:]
		w.running++
		w.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
			value, err := guard(w.env, func() (any, error) { return a.msg.Do.run(ctx, w.env.Store) })
			return queried{w, a, value, err}
		})
	}
}

func (w *Writer) queried(ctx actor.Context, msg queried) {
	if msg.by == w {
		w.running--
		w.next(ctx)
	}
	msg.query.answer(ctx, msg.value, msg.err)
	w.drained(ctx)
}

func (w *Writer) drain(ctx actor.Context) {
	w.drainer = ctx.Sender()
	w.drained(ctx)
}

func (w *Writer) drained(ctx actor.Context) {
	if w.drainer != nil && len(w.commits) == 0 && !w.marking && w.running == 0 {
		ctx.Send(w.drainer, Drained{})
		w.drainer = nil
	}
}

// guard makes a panic of the store, or of a password's hash, an error: the asker hears of it, the
// actor that set the crew to work goes on. Nothing works without the store, so its loss ends the process.
func guard[T any](env *Env, call func() (T, error)) (value T, err error) {
	defer func() {
		if r := recover(); r != nil {
			env.Meter.Crashed("crew")
			env.Log.Error("a job panicked", "reason", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("it panicked: %v", r)
		}
		if errors.Is(err, persistence.ErrLost) {
			env.Fatal("the store", err)
		}
	}()
	return call()
}
