//! Lantern, a reading library: `client_secret_basic`, answers in the query, back-channel logout.

use askama::Template;
use clients::settings::{ClientAuthentication, Defaults, ResponseMode, Settings};
use clients::vendor::{Look, run};
use clients::views::{About, Front, Home, Notice};

/// A book on the shelf. The shelf is sample data: the app lends no real books.
struct Book {
    title: &'static str,
    author: &'static str,
    pages: u32,
    /// Class of its cover in the style sheet.
    cover: &'static str,
}

const fn book(title: &'static str, author: &'static str, pages: u32, cover: &'static str) -> Book {
    Book {
        title,
        author,
        pages,
        cover,
    }
}

const SHELF: [Book; 8] = [
    book("The Night Ferry", "M. Okoro", 184, "cover-night"),
    book("Otis and the Borrowed Drum", "Lena Park", 96, "cover-drum"),
    book("A Map of Small Rivers", "J. Castellano", 212, "cover-river"),
    book("Seven Kinds of Rain", "Thu Nguyen", 148, "cover-rain"),
    book("The Lighthouse Club", "R. Bell", 230, "cover-light"),
    book("How Bridges Stand", "A. Whitfield", 120, "cover-bridge"),
    book("Grandmother's Orchard", "Inés Duarte", 64, "cover-orchard"),
    book("Letters to a Comet", "Sam Adeyemi", 176, "cover-comet"),
];

#[derive(Template)]
#[template(path = "library/front.html")]
struct FrontPage<'a> {
    page: &'a Front,
    shelf: &'static [Book],
}

#[derive(Template)]
#[template(path = "library/home.html")]
struct HomePage<'a> {
    page: &'a Home,
    shelf: &'static [Book],
}

#[derive(Template)]
#[template(path = "library/about.html")]
struct AboutPage<'a> {
    page: &'a About,
}

#[derive(Template)]
#[template(path = "library/notice.html")]
struct NoticePage<'a> {
    page: &'a Notice,
}

struct Lantern;

impl Look for Lantern {
    fn cookie_prefix(&self) -> &'static str {
        "__Host-lantern"
    }

    fn style(&self) -> &'static str {
        include_str!("../../assets/library.css")
    }

    fn icon(&self) -> &'static str {
        include_str!("../../assets/library.svg")
    }

    fn front(&self, page: &Front) -> askama::Result<String> {
        FrontPage {
            page,
            shelf: &SHELF,
        }
        .render()
    }

    fn home(&self, page: &Home) -> askama::Result<String> {
        HomePage {
            page,
            shelf: &SHELF,
        }
        .render()
    }

    fn about(&self, page: &About) -> askama::Result<String> {
        AboutPage { page }.render()
    }

    fn notice(&self, page: &Notice) -> askama::Result<String> {
        NoticePage { page }.render()
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::read(Defaults {
        client_id: "library",
        port: 9001,
        authentication: ClientAuthentication::Basic,
        response_mode: ResponseMode::Query,
    })?;
    run(settings, Box::new(Lantern)).await
}
