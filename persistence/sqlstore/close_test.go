package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"chatserver/persistence"
)

func TestAnAccountThatCouldNotBeClosedIsOpenAndCanBeClosedAgain(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob := register(t, s, "ann"), register(t, s, "bob")
	group := founded(t, s, ann, "tea")
	if err := s.Block(t.Context(), ann, bob); err != nil {
		t.Fatal(err)
	}
	run(t, s, "CREATE TRIGGER fault BEFORE UPDATE ON user BEGIN SELECT RAISE(ABORT, 'fault'); END")

	left, err := s.CloseAccount(t.Context(), ann)

	if err == nil || !slices.Equal(left, []persistence.Leaving{{Group: group}}) {
		t.Fatalf("left %v, %v", left, err)
	}
	r, err := s.Roster(t.Context(), ann, 0)
	if err != nil || len(r.Groups) > 0 || len(r.Blocks) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	run(t, s, "DROP TRIGGER fault")
	if left, err := s.CloseAccount(t.Context(), ann); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if _, err := s.Credentials(t.Context(), ann); !errors.Is(err, persistence.ErrNotFound) {
		t.Error(err)
	}
}

func TestAnAccountThatManyHaveOnTheirListsIsClosedInSteps(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann := register(t, s, "ann")
	watched(t, s, ann, 2*closeStep+closeStep/2)
	run(t, s, "CREATE TABLE step (gone INT)")
	run(t, s, "CREATE TRIGGER count AFTER DELETE ON friend BEGIN INSERT INTO step VALUES (OLD.userid); END")

	if err := s.thin(t.Context(), ann); err != nil {
		t.Fatal(err)
	}

	if n := count(t, s, "step"); n != 2*closeStep {
		t.Errorf("%d deleted in steps", n)
	}
	if _, err := s.CloseAccount(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	if ids, err := s.Watchers(t.Context(), ann, 1); err != nil || len(ids) > 0 {
		t.Errorf("user %v watches, %v", ids, err)
	}
}

func TestAGroupThatIsJoinedWhileItsAccountIsBeingClosedIsLeftToo(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann := register(t, s, "ann")
	register(t, s, "bob")
	group := founded(t, s, ann, "tea")
	if _, err := s.Join(t.Context(), group, 2); err != nil {
		t.Fatal(err)
	}
	watched(t, s, ann, closeStep) // the step comes after the groups were left, and then ann is in the group again
	run(t, s, "CREATE TRIGGER again AFTER DELETE ON friend BEGIN UPDATE groupuser SET gone = 0 WHERE userid = OLD.friendid; END")

	_, err := s.CloseAccount(t.Context(), ann)

	rows, err2 := s.Members(t.Context(), group, 0)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if !rows[0].Gone || rows[0].Name != persistence.ClosedName || rows[0].Ver != 4 {
		t.Errorf("%+v", rows)
	}
}

func TestBansAndInvitationsGoWithTheirGroupAndTheirAccount(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob, cleo := register(t, s, "ann"), register(t, s, "bob"), register(t, s, "cleo")
	for _, end := range []func(group persistence.GroupID) error{
		func(group persistence.GroupID) error { _, err := s.Leave(t.Context(), group, ann); return err },
		func(group persistence.GroupID) error { _, err := s.Disband(t.Context(), group, ann); return err },
		func(persistence.GroupID) error {
			_, err := s.CloseAccount(t.Context(), bob)
			_, err2 := s.CloseAccount(t.Context(), cleo)
			return errors.Join(err, err2)
		},
	} {
		group := founded(t, s, ann, "tea")
		_, err := s.Ban(t.Context(), group, ann, bob)
		if err := errors.Join(err, s.Invite(t.Context(), group, ann, cleo)); err != nil {
			t.Fatal(err)
		}
		if count(t, s, "groupban") != 1 || count(t, s, "groupinvite") != 1 {
			t.Fatal("not written down")
		}
		if err := end(group); err != nil {
			t.Fatal(err)
		}
		if bans, invites := count(t, s, "groupban"), count(t, s, "groupinvite"); bans+invites > 0 {
			t.Errorf("%d bans and %d invitations are left", bans, invites)
		}
	}
}

func TestATokenThatExpiredGoesWhenTheNextOneIsIssued(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	s := openTest(t, newPath(t), Options{Now: func() time.Time { return now }})
	ann := register(t, s, "ann")
	for _, hash := range []string{"1", "2", "3"} {
		if _, err := s.Issue(t.Context(), ann, "", []byte(hash), now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if n := count(t, s, "token"); n != 1 {
		t.Errorf("%d tokens are kept", n)
	}
}

// count is how many rows a table has.
func count(t *testing.T, s *Store, table string) (n int) {
	t.Helper()
	if err := s.reader.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// watched puts a user on the lists of n others.
func watched(t *testing.T, s *Store, user persistence.UserID, n int) {
	t.Helper()
	run(t, s, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO friend (userid, friendid, pos) SELECT 1000 + i, %d, 1 FROM n`, n, user))
}

func founded(t *testing.T, s *Store, creator persistence.UserID, name string) persistence.GroupID {
	t.Helper()
	id, err := s.Found(t.Context(), creator, name, []byte(name), "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// run runs a statement that no store would.
func run(t *testing.T, s *Store, statement string) {
	t.Helper()
	if _, err := s.writer.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
