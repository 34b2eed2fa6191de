package sqlstore

import (
	"fmt"
	"testing"

	"chatserver/persistence"
)

func TestAGroupOfManyIsDisbandedWhole(t *testing.T) {
	const many = 2*disbandStep + 1
	s := openTest(t, newPath(t), Options{})
	ann := register(t, s, "ann")
	group := founded(t, s, ann, "tea")
	others := fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", many)
	run(t, s, others+fmt.Sprintf("INSERT INTO groupuser (groupid, userid, grouprole, joined, ver, gone) SELECT %d, i, 'normal', 1, 1, 0 FROM n", group))
	run(t, s, others+fmt.Sprintf("INSERT INTO mark SELECT i, %d, 0, 0, 0 FROM n", int64(persistence.GroupConv(group))))

	ids, err := s.Disband(t.Context(), group, ann)

	if err != nil || len(ids) != many {
		t.Fatalf("%d members, %v", len(ids), err)
	}
	if live, marks := count(t, s, "groupuser WHERE gone = 0 OR ver <> 2"), count(t, s, "mark"); live+marks > 0 {
		t.Errorf("%d memberships and %d marks are left", live, marks)
	}
}
