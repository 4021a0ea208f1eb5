//! Where things are on the screen: Web Mercator pixels of one picture, and plane coordinates that outlive a zoom.

use super::layers::heat::COARSE;
use fengtu_geo::mercator::{self, Metres, WorldPixel};
use fengtu_geo::{BBox, LonLat};

/// Zoom at which paths are built once and for all; every picture scales them.
///
/// At zoom 20 a pixel is 14 cm on the ground at Shenzhen's latitude, and a district of 30 km spans 2^18 pixels, which the
/// 24 bits of a canvas's own coordinates still hold to a sixty-fourth of a pixel.
pub const PATH_ZOOM: f64 = 20.0;

/// Holds one picture's place: what part of the world, at which zoom, a canvas shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Zoom, which may be a fraction.
    pub zoom: f64,
    /// Western edge, world pixels at `zoom`.
    pub left: f64,
    /// Northern edge, world pixels at `zoom`.
    pub top: f64,
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub dpr: f64,
}

/// Holds a point of a picture in CSS pixels from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Px {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Px {
    /// Gives the distance to another point in pixels.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Holds a box of a picture in device pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strip {
    /// Its top left corner.
    pub from: Px,
    /// Its bottom right corner.
    pub to: Px,
}

/// Holds how a picture becomes that of a frame beside its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// How far all that is drawn moves, device pixels.
    pub by: Px,
    /// What is to be drawn then: nothing of it overlaps.
    pub strips: Vec<Strip>,
}

/// Holds the origin of a set of paths: a world pixel at [`PATH_ZOOM`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Anchor {
    /// To the east.
    pub x: f64,
    /// To the south.
    pub y: f64,
}

impl Anchor {
    /// Puts the origin at a place.
    pub fn at(point: LonLat) -> Self {
        let WorldPixel { x, y } = mercator::to_world_pixel(point, PATH_ZOOM);
        Self { x: x.round(), y: y.round() }
    }

    /// Gives a place in path coordinates.
    pub fn path_point(self, point: LonLat) -> Px {
        let WorldPixel { x, y } = mercator::to_world_pixel(point, PATH_ZOOM);
        Px { x: x - self.x, y: y - self.y }
    }
}

/// Says how path coordinates become a picture's CSS pixels: `scale × path + (x, y)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// CSS pixels per path unit.
    pub scale: f64,
    /// Shift to the right.
    pub x: f64,
    /// Shift down.
    pub y: f64,
}

impl Frame {
    /// Makes the frame of a viewport of `width × height` CSS pixels around a centre, wider by `margin` of it on each side.
    pub fn around(center: LonLat, zoom: f64, size: (f64, f64), margin: f64, dpr: f64) -> Self {
        let WorldPixel { x, y } = mercator::to_world_pixel(center, zoom);
        let whole = |side: f64| (side * (1.0 + 2.0 * margin)).ceil();
        let (width, height) = (whole(size.0), whole(size.1));
        // On whole device pixels, so that hairlines stay one pixel wide. With a margin on whole pixels of the heat too, where
        // those are whole device pixels: of one that has moved by whole pixels most can be kept.
        let is_whole = margin > 0.0 && (COARSE * dpr).fract() == 0.0;
        let step = if is_whole { COARSE } else { dpr.recip() };
        let snap = |at: f64| (at / step).round() * step;
        Self { zoom, left: snap(x - width / 2.0), top: snap(y - height / 2.0), width, height, dpr }
    }

    /// Gives the same picture as a browser would have it whose CSS pixel is `scale` times larger: names, symbols and lines
    /// drawn in it are larger by that, and lie where they were.
    #[must_use]
    pub fn enlarged(&self, scale: f64) -> Self {
        Self {
            zoom: self.zoom - scale.log2(),
            left: self.left / scale,
            top: self.top / scale,
            width: self.width / scale,
            height: self.height / scale,
            dpr: self.dpr * scale,
        }
    }

    /// Gives where a place falls in the picture.
    pub fn px(&self, point: LonLat) -> Px {
        let WorldPixel { x, y } = mercator::to_world_pixel(point, self.zoom);
        Px { x: x - self.left, y: y - self.top }
    }

    /// Gives where a place in Web Mercator metres falls in the picture.
    pub fn px_of_metres(&self, at: Metres) -> Px {
        let scale = mercator::world_size(self.zoom) / (2.0 * mercator::HALF_WORLD);
        Px { x: (at.x + mercator::HALF_WORLD) * scale - self.left, y: (mercator::HALF_WORLD - at.y) * scale - self.top }
    }

    /// Gives the place that a pixel of the picture shows.
    pub fn ground(&self, px: Px) -> LonLat {
        mercator::from_world_pixel(WorldPixel { x: px.x + self.left, y: px.y + self.top }, self.zoom)
    }

    /// Says how paths of an anchor are laid into this picture.
    pub fn placement(&self, anchor: Anchor) -> Placement {
        let scale = (self.zoom - PATH_ZOOM).exp2();
        Placement { scale, x: anchor.x * scale - self.left, y: anchor.y * scale - self.top }
    }

    /// Gives the place in the middle of the picture.
    pub fn middle(&self) -> LonLat {
        self.ground(Px { x: self.width / 2.0, y: self.height / 2.0 })
    }

    /// Gives the ground that the picture shows.
    pub fn bounds(&self) -> BBox {
        let top_left = self.ground(Px::default());
        let bottom_right = self.ground(Px { x: self.width, y: self.height });
        BBox { west: top_left.lon, south: bottom_right.lat, east: bottom_right.lon, north: top_left.lat }
    }

    /// Gives the ground that the picture and `slack` pixels around it show, Web Mercator metres: its low corner and its high one.
    pub fn reach(&self, slack: Px) -> [Metres; 2] {
        let scale = 2.0 * mercator::HALF_WORLD / mercator::world_size(self.zoom);
        let at = |x: f64, y: f64| Metres {
            x: (self.left + x) * scale - mercator::HALF_WORLD,
            y: mercator::HALF_WORLD - (self.top + y) * scale,
        };
        [at(-slack.x, self.height + slack.y), at(self.width + slack.x, -slack.y)]
    }

    /// Tells whether a pixel is in the picture or less than `slack` pixels off it.
    pub fn shows(&self, px: Px, slack: f64) -> bool {
        (-slack..=self.width + slack).contains(&px.x) && (-slack..=self.height + slack).contains(&px.y)
    }

    /// Gives the metres on the ground of one CSS pixel in the middle of the picture.
    pub fn metres_per_pixel(&self) -> f64 {
        mercator::metres_per_pixel(self.middle().lat, self.zoom)
    }

    /// Says where the picture lies, and how much larger, in a map at another zoom whose layer origin is the world pixel
    /// `origin`: what a finished picture is moved and scaled by until it is drawn anew.
    pub fn moved_to(&self, zoom: f64, origin: Px) -> Placement {
        let scale = (zoom - self.zoom).exp2();
        Placement { scale, x: self.left * scale - origin.x, y: self.top * scale - origin.y }
    }

    /// Says how this picture becomes that of another frame of the same zoom and size by being moved; `None` if less than half of
    /// it would stay.
    pub fn shift_to(&self, next: &Self) -> Option<Shift> {
        let is = |a: f64, b: f64| (a - b).abs() < 1e-9;
        if !self.is_at_zoom_of(next)
            || !is(self.dpr, next.dpr)
            || !is(self.width, next.width)
            || !is(self.height, next.height)
        {
            return None;
        }
        let (width, height) = ((self.width * self.dpr).round(), (self.height * self.dpr).round());
        let (x, y) = ((self.left - next.left) * self.dpr, (self.top - next.top) * self.dpr);
        let by = Px { x: x.round(), y: y.round() };
        let stays = (width - by.x.abs()).max(0.0) * (height - by.y.abs()).max(0.0);
        if by.distance(Px { x, y }) > 0.01 || stays < width * height / 2.0 {
            return None;
        }
        // What stays lies between these.
        let (west, east) = (by.x.max(0.0), width + by.x.min(0.0));
        let (north, south) = (by.y.max(0.0), height + by.y.min(0.0));
        let strip = |x0, y0, x1, y1| Strip { from: Px { x: x0, y: y0 }, to: Px { x: x1, y: y1 } };
        let beside = [strip(0.0, 0.0, west, height), strip(east, 0.0, width, height)];
        let across = [strip(west, 0.0, east, north), strip(west, south, east, height)];
        let strips = beside.into_iter().chain(across).filter(|s| s.from.x < s.to.x && s.from.y < s.to.y).collect();
        Some(Shift { by, strips })
    }

    /// Gives a part of the picture as a frame of its own.
    #[must_use]
    pub fn part(&self, strip: Strip) -> Self {
        let css = |device: f64| device / self.dpr;
        let (left, top) = (self.left + css(strip.from.x), self.top + css(strip.from.y));
        let (width, height) = (css(strip.to.x - strip.from.x), css(strip.to.y - strip.from.y));
        Self { left, top, width, height, ..*self }
    }

    /// Tells whether another frame is at the same zoom.
    pub fn is_at_zoom_of(&self, view: &Self) -> bool {
        (self.zoom - view.zoom).abs() < 1e-9
    }

    /// Tells whether another frame (the visible part) lies inside this picture, at the same zoom.
    pub fn holds(&self, view: &Self) -> bool {
        self.is_at_zoom_of(view)
            && (self.dpr - view.dpr).abs() < 1e-9
            && self.left <= view.left + 1.0
            && self.top <= view.top + 1.0
            && self.left + self.width >= view.left + view.width - 1.0
            && self.top + self.height >= view.top + view.height - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    fn frame(zoom: f64) -> Frame {
        Frame::around(HALL, zoom, (1280.0, 800.0), 0.2, 2.0)
    }

    #[test]
    fn the_centre_is_in_the_middle_to_half_a_device_pixel_and_with_a_margin_to_half_a_pixel_of_the_heat() {
        for zoom in [10.0, 13.25, 18.75] {
            for (frame, most) in
                [(Frame::around(HALL, zoom, (1280.0, 800.0), 0.0, 2.0), 0.25), (frame(zoom), COARSE / 2.0)]
            {
                let px = frame.px(HALL);
                let off = (px.x - frame.width / 2.0).abs().max((px.y - frame.height / 2.0).abs());
                assert!(off <= most, "{zoom}: {px:?}");
            }
        }
    }

    #[test]
    fn paths_and_points_agree_at_every_zoom() {
        let far = LonLat { lon: 114.02, lat: 22.82 };
        let anchor = Anchor::at(HALL);
        for zoom in [9.5, 12.0, 14.75, 19.0] {
            let frame = frame(zoom);
            let (place, path) = (frame.placement(anchor), anchor.path_point(far));
            let laid = Px { x: place.scale * path.x + place.x, y: place.scale * path.y + place.y };
            assert!(laid.distance(frame.px(far)) < 1e-4, "{zoom}: {laid:?}");
        }
    }

    #[test]
    fn what_stays_and_the_strips_beside_it_are_the_whole_picture() {
        let here = frame(13.0);
        for (right, down) in [(0.0, 0.0), (120.0, 0.0), (-7.5, 33.0), (64.0, -200.0), (-300.0, -1.0)] {
            let next = Frame { left: here.left + right, top: here.top + down, ..here };
            let shift = here.shift_to(&next);
            assert_eq!(shift.as_ref().map(|shift| shift.by), Some(Px { x: -right * 2.0, y: -down * 2.0 }));
            let Shift { by, strips } = shift.unwrap_or(Shift { by: Px::default(), strips: Vec::new() });
            let area = |s: &Strip| (s.to.x - s.from.x) * (s.to.y - s.from.y);
            let stays = (here.width * 2.0 - by.x.abs()) * (here.height * 2.0 - by.y.abs());
            let whole = here.width * here.height * 4.0;
            assert!((strips.iter().map(area).sum::<f64>() + stays - whole).abs() < 1e-6, "{right}, {down}");
        }
        let far = Frame { left: here.left + here.width * 0.6, ..here };
        let between = Frame { left: here.left + 0.2, ..here };
        for next in [far, between, frame(13.5), Frame { width: here.width + 2.0, ..here }] {
            assert_eq!(here.shift_to(&next), None, "{next:?}");
        }
    }

    #[test]
    fn ground_and_pixel_are_each_others_inverse() {
        let frame = frame(15.25);
        let px = Px { x: 123.25, y: 456.5 };
        assert!(frame.px(frame.ground(px)).distance(px) < 1e-5);
        assert!(frame.bounds().contains(HALL));
    }

    #[test]
    fn a_moved_picture_lies_where_a_fresh_one_would() {
        let (old, fresh) = (frame(13.0), frame(14.5));
        let origin = Px { x: fresh.left, y: fresh.top };
        let placement = old.moved_to(14.5, origin);
        let (px, want) = (old.px(HALL), fresh.px(HALL));
        let got = Px { x: placement.scale * px.x + placement.x, y: placement.scale * px.y + placement.y };
        assert!(got.distance(want) < 1e-4, "{got:?} is not {want:?}");
    }

    #[test]
    fn an_enlarged_picture_shows_each_place_on_the_same_device_pixel() {
        let (plain, large) = (frame(13.25), frame(13.25).enlarged(2.5));
        let device = |frame: &Frame| (frame.px(HALL).x * frame.dpr, frame.px(HALL).y * frame.dpr);
        let (a, b) = (device(&plain), device(&large));
        assert!((a.0 - b.0).abs() < 1e-4 && (a.1 - b.1).abs() < 1e-4, "{a:?} is not {b:?}");
        assert!((large.bounds().west - plain.bounds().west).abs() < 1e-9);
    }

    #[test]
    fn pictures_with_a_margin_lie_whole_heat_pixels_apart() {
        let left = |zoom: f64, dpr: f64, px: f64| {
            let center = mercator::to_world_pixel(HALL, zoom);
            let moved = mercator::from_world_pixel(WorldPixel { x: center.x + px, ..center }, zoom);
            Frame::around(moved, zoom, (1001.0, 600.0), 0.2, dpr).left
        };
        for (zoom, dpr) in [(14.0, 1.0), (13.25, 1.5), (15.0, 2.0)] {
            let way = left(zoom, dpr, 37.4) - left(zoom, dpr, 0.0);
            assert!((way - 37.4).abs() <= COARSE && (way / COARSE).fract() == 0.0, "{zoom} {dpr}: {way}");
        }
        assert!((left(14.0, 1.25, 0.0) * 1.25).fract() == 0.0, "whole device pixels before all");
    }

    #[test]
    fn a_picture_with_a_margin_holds_a_short_pan_and_no_zoom() {
        let picture = Frame::around(HALL, 14.0, (1000.0, 600.0), 0.2, 1.0);
        let view = Frame::around(HALL, 14.0, (1000.0, 600.0), 0.0, 1.0);
        assert!(picture.holds(&view));
        assert!(picture.holds(&Frame { left: view.left + 150.0, ..view }));
        assert!(!picture.holds(&Frame { left: view.left + 250.0, ..view }));
        assert!(!picture.holds(&Frame { zoom: 14.25, ..view }));
    }
}
