import { describe, expect, it } from 'vitest';
import { parseRollup, type Rollup, totalOf } from './rollup.js';

/** As Linux 6 writes it. */
const TEXT = `55a4c8e00000-7ffe3d5f2000 ---p 00000000 00:00 0                          [rollup]
Rss:               87040 kB
Pss:               35840 kB
Pss_Dirty:         30720 kB
Pss_Anon:          30720 kB
Pss_File:           5120 kB
Pss_Shmem:             0 kB
Shared_Clean:      55296 kB
Shared_Dirty:          0 kB
Private_Clean:      1024 kB
Private_Dirty:     30720 kB
Referenced:        87040 kB
Anonymous:         30720 kB
`;

describe('the memory of a process', () => {
  it('is read of what Linux rolls up, in MiB', () => {
    expect(parseRollup(TEXT)).toEqual({ resident: 85, proportional: 35, private: 31, anonymous: 30, files: 55 });
  });

  it('is unknown of a process that has ended', () => {
    expect(parseRollup('')).toBeUndefined();
  });

  it('is, of several, their sum, but pages of files count once where nothing else runs', () => {
    const slot: Rollup = { resident: 85, proportional: 35, private: 31, anonymous: 30, files: 55 };
    const main: Rollup = { resident: 470, proportional: 415, private: 409, anonymous: 400, files: 70 };
    expect(totalOf([main, slot, slot])).toEqual({ resident: 640, proportional: 485, private: 471, alone: 530 });
  });

  it('of none is nothing', () => {
    expect(totalOf([])).toEqual({ resident: 0, proportional: 0, private: 0, alone: 0 });
  });
});
