import fc from 'fast-check';

/** One seed for a whole run, so that MEMSCAN_SEED repeats it. fast-check prints it with every failure. */
const seed = Number(process.env['MEMSCAN_SEED'] ?? Date.now() % 2 ** 31);
fc.configureGlobal({ seed });
