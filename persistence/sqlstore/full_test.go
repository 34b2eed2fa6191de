package sqlstore

import (
	"errors"
	"fmt"
	"testing"

	"chatserver/persistence"
)

func TestAListOfFriendsHasAnEnd(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob, cleo := register(t, s, "ann"), register(t, s, "bob"), register(t, s, "cleo")
	run(t, s, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO friend (userid, friendid, pos) SELECT %d, 1000 + i, i FROM n`, persistence.MaxFriends-1, ann))

	_, last := s.Befriend(t.Context(), ann, bob)
	_, again := s.Befriend(t.Context(), ann, bob)
	_, over := s.Befriend(t.Context(), ann, cleo)

	if last != nil || !errors.Is(again, persistence.ErrExists) || !errors.Is(over, persistence.ErrFull) {
		t.Fatal(last, again, over)
	}
	if err := s.Unfriend(t.Context(), ann, bob); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Befriend(t.Context(), ann, cleo); err != nil {
		t.Errorf("in the place of another one: %v", err)
	}
}

func TestAUserIsInSoManyGroupsAtTheMost(t *testing.T) {
	s := openTest(t, newPath(t), Options{})
	ann, bob := register(t, s, "ann"), register(t, s, "bob")
	tea, coffee := founded(t, s, bob, "tea"), founded(t, s, bob, "coffee")
	run(t, s, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO groupuser (groupid, userid, grouprole, joined, ver, gone) SELECT 1000 + i, %d, 'normal', 1, 1, 0 FROM n`,
		persistence.MaxGroups-1, ann))

	_, last := s.Join(t.Context(), tea, ann)
	_, again := s.Join(t.Context(), tea, ann)
	_, over := s.Join(t.Context(), coffee, ann)
	_, founding := s.Found(t.Context(), ann, "milk", []byte("milk"), "")

	if last != nil || !errors.Is(again, persistence.ErrExists) || !errors.Is(over, persistence.ErrFull) || !errors.Is(founding, persistence.ErrFull) {
		t.Fatal(last, again, over, founding)
	}
	if _, err := s.Leave(t.Context(), tea, ann); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Join(t.Context(), coffee, ann); err != nil {
		t.Errorf("in the place of another one: %v", err)
	}
}
