#!/usr/bin/env node
'use strict';

// libuv makes its threads at the first job, and Node gives it one while it loads modules: so this file is no module,
// and comes first. Beside the scan's jobs (two for each CPU), threads must be
// left to write what they found.
process.env.UV_THREADPOOL_SIZE ||= String(Math.max(4, require('node:os').availableParallelism() * 2 + 2));

void import('../dist/cli.js').then(({ main }) => main(process.argv.slice(2)));
