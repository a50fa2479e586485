import { counterType } from "./counter.js";
import type { DataType } from "./data-type.js";
import { logType } from "./log.js";
import { mapType } from "./map.js";
import { registerType } from "./register.js";
import { setType } from "./set.js";

export { counterType, logType, mapType, registerType, setType };

const types: Readonly<Record<DataType["name"], DataType>> = {
  register: registerType,
  counter: counterType,
  set: setType,
  map: mapType,
  log: logType,
};

export function dataType(name: DataType["name"]): DataType {
  return types[name];
}
