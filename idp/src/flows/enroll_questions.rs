//! Answering the challenge questions: at the end of the claim, or at the next sign-in where they were left open.

use super::audit::{self, Event};
use super::{Context, FlowError};
use crate::config::Settings;
use crate::credentials::Urgency;
use crate::district::person::{Account, Person, Population};
use crate::district::questions::{self, Answer, Problem, Question, Rule, Typed, bank};
use crate::store::{accounts, challenge_answers};

/// What people of a population are asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The questions, in order.
    pub bank: &'static [Question],
    /// How many answers.
    pub rule: Rule,
    /// Whether it may be left for another time.
    pub may_skip: bool,
}

/// What people of `population` are asked; none where the policy asks nothing.
pub fn asked(settings: &Settings, population: Population) -> Option<Asked> {
    let policy = &settings.policy;
    let bank = bank::questions(policy.profile, population);
    let count = match population {
        Population::Student => policy.student_questions(),
        Population::Staff => policy.staff_questions(),
        Population::Guardian => 0,
    };
    let min = (count as usize).min(bank.len());
    let student = population == Population::Student;
    (policy.questions_enabled() && min > 0).then_some(Asked {
        bank,
        rule: Rule {
            min,
            max: student.then_some(min),
            one_choice: policy.one_choice_question(),
        },
        may_skip: !student,
    })
}

/// How an enrollment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolled {
    /// The answers are kept.
    Saved,
    /// They were open no longer: sent twice, or answered in another tab. Nothing was changed.
    AlreadyDone,
    /// Something is wrong with them.
    Problems(Vec<Problem>),
}

/// Keeps a person's answers, as one joint hash, while their questions are open.
pub async fn enroll(
    cx: &Context,
    person: &Person,
    account: &Account,
    typed: &[Typed<'_>],
) -> Result<Enrolled, FlowError> {
    if !account.recovery_pending {
        return Ok(Enrolled::AlreadyDone);
    }
    let Some(asked) = asked(&cx.app.settings, person.population) else {
        return skip(cx, person).await;
    };
    let context = questions::Context {
        own: [account.username.as_deref(), person.number.as_deref()]
            .into_iter()
            .flatten()
            .collect(),
        year: chrono::Datelike::year(&cx.now.date_in(cx.app.settings.district.time_zone)),
    };
    let answers = match questions::check(asked.bank, asked.rule, typed, &context) {
        Ok(answers) => answers,
        Err(problems) => return Ok(Enrolled::Problems(problems)),
    };
    let hash = hash(cx, &answers).await?;
    let ids: Vec<&str> = answers.iter().map(|answer| answer.question_id).collect();
    let tx = cx.app.store.begin().await?;
    if !accounts::close_recovery(&tx, &person.id).await? {
        return Ok(Enrolled::AlreadyDone);
    }
    challenge_answers::set(&tx, &person.id, &ids, &hash, cx.now).await?;
    let event = Event::new("enroll_questions")
        .actor(&person.id)
        .target(&person.id)
        .field("answered", ids.len());
    audit::record_in(&tx, cx, event).await?;
    commit(tx).await?;
    Ok(Enrolled::Saved)
}

/// Leaves the questions for another time, where the policy lets this person; does nothing for others.
pub async fn skip(cx: &Context, person: &Person) -> Result<Enrolled, FlowError> {
    if asked(&cx.app.settings, person.population).is_some_and(|asked| !asked.may_skip) {
        return Ok(Enrolled::AlreadyDone);
    }
    let tx = cx.app.store.begin().await?;
    if accounts::close_recovery(&tx, &person.id).await? {
        let event = Event::new("skip_questions")
            .actor(&person.id)
            .target(&person.id);
        audit::record_in(&tx, cx, event).await?;
        commit(tx).await?;
    }
    Ok(Enrolled::Saved)
}

async fn hash(cx: &Context, answers: &[Answer]) -> Result<String, FlowError> {
    let pairs: Vec<(&str, &str)> = answers
        .iter()
        .map(|answer| (answer.question_id, answer.text.as_str()))
        .collect();
    let permit = cx.app.passwords.admit(Urgency::Preferred).await?;
    Ok(cx
        .app
        .passwords
        .hash_answers(permit, &cx.app.random, &pairs)
        .await?)
}

async fn commit(tx: crate::store::Tx) -> Result<(), FlowError> {
    tx.commit()
        .await
        .map_err(|error| crate::store::StoreError::from(error).into())
}
