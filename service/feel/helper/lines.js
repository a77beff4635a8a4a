import { readSync, writeSync } from 'node:fs';

const INPUT = 0;
const OUTPUT = 1;
const NEWLINE = 0x0a;

/** The lines of the standard input, until it ends. */
export function* readLines() {
  const chunk = Buffer.allocUnsafe(65_536);
  let parts = [];
  for (;;) {
    const size = readSync(INPUT, chunk);
    if (size === 0) {
      return;
    }
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1 && end < size; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(Buffer.from(chunk.subarray(start, end)));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      start = end + 1;
    }
    parts.push(Buffer.from(chunk.subarray(start, size)));
  }
}

export function writeLine(text) {
  const bytes = Buffer.from(text + '\n');
  for (let sent = 0; sent < bytes.length;) {
    sent += writeSync(OUTPUT, bytes, sent);
  }
}
