//! A canvas to draw on: a thin hold on the browser's 2D context that leaves out what cannot fail here.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CanvasPattern, CanvasRenderingContext2d, CanvasWindingRule, Document, DomMatrix, HtmlCanvasElement, Path2d,
};

use super::plane::{Anchor, Frame, Placement, Px, Strip};
use super::wish::Image;

/// Holds a 2D context.
#[derive(Debug, Clone)]
pub struct Ink {
    ctx: CanvasRenderingContext2d,
}

/// Makes a canvas outside the document; `None` where the browser has none to give.
pub fn canvas(document: &Document, width: u32, height: u32) -> Option<(HtmlCanvasElement, Ink)> {
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width.max(1));
    canvas.set_height(height.max(1));
    let ink = Ink::on(&canvas)?;
    Some((canvas, ink))
}

impl Ink {
    /// Takes the context of a canvas.
    pub fn on(canvas: &HtmlCanvasElement) -> Option<Self> {
        let ctx = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { ctx })
    }

    /// Fills the canvas, which is as large, with an image.
    pub fn image(&self, image: &Image, width: f64, height: f64) {
        let _ = self.ctx.reset_transform();
        let _ = match image {
            Image::Bitmap(bitmap) => {
                self.ctx.clear_rect(0.0, 0.0, width, height);
                self.ctx.draw_image_with_image_bitmap(bitmap, 0.0, 0.0)
            }
            Image::Data(data) => self.ctx.put_image_data(data, 0.0, 0.0),
        };
    }

    /// Gives the context itself, for what this hold lacks.
    pub const fn raw(&self) -> &CanvasRenderingContext2d {
        &self.ctx
    }

    /// Empties the picture and makes one unit one CSS pixel.
    pub fn start(&self, frame: &Frame) {
        let _ = self.ctx.reset_transform();
        self.ctx.clear_rect(0.0, 0.0, frame.width * frame.dpr + 1.0, frame.height * frame.dpr + 1.0);
        self.ready(frame);
    }

    fn ready(&self, frame: &Frame) {
        self.in_pixels(frame);
        self.ctx.set_line_join("round");
        self.ctx.set_line_cap("round");
        self.alpha(1.0);
        self.dash(&[]);
    }

    /// Moves the whole picture by device pixels; what is not covered any more is empty.
    pub fn shift(&self, by: Px) {
        let Some(own) = self.ctx.canvas() else { return };
        let _ = self.ctx.reset_transform();
        self.alpha(1.0);
        let _ = self.ctx.set_global_composite_operation("copy");
        let _ = self.ctx.draw_image_with_html_canvas_element(&own, by.x, by.y);
        let _ = self.ctx.set_global_composite_operation("source-over");
    }

    /// Draws within a strip of the picture alone, ready as after [`Self::start`].
    pub fn within<T>(&self, strip: Strip, frame: &Frame, draw: impl FnOnce() -> T) -> T {
        self.ctx.save();
        let _ = self.ctx.reset_transform();
        self.ctx.begin_path();
        self.ctx.rect(strip.from.x, strip.from.y, strip.to.x - strip.from.x, strip.to.y - strip.from.y);
        self.ctx.clip();
        self.ready(frame);
        let drawn = draw();
        self.ctx.restore();
        drawn
    }

    /// Makes one unit one CSS pixel of the picture.
    pub fn in_pixels(&self, frame: &Frame) {
        let _ = self.ctx.set_transform(frame.dpr, 0.0, 0.0, frame.dpr, 0.0, 0.0);
    }

    /// Makes one unit one path unit of an anchor, and says how the paths were laid.
    pub fn in_paths(&self, frame: &Frame, anchor: Anchor) -> Placement {
        let place = frame.placement(anchor);
        let scale = place.scale * frame.dpr;
        let _ = self.ctx.set_transform(scale, 0.0, 0.0, scale, place.x * frame.dpr, place.y * frame.dpr);
        place
    }

    /// Sets the colour of fills and texts.
    pub fn fill_with(&self, colour: &str) {
        self.ctx.set_fill_style_str(colour);
    }

    /// Sets the colour and width of lines, the width in the units of the moment.
    pub fn line_with(&self, colour: &str, width: f64) {
        self.ctx.set_stroke_style_str(colour);
        self.ctx.set_line_width(width);
    }

    /// Sets how much of everything drawn from now on covers what was there, 0–1.
    pub fn alpha(&self, alpha: f64) {
        self.ctx.set_global_alpha(alpha);
    }

    /// Sets the dashes of lines; none makes them whole.
    pub fn dash(&self, lengths: &[f64]) {
        let list: js_sys::Array = lengths.iter().map(|&length| JsValue::from_f64(length)).collect();
        let _ = self.ctx.set_line_dash(&list);
    }

    /// Fills a path by the nonzero rule: overlapping parts darken nothing.
    pub fn fill(&self, path: &Path2d) {
        self.ctx.fill_with_path_2d(path);
    }

    /// Fills a path by the even-odd rule: rings within rings are holes.
    pub fn fill_even_odd(&self, path: &Path2d) {
        self.ctx.fill_with_path_2d_and_winding(path, CanvasWindingRule::Evenodd);
    }

    /// Draws a path's line.
    pub fn stroke(&self, path: &Path2d) {
        self.ctx.stroke_with_path(path);
    }

    /// Fills a disc.
    pub fn disc(&self, at: Px, radius: f64) {
        self.arc(at, radius);
        self.ctx.fill();
    }

    /// Draws a circle's line.
    pub fn ring(&self, at: Px, radius: f64) {
        self.arc(at, radius);
        self.ctx.stroke();
    }

    /// Draws and fills a polygon given by its corners.
    pub fn polygon(&self, corners: &[Px]) {
        self.trace(corners);
        self.ctx.close_path();
        self.ctx.fill();
    }

    /// Draws lines through corners.
    pub fn polyline(&self, corners: &[Px]) {
        self.trace(corners);
        self.ctx.stroke();
    }

    /// Writes a text around a point, with a halo.
    pub fn label(&self, text: &str, at: Px, colour: &str, halo: &str) {
        self.ctx.set_text_align("center");
        self.ctx.set_text_baseline("middle");
        self.line_with(halo, 3.0);
        let _ = self.ctx.stroke_text(text, at.x, at.y);
        self.fill_with(colour);
        let _ = self.ctx.fill_text(text, at.x, at.y);
    }

    /// Writes a text around a point, on what is drawn there already.
    pub fn text(&self, text: &str, at: Px, colour: &str) {
        self.ctx.set_text_align("center");
        self.ctx.set_text_baseline("middle");
        self.fill_with(colour);
        let _ = self.ctx.fill_text(text, at.x, at.y);
    }

    /// Measures a text in the font of the moment, CSS pixels.
    pub fn text_width(&self, text: &str) -> f64 {
        self.ctx.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }

    /// Sets the font.
    pub fn font(&self, font: &str) {
        self.ctx.set_font(font);
    }

    /// Makes a pattern of a tile whose own unit is the device pixel; it lies still on the ground of the paths that it
    /// fills, and keeps its size on the screen.
    pub fn pattern(&self, tile: &HtmlCanvasElement, place: Placement, dpr: f64) -> Option<CanvasPattern> {
        let pattern = self.ctx.create_pattern_with_html_canvas_element(tile, "repeat").ok()??;
        let matrix = DomMatrix::new().ok()?;
        let unit = 1.0 / (place.scale * dpr);
        matrix.set_a(unit);
        matrix.set_d(unit);
        pattern.set_transform(matrix.unchecked_ref());
        Some(pattern)
    }

    /// Sets what fills are filled with to a pattern.
    pub fn fill_with_pattern(&self, pattern: &CanvasPattern) {
        self.ctx.set_fill_style_canvas_pattern(pattern);
    }

    /// Has the browser draw at once what it was told to draw on another canvas; by itself it waits until that is shown, or laid
    /// on another. This canvas is emptied: what is laid on it would keep a copy of the other.
    pub fn settle(&self, canvas: &HtmlCanvasElement) {
        let _ = self.ctx.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            canvas, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0,
        );
        if let Some(own) = self.ctx.canvas() {
            own.set_width(1);
        }
    }

    /// Lays another canvas into a box.
    pub fn picture(&self, canvas: &HtmlCanvasElement, left: f64, top: f64, width: f64, height: f64) {
        let _ = self.ctx.draw_image_with_html_canvas_element_and_dw_and_dh(canvas, left, top, width, height);
    }

    fn arc(&self, at: Px, radius: f64) {
        self.ctx.begin_path();
        let _ = self.ctx.arc(at.x, at.y, radius.max(0.0), 0.0, std::f64::consts::TAU);
    }

    fn trace(&self, corners: &[Px]) {
        self.ctx.begin_path();
        for corner in corners {
            self.ctx.line_to(corner.x, corner.y);
        }
    }
}

/// Adds the line through some corners to a path.
///
/// A ring is made by itself first: closing a contour costs Chromium as much as the path has corners already, which makes
/// a path of thousands of rings take seconds.
pub fn add_line(path: &Path2d, corners: impl IntoIterator<Item = Px>, closed: bool) {
    let Some(Ok(ring)) = closed.then(Path2d::new) else { return trace(path, corners) };
    trace(&ring, corners);
    ring.close_path();
    path.add_path(&ring);
}

fn trace(path: &Path2d, corners: impl IntoIterator<Item = Px>) {
    for (number, corner) in corners.into_iter().enumerate() {
        if number == 0 {
            path.move_to(corner.x, corner.y);
        } else {
            path.line_to(corner.x, corner.y);
        }
    }
}
