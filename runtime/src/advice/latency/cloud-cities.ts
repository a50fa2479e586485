import { type Region, regions } from "../../simulation/network/regions.js";

/**
 * Where clouds have regions, far from all of the cities of `regions`: towns beside a data centre's name, as it is the
 * place that counts. By what the providers publish of them, each good to some tens of kilometres.
 */
const others: readonly Region[] = [
  { name: "the-dalles", latitude: 45.5946, longitude: -121.1787 },
  { name: "quincy", latitude: 47.2343, longitude: -119.8526 },
  { name: "las-vegas", latitude: 36.1716, longitude: -115.1391 },
  { name: "phoenix", latitude: 33.4484, longitude: -112.074 },
  { name: "salt-lake-city", latitude: 40.7608, longitude: -111.891 },
  { name: "san-antonio", latitude: 29.4241, longitude: -98.4936 },
  { name: "council-bluffs", latitude: 41.2619, longitude: -95.8608 },
  { name: "des-moines", latitude: 41.5868, longitude: -93.625 },
  { name: "boydton", latitude: 36.6677, longitude: -78.3875 },
  { name: "moncks-corner", latitude: 33.196, longitude: -80.0131 },
  { name: "toronto", latitude: 43.6532, longitude: -79.3832 },
  { name: "calgary", latitude: 51.0447, longitude: -114.0719 },
  { name: "queretaro", latitude: 20.5888, longitude: -100.3899 },
  { name: "zaragoza", latitude: 41.6488, longitude: -0.8891 },
  { name: "mons", latitude: 50.4542, longitude: 3.9523 },
  { name: "amsterdam", latitude: 52.3676, longitude: 4.9041 },
  { name: "eemshaven", latitude: 53.4386, longitude: 6.8355 },
  { name: "berlin", latitude: 52.52, longitude: 13.405 },
  { name: "warsaw", latitude: 52.2297, longitude: 21.0122 },
  { name: "oslo", latitude: 59.9139, longitude: 10.7522 },
  { name: "gavle", latitude: 60.6749, longitude: 17.1413 },
  { name: "hamina", latitude: 60.5693, longitude: 27.1878 },
  { name: "doha", latitude: 25.2854, longitude: 51.531 },
  { name: "johannesburg", latitude: -26.2041, longitude: 28.0473 },
  { name: "pune", latitude: 18.5204, longitude: 73.8567 },
  { name: "delhi", latitude: 28.6139, longitude: 77.209 },
  { name: "chennai", latitude: 13.0827, longitude: 80.2707 },
  { name: "kuala-lumpur", latitude: 3.139, longitude: 101.6869 },
  { name: "bangkok", latitude: 13.7563, longitude: 100.5018 },
  { name: "changhua", latitude: 24.0518, longitude: 120.5161 },
];

/** By name. */
export const cloudCities: ReadonlyMap<string, Region> = new Map(
  [...regions, ...others].map((city) => [city.name, city]),
);
