import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from '../../../cli/output/shell-word.ts';

it.each(['my-project', 'serviceAccount:a@b.iam', '', 'x;rm -rf ~', "it's", '$HOME', '`id`', 'a\nb', '*', '#x'])(
  '%j reaches a program as it is',
  (word) => expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`]).toString()).toBe(word),
);
