/** The few things of Node that a recording needs, without types or imports of Node: bundles for browsers have neither. */
export interface Node {
  readonly fs: FileSystem;
  /** A key that nobody can guess. */
  newKey(): Uint8Array;
  /** Equal for equal texts under one key, and says nothing of the text to whoever has not the key. */
  fingerprint(text: string, key: Uint8Array): string;
  onExit(listener: () => void): void;
  offExit(listener: () => void): void;
  warn(message: string): void;
}

export interface FileSystem {
  openSync(file: string, flags: "w"): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  closeSync(descriptor: number): void;
  write(
    descriptor: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void;
  close(descriptor: number, done: (error?: Error | null) => void): void;
}

interface Crypto {
  randomBytes(count: number): Uint8Array;
  createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
}

interface Hmac {
  update(text: string): Hmac;
  digest(encoding: "hex"): string;
}

interface Process {
  getBuiltinModule?(name: string): unknown;
  once(event: "exit", listener: () => void): void;
  off(event: "exit", listener: () => void): void;
  emitWarning(message: string, options: { readonly type: string }): void;
}

/** Undefined outside of Node. Asked by name, so that no bundler looks for what it cannot find. */
export function surroundingNode(): Node | undefined {
  const { process } = globalThis as { readonly process?: unknown } as { readonly process?: Process };
  const fs = process?.getBuiltinModule?.("node:fs") as FileSystem | undefined;
  const crypto = process?.getBuiltinModule?.("node:crypto") as Crypto | undefined;
  if (process === undefined || fs === undefined || crypto === undefined) return undefined;
  return {
    fs,
    newKey: () => crypto.randomBytes(32),
    fingerprint: (text, key) => crypto.createHmac("sha256", key).update(text).digest("hex").slice(0, 16),
    onExit: (listener) => process.once("exit", listener),
    offExit: (listener) => process.off("exit", listener),
    warn: (message) => process.emitWarning(message, { type: "FaultlineWarning" }),
  };
}
