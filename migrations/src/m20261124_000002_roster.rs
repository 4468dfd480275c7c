//! The roster: schools, sessions, courses, classes, who is in them, and the history of imports.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, text, text_null},
};

use crate::create;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Organisations of the roster: the district, its schools, departments.
        create::table(
            manager,
            "schools",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("name"),
                text("kind"),
                text_null("identifier"),
                text_null("parent_sourced_id"),
                text("roster_status"),
                text_null("help_contact"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "schools", "sourced_id").await?;
        // School years, semesters, terms and grading periods.
        create::table(
            manager,
            "academic_sessions",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("title"),
                text("kind"),
                text("start_date"),
                text("end_date"),
                text_null("parent_sourced_id"),
                text("school_year"),
                text("roster_status"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "academic_sessions", "sourced_id").await?;
        // Courses: what classes are sections of.
        create::table(
            manager,
            "courses",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("title"),
                text_null("course_code"),
                text("org_sourced_id"),
                text("roster_status"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "courses", "sourced_id").await?;
        // Classes (course sections).
        create::table(
            manager,
            "classes",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("title"),
                text_null("class_code"),
                text("kind"),
                text("school_id"),
                text_null("course_sourced_id"),
                text("grades"),
                text("term_sourced_ids"),
                text("periods"),
                text_null("starts_on"),
                text_null("ends_on"),
                text("roster_status"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "classes", "sourced_id").await?;
        create::index(manager, "classes", "school_id").await?;
        // Who is in which class, and as what.
        create::table(
            manager,
            "enrollments",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("class_id"),
                text("person_id"),
                text("role"),
                boolean("is_primary"),
                text_null("begin_date"),
                text_null("end_date"),
                text("roster_status"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "enrollments", "sourced_id").await?;
        create::index(manager, "enrollments", "class_id").await?;
        create::index(manager, "enrollments", "person_id").await?;
        // Who belongs to which school, and as what (OneRoster 1.2 roles; 1.1 orgSourcedIds).
        create::table(
            manager,
            "affiliations",
            &["id"],
            vec![
                text("id"),
                text("sourced_id"),
                text("person_id"),
                text("school_id"),
                text("role"),
                text("role_type"),
                text_null("begin_date"),
                text_null("end_date"),
                text("roster_status"),
                big_integer("row_hash"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "affiliations", "sourced_id").await?;
        create::index(manager, "affiliations", "person_id").await?;
        create::index(manager, "affiliations", "school_id").await?;
        // Every roster import: what it held, what it did.
        create::table(
            manager,
            "imports",
            &["id"],
            vec![
                text("id"),
                text("state"),
                text("mode"),
                text("oneroster_version"),
                text("file_name"),
                text("file_digest"),
                text("summary"),
                big_integer("started_at"),
                big_integer_null("finished_at"),
                text_null("actor"),
            ],
        )
        .await?;
        create::index(manager, "imports", "started_at").await?;
        // Rows that an import set aside.
        create::table(
            manager,
            "import_quarantine",
            &["id"],
            vec![
                text("id"),
                text("import_id"),
                text("file"),
                big_integer("line"),
                text("column"),
                text("found"),
                text("advice"),
                text_null("sourced_id"),
            ],
        )
        .await?;
        create::index(manager, "import_quarantine", "import_id").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(
            manager,
            &[
                "import_quarantine",
                "imports",
                "affiliations",
                "enrollments",
                "classes",
                "courses",
                "academic_sessions",
                "schools",
            ],
        )
        .await
    }
}
