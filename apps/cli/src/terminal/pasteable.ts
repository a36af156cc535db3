/**
 * Writes the commands in a text as this user runs them, so that they can be pasted: from a checkout `lethe` alone is no
 * command. A command stands at the start, after a colon or in quotation marks.
 */
export function pasteable(text: string, command: string): string {
  return command === 'lethe' ? text : text.replace(/(?<=^|: |")lethe (?=[a-z-])/g, `${command} `);
}
