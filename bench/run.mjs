// Runs the benchmark.
//   node bench/run.mjs [--quick]
import { importBundled } from '../scripts/import-bundled.mjs';

const { module, folder } = await importBundled(
  { main: 'bench/main.ts', child: 'bench/child.ts' },
  'bench/main.ts',
);
await module.main(process.argv.slice(2), `${folder}/child.mjs`);
