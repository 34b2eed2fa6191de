package sim

import (
	"strings"

	"github.com/asynkron/protoactor-go/actor"
)

// Probe is an actor that the test plays: it keeps what it is sent and sends what it is told to.
type Probe struct {
	world *World
	ctx   actor.Context
	from  *actor.PID
	got   []any
}

// Probe starts a probe. As a parent it restarts children that panic, unless the options name
// another fate with actor.WithSupervisor.
func (w *World) Probe(name string, opts ...actor.PropsOption) *Probe {
	w.t.Helper()
	p := &Probe{world: w}
	mailboxes := actor.WithMailbox(func() actor.Mailbox { return &mailbox{world: w, probe: true} })
	props := actor.PropsFromFunc(p.receive, actor.WithSupervisor(actor.NewRestartingStrategy())).
		Configure(actor.WithOnInit(func(ctx actor.Context) { p.ctx = ctx }), mailboxes).
		Configure(opts...)
	if _, err := w.root.SpawnNamed(props, name); err != nil {
		w.t.Fatalf("sim: probe %s: %v", name, err)
	}
	return p
}

func (p *Probe) receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Started, *actor.Restarting, *actor.Stopping, *actor.Stopped:
	default:
		p.got, p.from = append(p.got, msg), ctx.Sender()
	}
}

// PID is the probe's own.
func (p *Probe) PID() *actor.PID { return p.ctx.Self() }

// Send sends msg, without a sender.
func (p *Probe) Send(to *actor.PID, msg any) { p.ctx.Send(to, msg) }

// Ask sends msg with the probe as its sender, to whom the reply goes.
func (p *Probe) Ask(to *actor.PID, msg any) { p.ctx.Request(to, msg) }

// Reply sends msg to Sender, with the probe as its sender.
func (p *Probe) Reply(msg any) { p.ctx.Request(p.from, msg) }

// Sender is who sent the message that came last; nil if it had no sender.
func (p *Probe) Sender() *actor.PID { return p.from }

// Watch has the probe be told, by *actor.Terminated, when the actor stops.
func (p *Probe) Watch(pid *actor.PID) { p.ctx.Watch(pid) }

// Spawn starts an actor whose parent is the probe and whose name begins with the probe's:
// Spawn("42") of "users" is "users/42". The probe gets *actor.Terminated when it stops.
func (p *Probe) Spawn(name string, props *actor.Props) *actor.PID {
	p.world.t.Helper()
	pid, err := p.ctx.SpawnNamed(props.Configure(p.world.Props()...), name)
	if err != nil {
		p.world.t.Fatalf("sim: spawn %s: %v", name, err)
	}
	return pid
}

// Got is what arrived since the last Got or Want.
func (p *Probe) Got() []any {
	got := p.got
	p.got = nil
	return got
}

// Want fails the test unless exactly these messages arrived since the last Got or Want, in this
// order. Messages are equal that print alike: pointers by what they point to, PIDs by their
// names, errors by their texts, times by their instants.
func (p *Probe) Want(msgs ...any) {
	p.world.t.Helper()
	got, want := lines(p.Got()), lines(msgs)
	if diff := difference(want, got); diff != "" {
		p.world.t.Errorf("%s got at %v what differs (- wanted, + got):\n%s", p.PID().Id, p.world.elapsed, diff)
	}
}

func lines(msgs []any) []string {
	out := make([]string, len(msgs))
	for i, msg := range msgs {
		out[i] = strings.ReplaceAll(describe(msg, 0), "\n", " ")
	}
	return out
}
