//! The malformed set: each package is refused with its place and changes nothing, or is read as the standard says.

use idp::flows::import_roster::Ending;

use super::Importer;
use super::pack::Pack;

fn with_bytes(name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Pack {
    let mut pack = Pack::small();
    let (_, content) = pack
        .files
        .iter_mut()
        .find(|(known, _)| known == name)
        .unwrap();
    *content = change(std::mem::take(content));
    pack
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut out = vec![0xFF, 0xFE];
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    out
}

fn latin1(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

fn renamed(from: &str, to: &str) -> Pack {
    let mut pack = Pack::small();
    let manifest = Pack::small();
    for (name, _) in &mut pack.files {
        if name == from {
            to.clone_into(name);
        }
    }
    // The manifest of the sound package, so that only the name is wrong.
    let sound = manifest.zip();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(sound)).unwrap();
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("manifest.csv").unwrap(), &mut text).unwrap();
    pack.manifest = Some(text);
    pack
}

/// Package, file, line, column, part of what is found, part of the advice.
type Case = (
    Pack,
    &'static str,
    u64,
    &'static str,
    &'static str,
    &'static str,
);

fn refused() -> Vec<Case> {
    let small = Pack::small;
    let mut no_manifest = small();
    no_manifest.without_manifest = true;
    let mut extra = small();
    extra.files.push(("notes.txt".to_owned(), b"x".to_vec()));
    // Not too regular: it must not look like a bomb.
    let mut seed = 1_u32;
    let long: String = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from(seed >> 28).unwrap())
    })
    .take(1 << 20)
    .collect();
    vec![
        (no_manifest, "package.zip", 0, "", "", "no manifest.csv"),
        (
            renamed("enrollments.csv", "Enrollments.csv"),
            "package.zip",
            0,
            "",
            "Enrollments.csv",
            "case-sensitive",
        ),
        (
            {
                let mut pack = renamed("users.csv", "users.csv");
                pack.files.retain(|(name, _)| name != "classes.csv");
                pack
            },
            "manifest.csv",
            0,
            "",
            "file.classes bulk",
            "does not hold it",
        ),
        (extra, "package.zip", 0, "", "notes.txt", "no such file"),
        (
            renamed("users.csv", "export/users.csv"),
            "package.zip",
            0,
            "",
            "export/users.csv",
            "root of the zip",
        ),
        (
            renamed("users.csv", "../users.csv"),
            "package.zip",
            0,
            "",
            "../users.csv",
            "leads out",
        ),
        (
            with_bytes("users.csv", |mut bytes| {
                bytes.extend(vec![b'a'; 8 << 20]);
                bytes
            }),
            "package.zip",
            0,
            "",
            "users.csv",
            "inflate",
        ),
        (
            small().edit("users.csv", "José", "\"Jo\rsé\""),
            "users.csv",
            2,
            "givenName",
            "carriage return",
            "line end",
        ),
        (
            small().edit("users.csv", "José", &long),
            "users.csv",
            2,
            "givenName",
            "4096",
            "never closed",
        ),
        (
            small().edit("users.csv", "José", "\"José"),
            "users.csv",
            2,
            "givenName",
            "",
            "never closed",
        ),
        (
            with_bytes("users.csv", |bytes| utf16(&bytes)),
            "users.csv",
            1,
            "",
            "UTF-16",
            "CSV UTF-8",
        ),
        (
            with_bytes("users.csv", |bytes| latin1(&bytes)),
            "users.csv",
            2,
            "givenName",
            "byte E9",
            "CSV UTF-8",
        ),
        (
            small().edit(
                "orgs.csv",
                "d-1,,,Example County Schools,district,,",
                "d-1,,,Example County Schools,district,,s-101",
            ),
            "orgs.csv",
            2,
            "parentSourcedId",
            "s-101",
            "circle",
        ),
        (
            small().edit("orgs.csv", "0101,d-1", "0101,d-9"),
            "orgs.csv",
            3,
            "parentSourcedId",
            "d-9",
            "no row with this sourcedId",
        ),
        (
            small().add("orgs.csv", "s-101,,,Other,school,0109,d-1"),
            "orgs.csv",
            5,
            "sourcedId",
            "s-101",
            "line 3",
        ),
        (
            small().edit("academicSessions.csv", "2026-08-01", "08/05/2019"),
            "academicSessions.csv",
            2,
            "startDate",
            "08/05/2019",
            "2019-08-05",
        ),
        (
            small().edit("users.csv", "sourcedId,status", "sourcedId;status"),
            "users.csv",
            1,
            "sourcedId",
            "",
            "must stand",
        ),
        (
            small().edit("classes.csv", "termSourcedIds", "termSourcedId"),
            "classes.csv",
            1,
            "termSourcedIds",
            "termSourcedId",
            "with an s",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_refused_with_its_place_and_changes_nothing() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        let before = importer.dump().await;
        for (pack, file, line, column, found, advice) in refused() {
            for strict in [false, true] {
                let report = if strict {
                    importer.strict(&pack).await
                } else {
                    importer.import(&pack).await
                };
                assert_eq!(
                    report.ending,
                    Ending::Refused,
                    "{advice}: {:?}",
                    report.summary
                );
                let fault = report.summary.refusal.unwrap();
                assert_eq!(
                    (&*fault.file, fault.line, &*fault.column),
                    (file, line, column),
                    "{fault}"
                );
                assert!(fault.found.contains(found), "{fault}");
                assert!(fault.advice.contains(advice), "{fault}");
                assert_eq!(importer.dump().await, before, "{fault}");
            }
        }
        let refused = importer
            .number("SELECT COUNT(*) FROM imports WHERE state = 'refused'")
            .await;
        assert_eq!(refused, 2 * i64::try_from(self::refused().len()).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_standard_allows_is_read_alike() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    let all = |change: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mut pack = Pack::small();
        for (_, content) in &mut pack.files {
            *content = change(content);
        }
        pack
    };
    let bom = all(&|bytes| [b"\xEF\xBB\xBF", bytes].concat());
    let crlf = all(&|bytes| {
        String::from_utf8_lossy(bytes)
            .replace('\n', "\r\n")
            .into_bytes()
    });
    for pack in [&bom, &crlf] {
        for strict in [true, false] {
            let report = if strict {
                importer.strict(pack).await
            } else {
                importer.import(pack).await
            };
            assert_eq!(report.ending, Ending::Unchanged, "{:?}", report.summary);
        }
    }
    assert_eq!(importer.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_real_exports_break_is_repaired_and_told() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    for (pack, part) in [
        (
            Pack::small().edit("users.csv", "sourcedId,status", "SourcedID,Status"),
            "case counts",
        ),
        (
            Pack::small().edit(
                "users.csv",
                "true,s-101,student,s0012345",
                "TRUE,s-101,student,s0012345",
            ),
            "small letters",
        ),
        (
            Pack::small()
                .edit("courses.csv", ",subjects,subjectCodes", "")
                .edit("courses.csv", "d-1,,", "d-1"),
            "read as empty",
        ),
        (
            Pack::small().file(
                "demographics",
                "sourcedId,status,dateLastModified,birthDate",
                &[],
            ),
            "",
        ),
        (
            Pack::small().edit("users.csv", "s0012345,,,true", "s0012345,active,,true"),
            "delta data",
        ),
    ] {
        let report = importer.import(&pack).await;
        assert_eq!(
            report.ending,
            Ending::Unchanged,
            "{part}: {:?}",
            report.summary
        );
        let told = report
            .summary
            .notes
            .iter()
            .any(|note| note.first.advice.contains(part));
        assert!(
            told || part.is_empty(),
            "{part}: {:?}",
            report.summary.notes
        );
        assert_eq!(importer.dump().await, before, "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_never_empties_the_roster() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    let header = super::pack::ENROLLMENTS;
    let report = importer
        .import(&Pack::small().file("enrollments", header, &[]))
        .await;
    assert_eq!(report.ending, Ending::Unchanged, "{:?}", report.summary);
    let report = importer
        .import(&Pack::small().file("users", super::pack::USERS, &[]))
        .await;
    assert_eq!(report.ending, Ending::Refused);
    assert_eq!(importer.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filled_status_in_bulk_makes_nobody_leave() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let pack = Pack::small()
        .edit("users.csv", "s0012345,,,true", "s0012345,active,,true")
        .edit(
            "users.csv",
            "s0012347,,,true,s-102,student,x,,Marcus,O'Neal,,0012347,,,,,09,\n",
            "",
        );
    let report = importer.import(&pack).await;
    assert_eq!(report.ending, Ending::Unchanged, "{:?}", report.summary);
    assert_eq!(
        importer
            .number("SELECT COUNT(*) FROM people WHERE roster_status = 'active'")
            .await,
        5
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_that_look_like_formulas_are_only_text() {
    let importer = Importer::new().await;
    let pack = Pack::small().edit("users.csv", "José", "=cmd|' /C calc'!A0");
    importer.apply(&pack).await;
    let name = "SELECT given_name FROM people WHERE number = '0012345'";
    assert_eq!(importer.value(name).await, "=cmd|' /C calc'!A0");
}
