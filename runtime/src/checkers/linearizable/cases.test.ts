import { join } from "node:path";
import { holdsCases } from "../search/testing/timeline-cases.js";
import { checkLinearizable } from "./checker.js";

holdsCases(join(__dirname, "cases.histories"), (history) => checkLinearizable(history));
