import { describe, expect, it } from '@jest/globals';
import { type CaseloadRecord, MAX_CELL_BYTES, readCaseload, UnreadableFileError } from './caseload-reader.ts';

async function* chunksOf(content: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(content: string | Buffer, size?: number): Promise<CaseloadRecord[]> {
  const records: CaseloadRecord[] = [];
  for await (const record of readCaseload(chunksOf(content, size), ['a', 'b'])) records.push(record);
  return records;
}

const brief = (records: CaseloadRecord[]): unknown[] =>
  records.map(({ line, cells, problems }) => [line, cells ?? problems.map(({ column, code }) => [column, code])]);

describe('readCaseload', () => {
  it('reads cells by name, whatever the order of columns, line ends and chunks', async () => {
    for (const size of [1, 3, 1_000]) {
      expect(brief(await read('\ufeffb,a\r\n1,é\r\n\r\n"x ""y"", z",2', size))).toEqual([
        [2, { a: 'é', b: '1' }],
        [4, { a: '2', b: 'x "y", z' }],
      ]);
    }
  });

  it('reads a quoted cell over several lines', async () => {
    expect(brief(await read('a,b\n"one\ntwo",2\n3,4'))).toEqual([
      [2, { a: 'one\ntwo', b: '2' }],
      [4, { a: '3', b: '4' }],
    ]);
  });

  it('reports the wrong number of cells', async () => {
    expect(brief(await read('a,b\n1\n1,2,3\n1,2'))).toEqual([
      [2, [[null, 'ROW.COLUMNS']]],
      [3, [[null, 'ROW.COLUMNS']]],
      [4, { a: '1', b: '2' }],
    ]);
  });

  it('loses one line to a quote that is never closed', async () => {
    expect(brief(await read('a,b\n"1,2\n3,4\n5,6"7\n8,9'))).toEqual([
      [2, [[null, 'ROW.QUOTES']]],
      [3, { a: '3', b: '4' }],
      [4, [[null, 'ROW.QUOTES']]],
      [5, { a: '8', b: '9' }],
    ]);
  });

  it('reports bytes that are no UTF-8 at their column', async () => {
    const broken = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xc3, 0x28]), Buffer.from('\n3,4')]);
    expect(brief(await read(broken))).toEqual([
      [2, [['b', 'CELL.NOT_UTF8']]],
      [3, { a: '3', b: '4' }],
    ]);
  });

  it('reports a NUL character', async () => {
    expect(brief(await read('a,b\n1,\0'))).toEqual([[2, [['b', 'CELL.CONTROL_CHARACTER']]]]);
  });

  it('reports a long cell, and a cell of 10 MB without keeping it', async () => {
    const content = Buffer.concat([
      Buffer.from(`a,b\n1,${'x'.repeat(MAX_CELL_BYTES + 1)}\n2,"`),
      Buffer.alloc(10 * 1024 * 1024, 'y'),
      Buffer.from('"\n3,4'),
    ]);
    expect(brief(await read(content, 64 * 1024))).toEqual([
      [2, [['b', 'CELL.TOO_LONG']]],
      [3, [['b', 'CELL.TOO_LONG']]],
      [4, { a: '3', b: '4' }],
    ]);
  });

  it.each([
    ['an empty file', '', 'the file is empty'],
    ['a missing column', 'a\n1', 'lacks the columns b'],
    ['a column that the mapping does not name', 'a,b,name\n1,2,3', 'has 1 column(s) that the mapping does not name'],
    ['a column twice', 'a,b,b\n1,2,3', 'names a column twice'],
    ['a header that is no CSV', '"a,b\n1,2', 'no header'],
  ])('refuses %s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(UnreadableFileError);
    await expect(read(content)).rejects.toThrow(message);
  });
});
