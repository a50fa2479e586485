import { arcsine, cosine, sine } from "../numeric.js";

export interface Region {
  readonly name: string;
  /** Degrees, north and east positive. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Where the large clouds have regions, by city. A scenario may also give its own `{ name, latitude, longitude }`. */
export const regions: readonly Region[] = [
  { name: "nyc", latitude: 40.7128, longitude: -74.006 },
  { name: "london", latitude: 51.5074, longitude: -0.1278 },
  { name: "tokyo", latitude: 35.6762, longitude: 139.6503 },
  { name: "virginia", latitude: 39.0438, longitude: -77.4874 },
  { name: "ohio", latitude: 39.9612, longitude: -82.9988 },
  { name: "montreal", latitude: 45.5017, longitude: -73.5673 },
  { name: "chicago", latitude: 41.8781, longitude: -87.6298 },
  { name: "dallas", latitude: 32.7767, longitude: -96.797 },
  { name: "oregon", latitude: 45.8399, longitude: -119.7006 },
  { name: "san-francisco", latitude: 37.7749, longitude: -122.4194 },
  { name: "los-angeles", latitude: 34.0522, longitude: -118.2437 },
  { name: "sao-paulo", latitude: -23.5505, longitude: -46.6333 },
  { name: "santiago", latitude: -33.4489, longitude: -70.6693 },
  { name: "dublin", latitude: 53.3498, longitude: -6.2603 },
  { name: "paris", latitude: 48.8566, longitude: 2.3522 },
  { name: "madrid", latitude: 40.4168, longitude: -3.7038 },
  { name: "frankfurt", latitude: 50.1109, longitude: 8.6821 },
  { name: "zurich", latitude: 47.3769, longitude: 8.5417 },
  { name: "milan", latitude: 45.4642, longitude: 9.19 },
  { name: "stockholm", latitude: 59.3293, longitude: 18.0686 },
  { name: "tel-aviv", latitude: 32.0853, longitude: 34.7818 },
  { name: "bahrain", latitude: 26.0667, longitude: 50.5577 },
  { name: "dubai", latitude: 25.2048, longitude: 55.2708 },
  { name: "cape-town", latitude: -33.9249, longitude: 18.4241 },
  { name: "mumbai", latitude: 19.076, longitude: 72.8777 },
  { name: "hyderabad", latitude: 17.385, longitude: 78.4867 },
  { name: "singapore", latitude: 1.3521, longitude: 103.8198 },
  { name: "jakarta", latitude: -6.2088, longitude: 106.8456 },
  { name: "hong-kong", latitude: 22.3193, longitude: 114.1694 },
  { name: "taipei", latitude: 25.033, longitude: 121.5654 },
  { name: "seoul", latitude: 37.5665, longitude: 126.978 },
  { name: "osaka", latitude: 34.6937, longitude: 135.5023 },
  { name: "sydney", latitude: -33.8688, longitude: 151.2093 },
  { name: "melbourne", latitude: -37.8136, longitude: 144.9631 },
  { name: "auckland", latitude: -36.8509, longitude: 174.7645 },
];

export const defaultRegions: readonly string[] = ["nyc", "london", "tokyo"];

const byName: ReadonlyMap<string, Region> = new Map(regions.map((region) => [region.name, region]));

/** The region of that name, or undefined. */
export function findRegion(name: string): Region | undefined {
  return byName.get(name);
}

/** Mean radius of the Earth in km (IUGG). */
const earthRadiusKm = 6371.0088;

/** Great-circle distance in km. */
export function distanceKm(a: Region, b: Region): number {
  const radians = Math.PI / 180;
  const halfLatitude = sine(((b.latitude - a.latitude) / 2) * radians);
  const halfLongitude = sine(((b.longitude - a.longitude) / 2) * radians);
  const cosines = cosine(a.latitude * radians) * cosine(b.latitude * radians);
  return 2 * earthRadiusKm * arcsine(Math.sqrt(halfLatitude * halfLatitude + cosines * halfLongitude * halfLongitude));
}

/** Light in vacuum: exact, as the metre is defined by it (SI, 1983). */
export const lightKmPerSecond = 299_792.458;

/** How many times slower light is in fibre: the refractive index of glass. */
export const fibreFactor = 1.5;

export const fibreKmPerSecond = lightKmPerSecond / fibreFactor;

/** The least one-way latency in microseconds that fibre along the great circle allows. */
export function latencyFloorUs(a: Region, b: Region): number {
  return Math.round((distanceKm(a, b) / fibreKmPerSecond) * 1_000_000);
}
