/** The package's folder. It lies one above this file's: src/, and dist/, into which this file is bundled. */
export const PACKAGE_ROOT = new URL('..', import.meta.url);
