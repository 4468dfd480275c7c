//! Files that are taken, and the faults of those that are not.

use super::*;

const LIBRARY: &str = r#"
[[clients]]
client_id = "library"
client_secret = "a-secret-of-at-least-thirty-two-characters"
client_name = "Lantern Library"
redirect_uris = ["https://library.example.org/callback"]
initiate_login_uri = "https://library.example.org/login/start"
approved_claims = ["given_name", "student_number"]
grant_types = ["authorization_code", "refresh_token"]
assign = [{ role = "student", grade = ["6", "07", "k"] }, { school = "North Middle", role = "teacher" }]

[clients.tile]
name = { en = "Library", es = "Biblioteca", vi = "Thư viện" }
description = "Books to read and to listen to."
category = "reading"

[clients.agreement]
purpose = { en = "Lending of books" }
signed_on = "2026-06-01"

[[tiles]]
id = "lunch"
name = "Lunch Menu"
category = "school-day"
icon = "lunch"
start_url = "https://lunch.example.org/"
assign = "district"
"#;

fn faults(text: &str) -> Vec<String> {
    let found = read(text, Format::Toml).unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_file() {
    let file = read(LIBRARY, Format::Toml).unwrap();
    let library = &file.clients[0];
    assert_eq!(library.client.client_id.as_str(), "library");
    assert!(library.secret.is_some() && library.agreement.is_some());
    // Scopes follow from what is approved and from the grant types.
    for token in ["openid", "roster.ids", "offline_access"] {
        assert!(library.client.scope.contains(token), "{token}");
    }
    let tile = library.tile.as_ref().unwrap();
    assert_eq!(tile.name.of("vi"), "Thư viện");
    assert_eq!((tile.icon.as_str(), tile.position), ("book", 100));
    let rules = library.assign.as_ref().unwrap();
    let grades: Vec<_> = rules
        .iter()
        .filter_map(|rule| rule.grade.as_deref())
        .collect();
    assert_eq!(grades, ["06", "07", "KG"]);
    assert_eq!(rules.len(), 4);
    assert_eq!(file.tiles[0].assign.as_ref().unwrap(), &[Rule::default()]);
}

#[test]
fn json_and_bare_lists_too() {
    let one = r#"{"client_name": "Grade Book", "redirect_uris": ["https://g.example.org/cb"]}"#;
    for text in [format!("[{one}]"), format!("{{\"clients\": [{one}]}}")] {
        let file = read(&text, Format::Json).unwrap();
        assert_eq!(file.clients[0].client.client_id.as_str(), "grade-book");
        assert!(file.clients[0].assign.is_none() && file.clients[0].tile.is_none());
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_fault_names_entry_and_field() {
    let client = "[[clients]]\nclient_id = \"a\"\nclient_name = \"A\"\n\
                  redirect_uris = [\"https://a.example.org/cb\"]\n";
    let tile = "[[tiles]]\nid = \"t\"\nname = \"T\"\ncategory = \"math\"\n\
                start_url = \"https://t.example.org/\"\n";
    for (text, entry, problem) in [
        ("clients = 3".to_owned(), "", "`clients` must be a list"),
        (
            "redirect_uris = []".to_owned(),
            "",
            "`redirect_uris` is unknown",
        ),
        (String::new(), "", "names nobody"),
        ("[[clients]\n".to_owned(), "", "line 1"),
        (
            format!("{client}redirect_uri = \"x\""),
            "client \"a\"",
            "did you mean redirect_uris?",
        ),
        (
            format!("{client}color = \"x\""),
            "client \"a\"",
            "`color` is no field",
        ),
        (
            format!("{client}require_pkce = \"no\""),
            "client \"a\"",
            "`require_pkce`",
        ),
        (
            format!("{client}grant_types = [\"password\"]"),
            "client \"a\"",
            "`grant_types`",
        ),
        (
            format!("{client}scope = \"openid caf\u{e9}\""),
            "client \"a\"",
            "`scope`",
        ),
        (
            format!("{client}client_secret = \"\""),
            "client \"a\"",
            "`client_secret`",
        ),
        (
            format!("{client}client_secret = \"x\"\ntoken_endpoint_auth_method = \"none\""),
            "client \"a\"",
            "beside token_endpoint_auth_method none",
        ),
        (
            format!("{client}assign = \"everybody\""),
            "client \"a\"",
            "write \"district\"",
        ),
        (
            format!("{client}assign = [{{}}]"),
            "client \"a\"",
            "without school",
        ),
        (
            format!("{client}assign = [{{ role = \"pupil\" }}]"),
            "client \"a\"",
            "\"pupil\" is unknown",
        ),
        (
            format!("{client}assign = [{{ rolle = \"student\" }}]"),
            "client \"a\"",
            "rule 1",
        ),
        (
            format!("{client}tile = {{ category = \"math\" }}"),
            "client \"a\"",
            "`start_url` is missing",
        ),
        (
            format!(
                "{client}tile = {{ category = \"fun\", start_url = \"https://a.example.org\" }}"
            ),
            "client \"a\"",
            "`category` \"fun\" is unknown",
        ),
        (
            format!("{client}agreement = {{ purpose = \"\" }}"),
            "client \"a\"",
            "agreement.purpose",
        ),
        (format!("{client}{client}"), "client \"a\"", "twice"),
        (
            format!("{tile}icon = \"unicorn\""),
            "tile \"t\"",
            "`icon` \"unicorn\"",
        ),
        (format!("{tile}assign = []\n{tile}"), "tile \"t\"", "twice"),
        (
            tile.replace("https:", "javascript:"),
            "tile \"t\"",
            "`start_url`",
        ),
        (
            tile.replace("id = \"t\"", "id = \"T t\""),
            "tile \"T t\"",
            "`id`",
        ),
        (tile.replace("name = \"T\"\n", ""), "tile \"t\"", "`name`"),
        (
            tile.replace("name = \"T\"", "name = { es = \"T\" }"),
            "tile \"t\"",
            "by language",
        ),
    ] {
        let found = faults(&text);
        let fits = |fault: &&String| fault.starts_with(entry) && fault.contains(problem);
        assert!(found.iter().any(|fault| fits(&fault)), "{text}\n{found:?}");
    }
}

#[test]
fn all_faults_are_listed_at_once() {
    let found = faults(
        "[[clients]]\nclient_id = \"a\"\nclient_name = \"A\"\nredirect_uris = 3\ncontacts = 4\n\
         assign = 5\n[[tiles]]\nid = \"t\"\n",
    );
    assert!(found.len() >= 4, "{found:?}");
}
