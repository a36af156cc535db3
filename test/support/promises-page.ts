import { basename } from 'node:path';
import { format } from 'prettier';
import { REQUIREMENTS, type RequirementId } from '../requirements.js';
import { promiseGroups, proofs } from './promises.js';

const HEAD = `# Promises

What Lethe promises, and the tests that prove each promise. A promise without a test fails the suite. This page is generated
from \`test/requirements.ts\`; \`npx vitest run -u --project architecture requirements\` writes it again.
`;

/** The page \`docs/promises.md\`. */
export function promisesPage(): Promise<string> {
  const proven = proofs();
  const groups = promiseGroups().map(({ title, ids }) => {
    const lines = ids.map((id) => promiseLine(id, proven.get(id) ?? []));
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  return format([HEAD, ...groups].join('\n'), { parser: 'markdown', proseWrap: 'always', printWidth: 120 });
}

function promiseLine(id: RequirementId, files: readonly string[]): string {
  const links = files.map((file) => `[${basename(file)}](../${file})`);
  return `- **${id}**: ${REQUIREMENTS[id]}. ${links.join(', ')}`;
}
