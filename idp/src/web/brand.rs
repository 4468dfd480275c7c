//! The district's look: name, crest and one color, from which the shades that need contrast are computed.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::assets::Asset;
use crate::config::{Branding, District, Settings};

/// The default crest, drawn in the district's color.
const CREST: &str = include_str!("../../assets/crest.svg");
/// Largest crest, in bytes.
const CREST_LIMIT: u64 = 64 * 1024;

/// Name, words, crest and style sheet of the district. Made once at start.
#[derive(Debug)]
pub struct Brand {
    /// What the portal is called.
    pub portal_name: String,
    /// The district's name.
    pub district_name: String,
    /// City and state.
    pub place: String,
    /// The footer's line.
    pub footer: String,
    /// What the roster's source is called.
    pub roster_name: String,
    /// A student number, as `0123456`, for examples.
    pub number_example: String,
    /// A student's username, as `s0123456`, for examples.
    pub username_example: String,
    /// Whom to ask for help, where the school names nobody.
    pub help_contact: Option<String>,
    /// The district's own help page.
    pub help_url: Option<String>,
    /// The color as `#rrggbb`, for the browser's own bars.
    pub color: String,
    crest: Asset,
    style: Asset,
}

impl Brand {
    /// Reads the settings and the crest. Errors: a color that is none, a crest that is missing, too large or neither SVG
    /// nor PNG.
    pub fn load(settings: &Settings) -> anyhow::Result<Arc<Self>> {
        Self::make(&settings.branding, &settings.district).map(Arc::new)
    }

    fn make(branding: &Branding, district: &District) -> anyhow::Result<Self> {
        let color = Color::parse(&branding.color).with_context(|| {
            format!(
                "`branding.color` is `{}`, not a color like #1d4f91",
                branding.color
            )
        })?;
        let crest = match &branding.crest_file {
            None => Asset::new("crest", "svg", drawn_crest(color).into_bytes()),
            Some(path) => {
                let size = std::fs::metadata(path)
                    .with_context(|| {
                        format!("cannot read {} (`branding.crest_file`)", path.display())
                    })?
                    .len();
                if size > CREST_LIMIT {
                    bail!(
                        "{} (`branding.crest_file`) is larger than 64 KB",
                        path.display()
                    );
                }
                let bytes = std::fs::read(path).with_context(|| {
                    format!("cannot read {} (`branding.crest_file`)", path.display())
                })?;
                let kind = image_kind(&bytes).with_context(|| {
                    format!(
                        "{} (`branding.crest_file`) is neither SVG nor PNG",
                        path.display()
                    )
                })?;
                Asset::new("crest", kind, bytes)
            }
        };
        let number_example = example(district.student_number_digits);
        Ok(Self {
            username_example: format!("{}{number_example}", district.student_prefix),
            number_example,
            portal_name: branding.portal_name.clone(),
            district_name: branding.district_name.clone(),
            place: branding.place.clone(),
            footer: branding
                .footer
                .clone()
                .unwrap_or_else(|| format!("{}, {}", branding.district_name, branding.place)),
            roster_name: branding.roster_name.clone(),
            help_contact: branding.help_contact.clone(),
            help_url: branding.help_url.clone(),
            color: color.to_string(),
            crest,
            style: Asset::new("brand", "css", style(color).into_bytes()),
        })
    }

    /// The brand of the default settings, for samples.
    pub fn sample() -> Arc<Self> {
        static SAMPLE: std::sync::LazyLock<Arc<Brand>> = std::sync::LazyLock::new(make_sample);
        #[expect(
            clippy::expect_used,
            reason = "the default settings are part of the program"
        )]
        fn make_sample() -> Arc<Brand> {
            Arc::new(
                Brand::make(&Branding::default(), &District::default())
                    .expect("the default branding is complete"),
            )
        }
        SAMPLE.clone()
    }

    /// The address of the crest.
    pub fn crest_href(&self) -> &str {
        &self.crest.path
    }

    /// The address of the colors' style sheet.
    pub fn style_href(&self) -> &str {
        &self.style.path
    }

    /// The file of an address under `/assets/`, if it is the district's.
    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets().find(|asset| asset.path == path)
    }

    /// The district's files.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        [&self.crest, &self.style].into_iter()
    }
}

/// Digits from 0 on: a leading zero shows that it counts.
fn example(digits: u32) -> String {
    (0..digits)
        .filter_map(|at| char::from_digit(at % 10, 10))
        .collect()
}

fn image_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("png");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    text.contains("<svg").then_some("svg")
}

fn drawn_crest(color: Color) -> String {
    let field = color.until(Color::BLACK, |shade| shade.contrast(Color::WHITE) >= 4.5);
    CREST
        .replace("#1d4f91", &field.to_string())
        .replace("#0f2f5c", &field.mix(Color::BLACK, 0.4).to_string())
        .replace("#dbe6f5", &field.mix(Color::WHITE, 0.82).to_string())
}

/// An sRGB color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Color([u8; 3]);

impl Color {
    const WHITE: Self = Self([255; 3]);
    const BLACK: Self = Self([0; 3]);
    /// `--card` and `--paper` of the two schemes in `app.css`.
    const LIGHT_PAPER: Self = Self([0xf3, 0xf5, 0xf9]);
    const DARK_CARD: Self = Self([0x1b, 0x21, 0x2c]);

    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.is_ascii() {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// `share` of the way to `other`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two channels, so between 0 and 255"
    )]
    fn mix(self, other: Self, share: f64) -> Self {
        let mut out = self.0;
        for (from, to) in out.iter_mut().zip(other.0) {
            let value = f64::from(*from) + (f64::from(to) - f64::from(*from)) * share;
            *from = value.round() as u8;
        }
        Self(out)
    }

    /// The first shade on the way to `other` that `holds`.
    fn until(self, other: Self, holds: impl Fn(Self) -> bool) -> Self {
        (0..=50_u32)
            .map(|step| self.mix(other, f64::from(step) / 50.0))
            .find(|shade| holds(*shade))
            .unwrap_or(other)
    }

    /// White or black, whichever can be read on this color: one of them always reaches 4.5.
    fn text_on(self) -> Self {
        if self.contrast(Self::WHITE) >= 4.5 {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// The shades of one scheme.
struct Shades {
    /// Buttons and what else is filled.
    brand: Color,
    /// The same under the pointer.
    hover: Color,
    /// The band at the top.
    band: Color,
    /// Links and icons, on paper, card and tint.
    ink: Color,
    /// Quiet surfaces.
    tint: Color,
}

impl Shades {
    fn light(color: Color) -> Self {
        let tint = color.mix(Color::WHITE, 0.9);
        let text = color.text_on();
        // Under the pointer a shade moves away from its text, so contrast can only grow.
        let away = if text == Color::WHITE {
            Color::BLACK
        } else {
            Color::WHITE
        };
        Self {
            brand: color,
            hover: color.mix(away, 0.16),
            band: color,
            ink: color.until(Color::BLACK, |shade| {
                shade.contrast(Color::LIGHT_PAPER) >= 4.5 && shade.contrast(tint) >= 4.5
            }),
            tint,
        }
    }

    fn dark(color: Color) -> Self {
        let brand = color.until(Color::WHITE, |shade| {
            shade.contrast(Color::DARK_CARD) >= 3.0
        });
        let text = brand.text_on();
        let away = if text == Color::WHITE {
            Color::BLACK
        } else {
            Color::WHITE
        };
        let tint = Color::DARK_CARD.mix(color, 0.22);
        Self {
            brand,
            hover: brand.mix(away, 0.16),
            band: color.mix(Color::BLACK, 0.5),
            ink: color.until(Color::WHITE, |shade| {
                shade.contrast(Color::DARK_CARD) >= 6.0 && shade.contrast(tint) >= 6.0
            }),
            tint,
        }
    }

    fn write(&self, out: &mut String) {
        let Self {
            brand,
            hover,
            band,
            ink,
            tint,
        } = self;
        // Rays move away from the text on them, so contrast can only grow.
        let ray = if band.text_on() == Color::WHITE {
            "rgb(0 0 0/.09)"
        } else {
            "rgb(255 255 255/.14)"
        };
        let _ = write!(
            out,
            ":root{{--brand:{brand};--brand-contrast:{};--brand-hover:{hover};--band:{band};\
             --band-contrast:{};--band-ray:{ray};--brand-ink:{ink};--brand-tint:{tint}}}",
            brand.text_on(),
            band.text_on(),
        );
    }
}

/// The style sheet that sets the district's shades for both schemes.
fn style(color: Color) -> String {
    let mut out = String::new();
    Shades::light(color).write(&mut out);
    out.push_str("@media (prefers-color-scheme:dark){");
    Shades::dark(color).write(&mut out);
    // Paper is white.
    out.push_str("}@media print{");
    Shades::light(color).write(&mut out);
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every color of the district, also white, black and the awkward grays, gives readable text in both schemes.
    #[test]
    fn contrast_always_holds() {
        let steps = [0_u8, 40, 80, 118, 119, 120, 160, 200, 230, 255];
        for r in steps {
            for g in steps {
                for b in steps {
                    let color = Color([r, g, b]);
                    for (shades, papers) in [
                        (Shades::light(color), [Color::LIGHT_PAPER, Color::WHITE]),
                        (
                            Shades::dark(color),
                            [Color::DARK_CARD, Color([0x11, 0x15, 0x1c])],
                        ),
                    ] {
                        let at = |a: Color, b: Color| {
                            assert!(a.contrast(b) >= 4.5, "{color}: {a} on {b}");
                        };
                        at(shades.brand.text_on(), shades.brand);
                        at(shades.brand.text_on(), shades.hover);
                        at(shades.band.text_on(), shades.band);
                        at(shades.ink, shades.tint);
                        for paper in papers {
                            at(shades.ink, paper);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn colors_are_six_digits() {
        assert_eq!(Color::parse("#1d4f91"), Some(Color([0x1d, 0x4f, 0x91])));
        for wrong in ["1d4f91", "#1d4f9", "#1d4f9g", "#ééé", "red", ""] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_default_brand_is_complete() {
        let brand = Brand::sample();
        assert!(brand.asset(brand.crest_href()).is_some());
        assert!(brand.asset(brand.style_href()).is_some());
        assert!(brand.asset("/assets/none.css").is_none());
        assert_eq!(brand.footer, "Clayton County Public Schools, Jonesboro, GA");
    }

    #[test]
    fn images_are_told_by_their_bytes() {
        assert_eq!(image_kind(b"\x89PNG\r\n\x1a\nrest"), Some("png"));
        assert_eq!(image_kind(b"<?xml version='1.0'?><svg/>"), Some("svg"));
        assert_eq!(image_kind(b"GIF89a"), None);
    }
}
