// WGS-84 to GCJ-02 by the public formula, so that the app is checked against something else than itself.
const A = 6378245.0;
const EE = 0.00669342162296594323;

/** Moves a position in China as its map makers must. */
export function toGcj02([lon, lat]) {
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - EE * Math.sin(radians) ** 2;
  const root = Math.sqrt(magic);
  const [x, y] = [lon - 105, lat - 35];
  const dLat = (northing(x, y) * 180) / (((A * (1 - EE)) / (magic * root)) * Math.PI);
  const dLon = (easting(x, y) * 180) / ((A / root) * Math.cos(radians) * Math.PI);
  return [lon + dLon, lat + dLat];
}

const wave = (v, a, b) => ((a * Math.sin(v * Math.PI) + b * Math.sin((v / 3) * Math.PI)) * 2) / 3;
const common = (x) => ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;

function northing(x, y) {
  const long = ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common(x) + wave(y, 20, 40) + long;
}

function easting(x, y) {
  const long = ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common(x) + wave(x, 20, 40) + long;
}
