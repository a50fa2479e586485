import type { Level } from "../../levels.js";
import { type Assumptions, type Claims, type OptionRemedy, together } from "../claims.js";

export interface PrimaryReplicaOptions {
  readonly reads: "primary" | "local";
  readonly acknowledge: "sync" | "semiSync" | "async";
  readonly failover: "manual" | "automatic";
  readonly fencing: boolean;
}

export const primaryReplicaClaims: Claims<PrimaryReplicaOptions> = { claims, caveat, remedies, assumes };

/** Of manual failover as long as nobody is promoted: what an operator will do is not written in the options. */
function claims({ reads, acknowledge, failover, fencing }: PrimaryReplicaOptions): Level {
  if (!fencing || (failover === "automatic" && acknowledge !== "sync")) return "none";
  return reads === "local" ? "eventual" : "linearizable";
}

function caveat({ reads, acknowledge, failover, fencing }: PrimaryReplicaOptions): string | undefined {
  if (!fencing)
    return "without `fencing` a primary that was replaced while it was cut off goes on taking writes, and throws them away when it hears of its successor";
  if (reads === "local" && (acknowledge === "sync" || failover === "manual"))
    return '`reads: "local"` answers from what has reached the replica at hand so far';
  if (acknowledge === "async")
    return '`acknowledge: "async"` confirms a write that nobody else has yet, and a failover forgets it';
  if (acknowledge === "semiSync")
    return '`acknowledge: "semiSync"` confirms a write that one other has, and a failover to a third forgets it';
  return undefined;
}

function remedies({ reads, acknowledge, failover, fencing }: PrimaryReplicaOptions): readonly OptionRemedy[] {
  const mayLose = acknowledge !== "sync" && failover === "automatic";
  const options = [
    ...(fencing
      ? []
      : [
          {
            text: "`fencing: true`: a primary that was replaced can confirm nothing more",
            options: { fencing: true },
          },
        ]),
    ...(mayLose
      ? [
          {
            text: '`acknowledge: "sync"`: whoever takes over has every confirmed write',
            options: { acknowledge: "sync" },
          },
        ]
      : []),
    ...(reads === "local"
      ? [{ text: '`reads: "primary"`: it has every confirmed write', options: { reads: "primary" } }]
      : []),
  ];
  // Each alone is not enough.
  return options.length === 0 ? [] : [together(options)];
}

function assumes({ acknowledge, failover }: PrimaryReplicaOptions): Assumptions | undefined {
  if (acknowledge === "sync" || failover === "automatic") return undefined;
  return {
    promotion: false,
    otherwise: `With \`acknowledge: "${acknowledge}"\` the new primary may lack writes that were confirmed, and goes on without them.`,
    remedies: [
      {
        text: '`acknowledge: "sync"`: whoever is promoted has every confirmed write',
        options: { acknowledge: "sync" },
      },
    ],
  };
}
