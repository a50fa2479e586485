import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { constants, gunzipSync } from "node:zlib";

/** Long recordings are longer than a string may be. */
const pieceBytes = 1 << 20;

/** The text of a file, a piece after another; of a `.gz` what is packed in it. Throws what the file system says. */
export function* textPieces(file: string): Generator<string> {
  const decoder = new StringDecoder("utf8");
  for (const bytes of isPacked(file) ? unpacked(file) : read(file)) yield decoder.write(bytes);
  yield decoder.end();
}

function* read(file: string): Generator<Buffer> {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

const isPacked = (file: string): boolean => file.endsWith(".gz");

function* unpacked(file: string): Generator<Buffer> {
  // Of what was cut off in the midst, what is there: as of a file that is not packed.
  const whole = gunzipSync(readFileSync(file), { finishFlush: constants.Z_SYNC_FLUSH });
  for (let at = 0; at < whole.length; at += pieceBytes) yield whole.subarray(at, at + pieceBytes);
}
