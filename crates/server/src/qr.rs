//! Addresses as QR codes.

use std::fmt::Write as _;

use fengtu_wire::walls::Qr;
use qrcode::{Color, EcLevel, QrCode};

/// Draws a text as a QR code: each run of dark modules of a row is a rectangle.
pub fn draw(text: &str) -> qrcode::QrResult<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let size = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{n}v1h-{n}z", n = run.len());
            }
            x += run.len();
        }
    }
    Ok(Qr { size: u16::try_from(size).unwrap_or(u16::MAX), path })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_as_many_dark_modules_as_the_library_says() {
        let text = "https://map.example.cn/remote#048291";
        let drawn = draw(text).unwrap();
        assert_eq!(drawn.size % 4, 1);
        assert!(
            drawn.path.starts_with("M0 0h7v1h-7z") && drawn.path.contains(&format!("M{} 0h7v1h-7z", drawn.size - 7))
        );
        let runs = drawn.path.split('h').filter_map(|part| part.split_once("v1").map(|(n, _)| n));
        let dark: usize = runs.map(|n| n.parse::<usize>().unwrap()).sum();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        assert_eq!(dark, code.to_colors().iter().filter(|color| **color == Color::Dark).count());
    }
}
