// # Requests
//
// What a request of V2 is answered with once it is done (fields of ACK in brackets), and what
// others are told by it. Classic has the replies to LOGIN and REG and the messages, nothing else.
//
//	msgid  name           reply                       tells others                                         actors.
//	1      LOGIN          LOGIN_ACK                   PRESENCE; EVENT kicked to who yields                 TestALoginByIDNameOrTokenIsTheSame
//	3      LOGINOUT       ACK                         PRESENCE                                             TestALogoutIsToldAtOnce
//	4      REG            REG_ACK                                                                          TestEveryRequestGetsOneReplyWithItsRID
//	6      ONE_CHAT       ACK [seq ts dup]            ONE_CHAT                                             TestAMessageIsAcknowledgedToItsSessionAndPushedToAllOthers
//	7      ADD_FRIEND     ACK [friend]                EVENT friend_added                                   TestFriendsAreAddedListedAndRemoved
//	8      CREATE_GROUP   ACK [groupid since]         EVENT group_joined                                   TestAGroupIsFoundedJoinedAndLeft
//	9      ADD_GROUP      ACK [group]                 EVENT group_joined                                   TestAGroupIsFoundedJoinedAndLeft
//	10     GROUP_CHAT     ACK [seq ts dup]            GROUP_CHAT                                           TestAGroupIsFoundedJoinedAndLeft
//	12     HELLO          HELLO                                                                            TestHelloTellsWhatTheServerIsLikeAndUpgradesTheConnection
//	13     SYNC           SYNC_ACK                                                                         TestSyncReadsAfterAndBefore
//	15     MARK           ACK where it has a rid      MARK                                                 TestAMarkIsToldToTheOtherSideAndToOnesOtherSessions
//	17     TYPING         ACK where it has a rid      TYPING                                               TestTypingIsRelayedToThoseOnline
//	18     PING           PONG                                                                             TestPingIsEchoedBeforeAndAfterLogin
//	21     LOOKUP         ACK [user]                                                                       TestLookupFindsByIDAndByName
//	22     FRIENDS        ACK [friends]                                                                    TestFriendsAreAddedListedAndRemoved
//	23     DEL_FRIEND     ACK                                                                              TestFriendsAreAddedListedAndRemoved
//	24     GROUPS         ACK [groups]                                                                     TestAGroupIsFoundedJoinedAndLeft
//	25     MEMBERS        ACK [members more]                                                               TestMembersAreListedInPagesWithTheirState
//	26     LEAVE_GROUP    ACK                         EVENT group_left, role_changed                       TestALeavingCreatorIsFollowedByTheLongestServingAdmin
//	27     KICK           ACK                         EVENT group_kicked                                   TestOnlyWhoOutranksAMemberMayKickIt
//	28     SET_ROLE       ACK                         EVENT role_changed                                   TestTheCreatorMayHandItsGroupOn
//	29     BLOCK          ACK                         PRESENCE to the user                                 TestBlockingHidesFromWhoIsBlocked
//	30     UNBLOCK        ACK                         PRESENCE to the user                                 TestBlockingHidesFromWhoIsBlocked
//	31     CONVS          ACK [convs more]                                                                 TestLoginAckListsTheFirst200ConversationsAndConvsTheRest
//	32     PASSWD         ACK                         EVENT kicked to its other sessions                   TestAPasswordIsChangedByWhoKnowsIt
//	34     TOKENS         ACK [tokens]                                                                     TestTokensAreListedAndRevoked
//	35     REVOKE         ACK                         EVENT kicked to the token's sessions                 TestTokensAreListedAndRevoked
//	36     CLOSE_ACCOUNT  ACK                         EVENT kicked, group_left, role_changed               TestAnAccountThatIsClosedIsGone
//	37     GROUP_SET      ACK                         EVENT group_changed, or group_left where it deletes  TestAGroupIsChangedAndDeletedByWhoMay
//	38     BAN            ACK                         EVENT group_kicked                                   TestABanKeepsAMemberOutUntilItIsTakenBack
//	39     UNBAN          ACK                                                                              TestABanKeepsAMemberOutUntilItIsTakenBack
//	40     INVITE         ACK                         EVENT group_invited to the user                      TestAClosedGroupAdmitsWhoWasInvited
//
// The tests are those on actors/sim. On real sockets every message and every errno stands in one
// of the scripts of cmd/node/e2e, testdata/v2_*.txt; TestScriptsHoldEveryMessageAndEveryErrno sees to that.
//
// GOAWAY (20) comes of no request but of a node that drains: TestDrainingTellsV2ClientsToGoElsewhere.
//
// # Errnos
//
//	errno  name         of                                                             actors.
//	1      DENIED       LOGIN, REG                                                     TestARefusalHasTheErrnoOfItsReason
//	2      IN_USE       LOGIN                                                          TestLoginPolicyRejectRefusesTheLaterSessionOfAnyDialect
//	100    MALFORMED    all                                                            TestARefusalHasTheErrnoOfItsReason
//	101    UNKNOWN      a msgid that is no request's                                   TestARefusalHasTheErrnoOfItsReason
//	102    LOGIN_FIRST  all but HELLO, LOGIN, REG, PING                                TestHelloTellsWhatTheServerIsLikeAndUpgradesTheConnection
//	103    INVALID      all with fields, or a rid                                      TestARefusalHasTheErrnoOfItsReason
//	104    NOT_FOUND    what names a user, group or token                              TestARefusalHasTheErrnoOfItsReason
//	105    EXISTS       LOGIN, ADD_FRIEND, CREATE_GROUP, ADD_GROUP, GROUP_SET, INVITE  TestARefusalHasTheErrnoOfItsReason
//	106    FORBIDDEN    what a block, a role or not being a member forbids             TestARefusalHasTheErrnoOfItsReason
//	107    CONFLICT     ONE_CHAT, GROUP_CHAT                                           TestARefusalHasTheErrnoOfItsReason
//	108    TOO_LARGE    ONE_CHAT, GROUP_CHAT; any object; a list that is full          TestARefusalHasTheErrnoOfItsReason
//	109    SLOW_DOWN    all                                                            TestARequestThatMayBeTriedAgainSaysWhen
//	110    UNAVAILABLE  what asks the store                                            TestARequestThatMayBeTriedAgainSaysWhen
//	111    VERSION      LOGIN, REG, HELLO                                              TestARefusalHasTheErrnoOfItsReason
//	112    NOT_YOU      3, 6 to 10                                                     TestARefusalHasTheErrnoOfItsReason
package wire
