import { compareLevels, type Level } from "../../../runtime/src/levels.js";
import type { FieldClassification, LevelAdvice } from "../advise/advise.js";
import { slowest } from "../advise/candidates.js";
import { inSentence, whatIsLost } from "../advise/decision.js";
import { capitalised, levelName } from "../rules/words.js";
import type { AuditSavings, AuditVerdict } from "./audit.js";

/** Whether what is there fits what it holds. */
export function verdictOf(
  level: Level | null,
  classification: FieldClassification,
  levels: readonly LevelAdvice[],
): AuditVerdict {
  const { name, weakest, usual, strongest, reason, loss } = classification;
  const say = (kind: AuditVerdict["kind"], because: string, to: Level | null = null): AuditVerdict => ({
    ...{ kind, because: because.trim(), level: to },
    saves: kind === "could be weaker" && level !== null && to !== null ? savings(level, to, levels) : null,
  });
  if (name === null || weakest === null || usual === null || strongest === null)
    return say("NEEDS_ANALYSIS", `${capitalised(reason)}.`);
  if (level === null)
    return say("level unknown", `${capitalised(reason)}, which needs ${levelName(weakest)} at least.`);
  if (compareLevels(level, weakest) < 0)
    return say("must be stronger", `${capitalised(reason)}. Below ${weakest}: ${inSentence(loss)}`, usual);
  if (compareLevels(level, strongest) > 0)
    return say(
      "could be weaker",
      `${capitalised(reason)}. Nobody is served better above ${strongest}. ${whatIsLost({ ...classification, weakest: usual })}`,
      usual,
    );
  return say("fits", `${capitalised(reason)}.`);
}

function savings(from: Level, to: Level, levels: readonly LevelAdvice[]): AuditSavings | null {
  const [now, then] = [from, to].map((each) => levels.find(({ level }) => level === each));
  if (now === undefined || then === undefined) return null;
  const ms = (access: "read" | "write"): number => slowest(now, access).ms - slowest(then, access).ms;
  return {
    usdPerMillionOperations: Math.round((now.usdPerMillionOperations - then.usdPerMillionOperations) * 100) / 100,
    writeMs: Math.round(ms("write") * 10) / 10,
    readMs: Math.round(ms("read") * 10) / 10,
  };
}
