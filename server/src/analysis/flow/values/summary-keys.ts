import { keyOf } from "../../extract/values.js";
import type { Sink, Stored, Summary } from "./run.js";
import { type Flowing, type Guard, type Source, wholeOf } from "./sources.js";

/** Text that stays the same while callers see the same, wherever it is written. */
export function summaryKey({ returned, throws, completes, pending, stored }: Summary): string {
  return JSON.stringify([
    flowingKey(returned),
    guardsKey(throws),
    completes,
    pending.map(sinkKey),
    stored.map(storedKey),
  ]);
}

function storedKey({ place, value }: Stored): unknown {
  return [place.id, flowingKey(value)];
}

function sinkKey({ target, cap, handled, path, values, guards, passed, validated }: Sink): unknown {
  return [
    target && stable(keyOf(target)),
    cap,
    handled,
    path.map((item) => stable(keyOf(item.callee))),
    sourcesKey(values.values()),
    guardsKey(guards),
    passed.map(flowingKey),
    validated.size,
  ];
}

function flowingKey(flowing: Flowing): unknown {
  return [
    sourcesKey(wholeOf(flowing).values()),
    [...(flowing.members ?? [])].map(([name, member]) => [name, sourcesKey(wholeOf(member).values())]),
  ];
}

function sourcesKey(sources: Iterable<Source>): unknown {
  return [...sources].map((source) => sourceKey(source));
}

function guardsKey(guards: readonly Guard[]): unknown {
  return guards.map(({ source, test, exits }) => [sourceKey(source), test, exits]);
}

function sourceKey({ origin, derivation, test, implicit }: Source): unknown {
  const from =
    origin.kind === "operation"
      ? [
          stable(keyOf(origin.target)),
          origin.cap,
          origin.handled,
          origin.path.map((item) => stable(keyOf(item.callee))),
        ]
      : origin.kind === "parameter"
        ? [origin.index, origin.member]
        : [origin.what];
  return [from, derivation, test, implicit];
}

/** Ids of nameless functions differ from one version of a file to the next. */
function stable(key: string): string {
  return key.replace(/#~\d+/g, "#~");
}
