export { type SpectrumEntry, spectrum, spectrumOf } from "./spectrum.js";
