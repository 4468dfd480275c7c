//! Tables, and ten thousand random acts in which nobody gains rank.

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

use super::*;

fn standing(id: &str, population: Population, roles: &[&str], schools: &[&str]) -> Standing {
    Standing {
        id: PersonId::new(id),
        population,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        schools: schools
            .iter()
            .map(|school| SchoolId::new(*school))
            .collect(),
        portal_roles: Vec::new(),
    }
}

const STRANGERS: Relation = Relation { teaches: false };
const TEACHES: Relation = Relation { teaches: true };

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn who_helps_whom() {
    let pupil = standing("pupil", Population::Student, &["student"], &["north"]);
    let teacher = standing("teacher", Population::Staff, &["teacher"], &["north"]);
    let technician = standing(
        "technician",
        Population::Staff,
        &["ext:technician"],
        &["north"],
    );
    let elsewhere = standing(
        "elsewhere",
        Population::Staff,
        &["ext:technician"],
        &["south"],
    );
    let cook = standing("cook", Population::Staff, &["aide"], &["north"]);
    let mut desk = standing("desk", Population::Staff, &["aide"], &["district"]);
    desk.portal_roles.push(PortalRole::HelpDesk);
    let mut auditor = standing("auditor", Population::Staff, &["aide"], &["district"]);
    auditor.portal_roles.push(PortalRole::Auditor);
    let mut admin = standing("admin", Population::Staff, &[], &["district"]);
    admin.portal_roles.push(PortalRole::Administrator);

    let cases = [
        (
            &teacher,
            Act::GiveCode,
            &pupil,
            TEACHES,
            Some(Ground::OwnClass),
        ),
        (&teacher, Act::GiveCode, &pupil, STRANGERS, None),
        (&teacher, Act::ResetToUnclaimed, &pupil, TEACHES, None),
        (
            &technician,
            Act::ResetToUnclaimed,
            &pupil,
            STRANGERS,
            Some(Ground::OwnSchool),
        ),
        (&elsewhere, Act::GiveCode, &pupil, STRANGERS, None),
        (&technician, Act::GiveCode, &teacher, STRANGERS, None),
        (&cook, Act::See, &pupil, STRANGERS, None),
        (
            &desk,
            Act::GiveCode,
            &pupil,
            STRANGERS,
            Some(Ground::District),
        ),
        (
            &desk,
            Act::GiveCode,
            &technician,
            STRANGERS,
            Some(Ground::District),
        ),
        (&desk, Act::GiveCode, &auditor, STRANGERS, None),
        (&desk, Act::GiveCode, &admin, STRANGERS, None),
        (&desk, Act::GiveCode, &desk, STRANGERS, None),
        (
            &admin,
            Act::GiveCode,
            &desk,
            STRANGERS,
            Some(Ground::District),
        ),
        (&admin, Act::GiveCode, &admin, STRANGERS, None),
        (&auditor, Act::See, &pupil, STRANGERS, None),
        (&pupil, Act::See, &pupil, TEACHES, None),
    ];
    for (helper, act, other, relation, expected) in cases {
        let found = may(helper, act, other, relation);
        assert_eq!(found, expected, "{} {act:?} {}", helper.id, other.id);
    }
}

#[test]
fn a_pupil_with_staff_roles_in_the_feed_has_no_powers() {
    let mut odd = standing(
        "odd",
        Population::Student,
        &["teacher", "ext:technician"],
        &["north"],
    );
    odd.portal_roles.push(PortalRole::Administrator);
    let pupil = standing("pupil", Population::Student, &["student"], &["north"]);
    assert_eq!(may(&odd, Act::See, &pupil, TEACHES), None);
    assert!(!may_grant(&odd, PortalRole::Auditor, &pupil));
}

/// Random grants, takings and helpings among twenty people. Whoever was no administrator at the start becomes one only by an
/// administrator's act, and nobody ever acts on an equal or a higher one.
#[test]
#[expect(clippy::too_many_lines, reason = "one walk")]
fn nobody_gains_rank_in_ten_thousand_random_acts() {
    let mut rng = ChaCha20Rng::seed_from_u64(42);
    let roles = ["aide", "teacher", "ext:technician", "counselor"];
    let mut people: Vec<Standing> = (0..20)
        .map(|n| {
            let population = if n < 8 {
                Population::Student
            } else {
                Population::Staff
            };
            let role = roles[rng.random_range(0..roles.len())];
            let school = if rng.random_bool(0.5) {
                "north"
            } else {
                "south"
            };
            standing(&format!("p{n}"), population, &[role], &[school])
        })
        .collect();
    people[19].portal_roles.push(PortalRole::Administrator);
    people[18].portal_roles.push(PortalRole::HelpDesk);
    let acts = [
        Act::See,
        Act::GiveCode,
        Act::GiveTemporaryPassword,
        Act::ClearWaits,
        Act::UndoClaim,
        Act::ResetToUnclaimed,
    ];
    let mut granted = 0;
    for _ in 0..10_000 {
        let (a, b) = (
            rng.random_range(0..people.len()),
            rng.random_range(0..people.len()),
        );
        let (actor, other) = (people[a].clone(), people[b].clone());
        if rng.random_bool(0.5) {
            let role = PortalRole::ALL[rng.random_range(0..PortalRole::ALL.len())];
            if may_grant(&actor, role, &other) {
                granted += 1;
                assert!(
                    actor.has_portal_role(PortalRole::Administrator),
                    "only administrators grant"
                );
                assert_ne!(a, b, "nobody grants themselves");
                assert_eq!(other.population, Population::Staff);
                // Powers are taken back as often as given, so that the walk stays among mixed ranks.
                if rng.random_bool(0.5) {
                    people[b].portal_roles.retain(|held| *held != role);
                } else if role != PortalRole::Administrator
                    && !people[b].portal_roles.contains(&role)
                {
                    people[b].portal_roles.push(role);
                }
            }
        } else {
            let act = acts[rng.random_range(0..acts.len())];
            let relation = Relation {
                teaches: rng.random_bool(0.3),
            };
            if let Some(ground) = may(&actor, act, &other, relation) {
                assert_ne!(a, b);
                assert!(actor.rank() > other.rank(), "{actor:?} helped {other:?}");
                match ground {
                    Ground::District => assert!(actor.helps_district()),
                    Ground::OwnSchool => assert!(
                        actor
                            .schools
                            .iter()
                            .any(|school| other.schools.contains(school))
                    ),
                    Ground::OwnClass => assert!(relation.teaches && actor.has_role("teacher")),
                }
            }
        }
    }
    assert!(
        granted > 100,
        "the walk must grant to mean anything: {granted}"
    );
    let administrators = people
        .iter()
        .filter(|person| person.rank() == Rank::Administrator)
        .count();
    assert!(administrators <= 1, "nobody was made an administrator");
}
