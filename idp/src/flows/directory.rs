//! What changes seldom and is asked for at every launch: schools, resources with their rules, and where a person belongs.
//! Kept in memory for seconds, so that a change made on any node is seen everywhere soon.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::sync::Cache;

use super::{Context, FlowError};
use crate::clock::Stopwatch;
use crate::district::assignment::{Affiliation, Assignment, Audience};
use crate::district::person::Person;
use crate::district::resource::Resource;
use crate::district::school::School;
use crate::ids::{ClientId, PersonId, ResourceId, SchoolId};
use crate::store::{Store, StoreError, assignments, people, resources};

/// How long schools and resources are kept.
const FRESH: Duration = Duration::from_secs(5);
/// How long it is kept where a person belongs. A new version of the person is looked up at once.
const BELONGING: Duration = Duration::from_mins(1);
/// Most people kept, about a kilobyte each.
const MOST_PEOPLE: u64 = 8_000;

/// The memory. One per application.
pub struct Directory {
    current: Mutex<Option<(Stopwatch, Arc<Snapshot>)>>,
    reading: tokio::sync::Mutex<()>,
    people: Cache<(PersonId, i64), Arc<Belonging>>,
}

/// Schools and resources at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    schools: HashMap<SchoolId, School>,
    district_id: Option<String>,
    resources: Vec<Arc<Resource>>,
    rules: BTreeMap<ResourceId, Vec<Assignment>>,
}

/// Where a person belongs.
#[derive(Debug)]
pub struct Belonging {
    /// What rules of assignment look at.
    pub audience: Audience,
    /// Roles, each once, the record's own first.
    pub roles: Vec<String>,
    /// Schools, the primary one first.
    pub schools: Vec<School>,
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("people", &self.people.entry_count())
            .finish_non_exhaustive()
    }
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            current: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            people: Cache::builder()
                .max_capacity(MOST_PEOPLE)
                .time_to_live(BELONGING)
                .build(),
        }
    }
}

impl Directory {
    /// Schools and resources, at most seconds old. While one caller reads them anew, others get the last ones.
    pub async fn snapshot(&self, store: &Store) -> Result<Arc<Snapshot>, StoreError> {
        let (known, fresh) = self.known();
        if let (Some(snapshot), true) = (&known, fresh) {
            return Ok(Arc::clone(snapshot));
        }
        let _turn = match (self.reading.try_lock(), known) {
            (Ok(turn), _) => turn,
            (Err(_), Some(last)) => return Ok(last),
            (Err(_), None) => self.reading.lock().await,
        };
        // Another may have read them while this caller waited for its turn.
        if let (Some(snapshot), true) = self.known() {
            return Ok(snapshot);
        }
        let started = Stopwatch::start();
        let snapshot = Arc::new(read(store).await?);
        *self.locked() = Some((started, Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// Forgets everything, after a change made by this process.
    pub fn forget(&self) {
        *self.locked() = None;
        self.people.invalidate_all();
    }

    fn known(&self) -> (Option<Arc<Snapshot>>, bool) {
        match &*self.locked() {
            Some((since, snapshot)) => (Some(Arc::clone(snapshot)), since.elapsed() < FRESH),
            None => (None, false),
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<(Stopwatch, Arc<Snapshot>)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    /// A school.
    pub fn school(&self, id: &SchoolId) -> Option<&School> {
        self.schools.get(id)
    }

    /// `sourcedId` of the district.
    pub fn district_id(&self) -> Option<&str> {
        self.district_id.as_deref()
    }

    /// All resources, by position.
    pub fn resources(&self) -> &[Arc<Resource>] {
        &self.resources
    }

    /// A resource.
    pub fn resource(&self, id: &ResourceId) -> Option<&Arc<Resource>> {
        self.resources.iter().find(|resource| resource.id == *id)
    }

    /// The resource of a client.
    pub fn resource_of(&self, client: &ClientId) -> Option<&Arc<Resource>> {
        let is_it = |resource: &&Arc<Resource>| resource.client_id.as_ref() == Some(client);
        self.resources.iter().find(is_it)
    }

    /// The rules of a resource.
    pub fn rules(&self, id: &ResourceId) -> &[Assignment] {
        self.rules.get(id).map_or(&[], Vec::as_slice)
    }
}

async fn read(store: &Store) -> Result<Snapshot, StoreError> {
    let schools = people::list_schools(store.read()).await?;
    let district = schools.iter().find(|school| school.kind == "district");
    Ok(Snapshot {
        district_id: district.map(|school| school.sourced_id.clone()),
        schools: schools
            .into_iter()
            .map(|school| (school.id.clone(), school))
            .collect(),
        resources: resources::list(store.read())
            .await?
            .into_iter()
            .map(Arc::new)
            .collect(),
        rules: assignments::list(store.read()).await?,
    })
}

/// Where `person` belongs today.
pub async fn belonging(cx: &Context, person: &Person) -> Result<Arc<Belonging>, FlowError> {
    let directory = &cx.app.directory;
    let key = (person.id.clone(), person.version);
    if let Some(known) = directory.people.get(&key) {
        return Ok(known);
    }
    let today = cx.today();
    let db = cx.app.store.read();
    let mut affiliations = assignments::affiliations_of(db, &person.id, &today).await?;
    put_primary_first(&mut affiliations, person);
    let classes = assignments::classes_of(db, &person.id, &today).await?;
    let snapshot = directory.snapshot(&cx.app.store).await?;
    let mut roles = vec![person.role.clone()];
    let mut schools: Vec<School> = Vec::new();
    for place in &affiliations {
        if !roles.contains(&place.role) {
            roles.push(place.role.clone());
        }
        if let Some(school) = snapshot.school(&place.school)
            && is_school(school)
            && !schools.iter().any(|known| known.id == school.id)
        {
            schools.push(school.clone());
        }
    }
    let belonging = Arc::new(Belonging {
        audience: Audience {
            role: person.role.clone(),
            affiliations,
            grades: person.grades.clone(),
            classes,
        },
        roles,
        schools,
    });
    directory.people.insert(key, Arc::clone(&belonging));
    Ok(belonging)
}

/// The record names a primary school; a roster may leave it out of the affiliations.
fn put_primary_first(affiliations: &mut Vec<Affiliation>, person: &Person) {
    let Some(primary) = &person.primary_school_id else {
        return;
    };
    if affiliations.iter().all(|place| place.school != *primary) {
        affiliations.push(Affiliation {
            school: primary.clone(),
            role: person.role.clone(),
        });
    }
    affiliations.sort_by_key(|place| place.school != *primary);
}

/// Whether vendors are told of it as a school: the district itself and what is above it are not.
fn is_school(school: &School) -> bool {
    !matches!(
        school.kind.as_str(),
        "district" | "local" | "state" | "national"
    )
}
