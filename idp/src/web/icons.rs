//! Our own icons: strokes of 1.75 pixels on a grid of 24, in the color of the text around them.

use std::fmt;

/// An icon, drawn inline. Decoration always: the words stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(&'static str);

impl Icon {
    /// The icon of a name.
    pub fn named(name: &str) -> Self {
        Self(paths(name).unwrap_or("M5 5h14v14H5z"))
    }

    /// Whether somebody drew an icon of this name.
    pub fn exists(name: &str) -> bool {
        paths(name).is_some()
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>"#,
            self.0
        )
    }
}

// Paths are constants of ours: nothing in them needs escaping.
impl askama::filters::HtmlSafe for Icon {}

/// The path of a name. The first block serves pages, the second the tiles of resources.
#[rustfmt::skip]
fn paths(name: &str) -> Option<&'static str> {
    Some(match name {
        "alert" => "M12 3.5 2.5 20h19zM12 10v4.5M12 17.2v.1",
        "arrow" => "M5 12h14M13 6l6 6-6 6",
        "back" => "M19 12H5M11 6l-6 6 6 6",
        "check" => "M5 12.5l4.5 4.5L19 7.5",
        "clock" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
        "close" => "M6 6l12 12M18 6L6 18",
        "copy" => "M9 9h11v11H9zM15 9V4H4v11h5",
        "door" => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
        "down" => "M12 5v14M6 13l6 6 6-6",
        "eye" => "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
        "eye-off" => "M4 4l16 16M9.9 5.7A9.6 9.6 0 0 1 12 5.5c6.4 0 10 6.5 10 6.5a17 17 0 0 1-3.3 3.9M6.4 7.6A16.6 16.6 0 0 0 2 12s3.6 6.5 10 6.5c1.5 0 2.9-.3 4.1-.9M9.9 9.900a3 3 0 0 0 4.2 4.2",
        "help" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.300a2.6 2.6 0 1 1 3.7 2.700c-.8.4-1.2.9-1.2 1.800M12 16.800v.1",
        "info" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.600v.1",
        "key" => "M8 16.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12.5 12H22v4M18 12v3",
        "lock" => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.500v2",
        "megaphone" => "M4 10v4h3l8 4.500v-13L7 10zM18.5 9.500a4 4 0 0 1 0 5M7 14l1.5 5.500h2.5",
        "more" => "M5.5 12h.1M12 12h.1M18.5 12h.1",
        "move" => "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
        "person" => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500a7.5 7.5 0 0 1 15 0",
        "printer" => "M7 9V3.500h10V9M7 17H4V9h16v8h-3M7 14h10v6.500H7z",
        "search" => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
        "star" => "M12 3.500l2.6 5.4 5.9.8-4.3 4.1 1 5.900L12 16.900l-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z",
        "up" => "M12 19V5M6 11l6-6 6 6",

        "art" => "M12 3.500a8.5 8.5 0 1 0 0 17c1.4 0 2-.9 2-1.9 0-1.4-1.3-1.6-1.3-2.8 0-.9.7-1.5 1.7-1.500H17a3.8 3.8 0 0 0 3.5-4C20.5 6.5 16.7 3.5 12 3.500zM7.5 12h.1M9.5 7.800h.1M14.5 7.800h.1",
        "atom" => "M12 13.200a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.400zM12 16.500c5.2 0 9.5-2 9.5-4.500S17.2 7.5 12 7.5 2.5 9.5 2.5 12s4.3 4.5 9.5 4.500zM8.1 14.300c2.6 4.5 6.5 7.2 8.6 6s1.8-5.9-.8-10.4-6.5-7.2-8.6-6-1.8 5.9.8 10.400z",
        "book" => "M12 6.500C10 5 7 4.5 3.5 4.500V18c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.500c-3.5 0-6.5.5-8.5 2zM12 6.500V20",
        "bus" => "M5 5h14v12H5zM5 11h14M8 17v2.500M16 17v2.500M8 14.200h.1M16 14.200h.1",
        "calculator" => "M6 3.500h12v17H6zM9 7.500h6M9 12h.1M12 12h.1M15 12h.1M9 16.500h.1M12 16.500h.1M15 16.500h.1",
        "calendar" => "M4.5 6h15v14h-15zM4.5 10.500h15M8.5 3.500V7M15.5 3.500V7M8.5 14h.1M12 14h.1M15.5 14h.1",
        "chart" => "M4 4v16h16M8.5 16v-4M12.5 16V8M16.5 16v-6",
        "chat" => "M4 5h16v11h-8l-4.5 4v-4H4zM8 9h8M8 12h5",
        "clipboard" => "M6 5.500h12v15H6zM9.5 3.500h5v4h-5zM9 12h6M9 15.500h4",
        "cloud" => "M7 18.500a4.5 4.5 0 0 1-.4-9A6 6 0 0 1 18 10a4.3 4.3 0 0 1-.5 8.500z",
        "code" => "M8.5 7l-5 5 5 5M15.5 7l5 5-5 5M13.5 5l-3 14",
        "folder" => "M3.5 6h6l2 2.500h9V19h-17z",
        "game" => "M7 8h10a4.5 4.5 0 0 1 4.3 5.800l-.6 2a2.3 2.3 0 0 1-4 .8L15 14.500H9l-1.7 2.100a2.3 2.3 0 0 1-4-.8l-.6-2A4.5 4.5 0 0 1 7 8zM8 10.300v2.400M6.8 11.500h2.400M16 10.600v.1M17.5 12.300v.1",
        "globe" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.5 3.5 5.5 3.5 9s-1 6.5-3.5 9c-2.5-2.5-3.5-5.5-3.5-9S9.5 5.5 12 3z",
        "grade" => "M6 3.500h12v17l-6-4-6 4zM9 10l2.2 2.200L15.2 8",
        "heart" => "M12 20s-8-4.7-8-10.500A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8 2.500C20 15.3 12 20 12 20z",
        "laptop" => "M5.5 5h13v10h-13zM2.5 19h19l-2-4h-15z",
        "leaf" => "M5 19c0-9 4-14 15-14 0 11-5 15-11 15-2 0-4-1-4-1zM5 19c2-4 5-7 9-9",
        "letters" => "M3.5 18l4-12 4 12M4.9 14h5.200M14 18v-8M17 18a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM20 11.500V18",
        "lunch" => "M6 3.500v6a2 2 0 0 0 4 0v-6M8 11.500v9M16 3.500c-2 1.5-2.5 4-2.5 7.500H16zM16 3.500v17",
        "mail" => "M3.5 6h17v12.500h-17zM3.5 7l8.5 6.500L20.5 7",
        "map" => "M3.5 6.500l5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.500v13M15 6.500v13",
        "microscope" => "M9 4h4v9H9zM11 13v3M6 20.500h13M7 16.500h7M13 7a6.5 6.5 0 0 1 3 12.5",
        "music" => "M9 18V5l11-2v13M6.5 20.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM17.5 18.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
        "notebook" => "M6 3.500h13v17H6zM4 7.500h4M4 12h4M4 16.500h4M11.5 8h4",
        "pencil" => "M4 20l1-4.500L16.5 4 20 7.5 8.5 19zM14 6.500L17.5 10",
        "play" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 8.500v7l5.5-3.500z",
        "puzzle" => "M4.5 8.500H9a2.2 2.2 0 1 1 4.3 0h4.200v4.200a2.2 2.2 0 1 1 0 4.300v3.500h-13v-4a2.2 2.2 0 1 0 0-4.300z",
        "rocket" => "M12 15.500c5-3 7-7 7-12-5 0-9 2-12 7l-3.5 1 3 3M12 15.500l-1 3.5 3 2 1-5.500M9 12l3 3.500M5 17c-1.2 1-1.5 3.5-1.5 3.500S6 20.2 7 19M14.5 9.500h.1",
        "school" => "M12 3.500l9 5-9 5-9-5zM6.5 10.700V16c2 2 9 2 11 0v-5.300M21 8.500V15",
        "tools" => "M14.5 6.500a4 4 0 0 1 5-2.500L17 6.500l.5 2 2 .5L22 6.500a4 4 0 0 1-5.5 5L8 20a2.1 2.1 0 0 1-3-3z",
        "trophy" => "M7.5 4h9v6a4.5 4.5 0 0 1-9 0zM7.5 6H4c0 3 1.5 5 3.8 5M16.5 6H20c0 3-1.5 5-3.8 5M12 14.500v3M8 20.500h8M9.5 17.500h5v3h-5z",
        "video" => "M3.5 6.500h12v11h-12zM15.5 10.500l5-3v9l-5-3z",
        _ => return None,
    })
}
