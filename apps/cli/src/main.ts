#!/usr/bin/env node
import { runCli } from './run-cli.js';
import { outliveReaders } from './terminal/closed-pipe.js';

outliveReaders(process.stdout, process.stderr);
process.exitCode = await runCli(process.argv.slice(2), process.env, process, process.cwd());
