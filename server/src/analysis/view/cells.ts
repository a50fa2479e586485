import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { cellLevel, type DecoratorFacts } from "../extract/annotations.js";
import { findMember } from "../extract/classes.js";
import { splitId } from "../extract/extraction.js";
import { fieldValue } from "../extract/members.js";
import { type Structure, structureOf } from "../extract/structures.js";
import type { ClassId, Value } from "../extract/values.js";
import type { Cell, CellOperation, LevelAnnotation } from "../model.js";
import { siteOf } from "../sites.js";
import { describeField } from "./field-description.js";
import { operationsOf } from "./operations.js";
import type { View } from "./view.js";

/** What a cell is made from. As long as the first four are the same, it is the same cell. */
interface Facts {
  readonly node: ts.PropertyDeclaration;
  readonly state: object;
  readonly epoch: number;
  readonly level: Level | undefined;
  readonly decorator: (DecoratorFacts & { readonly level: Level }) | undefined;
  readonly handle: Value & { readonly kind: "handle" };
}

interface Known {
  facts: Facts | undefined;
  cell: Cell | undefined;
  askedAt: number;
}

/**
 * The cells that rules see. One stays the same object while its declaration does, so that what is kept of the code around
 * goes on to speak of it; what other code has to do with it is computed anew after each edit.
 */
export class Cells {
  readonly #known: Map<string, Known>;
  readonly #note: (key: string) => void;

  constructor(private readonly view: View) {
    const { x } = view.sources;
    this.#known = x.reads.forgetful(({ facts }) => facts === undefined || !x.isCurrent(facts.node));
    this.#note = view.sources.x.reads.topic((key: string) => this.#at(key));
  }

  /** The cell that a field holds, seen on an object of the class `receiver`. */
  of(receiver: ClassId, declaredIn: ClassId, field: string): Cell | undefined {
    const key = [receiver, declaredIn, field].join("\n");
    this.#note(key);
    return this.#at(key);
  }

  #at(key: string): Cell | undefined {
    const { now } = this.view.sources.x.reads;
    const known = this.#known.get(key);
    if (known?.askedAt === now) return known.cell;
    const [receiver = "", declaredIn = "", field = ""] = key.split("\n");
    const facts = this.#factsOf(receiver, declaredIn, field);
    const cell =
      known?.facts !== undefined && facts !== undefined && areSame(known.facts, facts)
        ? known.cell
        : facts && this.#build(key, facts, declaredIn, field);
    if (known === undefined) this.#known.set(key, { facts, cell, askedAt: now });
    else Object.assign(known, { facts, cell, askedAt: now });
    return cell;
  }

  #factsOf(receiver: ClassId, declaredIn: ClassId, field: string): Facts | undefined {
    const { x } = this.view.sources;
    const node = findMember(x, declaredIn, field, "instance")?.node;
    if (node === undefined || !ts.isPropertyDeclaration(node) || !ts.isClassLike(node.parent)) return undefined;
    const handle = fieldValue(x, node);
    if (handle.kind !== "handle") return undefined;
    const decorator = cellLevel(x, receiver, node);
    const epoch = x.epochOf(splitId(receiver)[0]);
    return { node, state: x.stateOf(node), epoch, level: decorator?.level, decorator, handle };
  }

  #build(key: string, { node, handle, level, decorator }: Facts, declaredIn: ClassId, field: string): Cell {
    const { x } = this.view.sources;
    const argument = handle.call.arguments[0];
    const initial = argument === undefined ? undefined : x.evaluate(argument);
    const facts = (): Facts | undefined => {
      this.#at(key);
      return this.#known.get(key)?.facts;
    };
    const annotation = (): LevelAnnotation | undefined => {
      const now = facts()?.decorator;
      return now && this.view.levelAnnotation(now);
    };
    const cell = {
      name: field,
      owner: node.parent.name?.text ?? "the class",
      dataType: handle.type,
      initial: initial?.kind === "literal" ? initial.value : undefined,
      level,
      ownsAnnotation: decorator?.node.parent === node,
      site: siteOf(node.name),
    };
    return x.reads.lively(cell, {
      annotation,
      operations: (): readonly CellOperation[] => operationsOf(this.view, declaredIn, field),
      description: () => describeField(node, handle.call),
      structure: (): Structure | undefined =>
        handle.type === "register" ? structureOf(x, handle.call, node) : undefined,
    });
  }
}

function areSame(a: Facts, b: Facts): boolean {
  return a.node === b.node && a.state === b.state && a.epoch === b.epoch && a.level === b.level;
}
