export { decodeHistory, HistoryFormatError } from "../../../runtime/src/history/jsonl.js";
export { galleryOfHistory, renderVerdict } from "./report.js";
export { type VerifyDocument, type VerifyResult, verifyHistory } from "./verify.js";
