import { claudeCode } from './agents/claude-code.js';
import { cline } from './agents/cline.js';
import { codex } from './agents/codex.js';
import { continueCli } from './agents/continue.js';
import { copilot } from './agents/copilot.js';
import { geminiCli } from './agents/gemini-cli.js';
import { opencode } from './agents/opencode.js';
import { qwenCode } from './agents/qwen-code.js';
import { inspector } from './commands/inspector.js';
import { mcpRemote } from './commands/mcp-remote.js';
import { mcpc } from './commands/mcpc.js';
import { mcporter } from './commands/mcporter.js';
import { LIBRARIES } from './libraries/libraries.js';
import type { LabClient } from './client.js';

/** All clients of the lab, in the order of the page. */
export const CLIENTS: LabClient[] = [
  claudeCode,
  codex,
  geminiCli,
  qwenCode,
  opencode,
  copilot,
  cline,
  continueCli,
  mcpRemote,
  mcporter,
  mcpc,
  inspector,
  ...LIBRARIES,
];
