//! Rules of assignment as a file says them, looked up in the roster.

use super::apply::Work;
use crate::district::assignment::Assignment;
use crate::flows::FlowError;
use crate::flows::client_file::Rule;
use crate::ids::{ResourceId, SchoolId};
use crate::store::assignments;

impl Work<'_> {
    /// Brings the rules of a resource to those of the file. Answers whether they differed.
    pub(super) async fn assign(
        &mut self,
        entry: &str,
        id: &ResourceId,
        rules: &[Rule],
    ) -> Result<bool, FlowError> {
        let mut wanted = Vec::with_capacity(rules.len());
        for rule in rules {
            wanted.extend(self.resolve(entry, rule).await?);
        }
        wanted.sort();
        wanted.dedup();
        if assignments::list_of(self.tx, id).await? == wanted {
            return Ok(false);
        }
        let row = |rule| (self.cx.app.random.id(self.cx.now), rule);
        let rows = wanted.into_iter().map(row).collect();
        assignments::replace(self.tx, id, rows).await?;
        Ok(true)
    }

    /// A rule with our ids in it. None where the roster does not have what it names; that is a fault.
    async fn resolve(&mut self, entry: &str, rule: &Rule) -> Result<Option<Assignment>, FlowError> {
        let school = match &rule.school {
            None => None,
            Some(text) => match self.school(text) {
                Ok(id) => Some(id),
                Err(problem) => {
                    self.fault(entry, problem);
                    return Ok(None);
                }
            },
        };
        let mut class = None;
        if let Some(text) = &rule.class {
            class = assignments::find_class(self.tx, text).await?;
            if class.is_none() {
                let advice = "the roster has no class with this sourcedId; check it, or import the roster first";
                self.fault(entry, format!("`assign` class {text:?}: {advice}"));
                return Ok(None);
            }
        }
        Ok(Some(Assignment {
            school,
            role: rule.role.clone(),
            grade: rule.grade.clone(),
            class,
        }))
    }

    fn school(&self, text: &str) -> Result<SchoolId, String> {
        if let Some(school) = self.schools.iter().find(|school| school.sourced_id == text) {
            return Ok(school.id.clone());
        }
        let folded = text.trim().to_lowercase();
        let mut named = self
            .schools
            .iter()
            .filter(|school| school.name.to_lowercase() == folded);
        match (named.next(), named.next()) {
            (Some(school), None) => Ok(school.id.clone()),
            (Some(one), Some(other)) => Err(format!(
                "`assign` school {text:?}: several schools have this name; write the sourcedId, as {:?} or {:?}",
                one.sourced_id, other.sourced_id
            )),
            (None, _) => Err(format!(
                "`assign` school {text:?}: the roster has no school with this sourcedId or name; check the spelling, or import the roster first"
            )),
        }
    }
}
