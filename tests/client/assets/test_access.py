import pytest

from airflow_provider_ee.client.assets.access import AccessChange, member, set_access
from airflow_provider_ee.client.errors import AlreadyExists, InvalidArgument
from tests.client.playing import play

NAME = "projects/p/assets/a"
ANN, BOB = "user:ann@x.org", "user:bob@x.org"


def policy(readers=(), writers=(), owners=(), *others):
    roles = {"roles/owner": owners, "roles/viewer": readers, "roles/editor": writers}
    bindings = [{"role": role, "members": list(members)} for role, members in roles.items() if members]
    return {"bindings": [*bindings, *others], "etag": "e"}


def applied(before, **words):
    after = AccessChange.of(**words).applied(before)
    return {binding["role"].removeprefix("roles/"): binding["members"] for binding in after["bindings"]}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("ann@x.org", ANN),
        ("sa@p.iam.gserviceaccount.com", "serviceAccount:sa@p.iam.gserviceaccount.com"),
        ("group:g@x.org", "group:g@x.org"),
        ("domain:x.org", "domain:x.org"),
        ("user:ann@x.org", ANN),
    ],
)
def test_whoever_iam_knows_may_be_named(given, meant):
    assert member(given, "readers") == meant


@pytest.mark.parametrize("wrong", ["", "ann", "allUsers", "group:", "user:ann", "a b@x.org", 7, None, "robot:a@x.org"])
def test_anybody_else_is_refused(wrong):
    with pytest.raises(InvalidArgument, match=r"readers: .* is not a member"):
        member(wrong, "readers")


def test_roles_are_those_of_the_official_clients():
    added = applied(policy(), readers="ann@x.org", writers=["bob@x.org"], owners=["group:g@x.org"], public=True)
    assert added == {"viewer": ["allUsers", ANN], "editor": [BOB], "owner": ["group:g@x.org"]}


def test_adding_keeps_who_is_there():
    assert applied(policy([ANN, "allUsers"]), readers=["bob@x.org"]) == {"viewer": ["allUsers", ANN, BOB]}


def test_removing_takes_away_only_those_named():
    assert applied(policy([ANN, BOB], [ANN]), mode="remove", readers=["ANN@x.org"]) == {
        "viewer": [BOB],
        "editor": [ANN],
    }


def test_replacing_takes_away_all_others_of_the_same_role_but_not_everybody():
    before = policy([ANN, "allUsers"], [ANN])
    assert applied(before, mode="replace", readers=["bob@x.org"]) == {"viewer": ["allUsers", BOB], "editor": [ANN]}
    assert applied(before, mode="replace", readers=[], public=False) == {"editor": [ANN]}


def test_public_is_a_state_and_no_addition():
    assert applied(policy([ANN, "allUsers"]), public=False) == {"viewer": [ANN]}
    assert applied(policy([ANN]), public=True, mode="remove") == {"viewer": ["allUsers", ANN]}


def test_what_is_not_understood_is_kept():
    unknown = {"role": "projects/p/roles/mine", "members": [BOB]}
    conditional = {"role": "roles/viewer", "members": [ANN], "condition": {"expression": "request.time < x"}}
    before = {**policy([ANN], [], [BOB], unknown, conditional), "auditConfigs": [{"service": "all"}], "version": 3}
    after = AccessChange.of(mode="remove", readers=["ann@x.org"]).applied(before)
    assert after == {**before, "bindings": [before["bindings"][0], unknown, conditional]}


def test_the_last_owner_stays():
    with pytest.raises(InvalidArgument, match="owners: there would be no owner any more"):
        applied(policy(owners=[ANN]), mode="remove", owners=[ANN])
    assert applied(policy(owners=[ANN, BOB]), mode="remove", owners=[ANN]) == {"owner": [BOB]}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "readers: nothing is to be changed"),
        ({"readers": []}, "readers: nothing is to be changed"),
        ({"readers": 7}, "readers: 7 is not a list of texts"),
        ({"readers": [7]}, "is not a list of texts"),
        ({"mode": "set", "readers": [ANN]}, "mode: 'set' is not a valid mode"),
        ({"mode": "replace", "owners": []}, "owners: there would be no owner any more"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_before_anything_is_asked(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        AccessChange.of(**words)
    assert problem in str(caught.value)


ADD_BOB = AccessChange.of(readers=[BOB])
CHANGED = AlreadyExists("There were concurrent policy changes.", reason="ABORTED")


def test_a_policy_is_written_with_the_etag_that_it_was_read_with():
    _, [read, written] = play(set_access(NAME, ADD_BOB), [policy([ANN]), policy([ANN, BOB])])
    assert read.body == {"options": {"requestedPolicyVersion": 3}}
    assert written.body == {"policy": policy([ANN, BOB])}


def test_a_policy_that_is_as_it_should_be_is_not_written():
    found, requests = play(set_access(NAME, ADD_BOB), [policy([ANN, BOB])])
    assert (found, len(requests)) == (policy([ANN, BOB]), 1)


def test_what_somebody_else_changed_meanwhile_is_read_again_and_kept():
    answers = [policy(), CHANGED, policy([ANN]), policy([ANN, BOB])]
    _, requests = play(set_access(NAME, ADD_BOB), answers)
    assert requests[-1].body == {"policy": policy([ANN, BOB])}


def test_somebody_else_wins_in_the_end():
    with pytest.raises(AlreadyExists, match="concurrent"):
        play(set_access(NAME, ADD_BOB), [policy(), CHANGED, policy(), CHANGED])
