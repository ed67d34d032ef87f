// What runs commands, and what comes before. It is loaded as one: each file that a run loads takes half a millisecond,
// and commands share most of theirs.
export { ownProcess } from '../../native/own-process.ts';
export { keepPrivileges } from '../privileges.ts';
export { diff } from './diff.ts';
export { doctor } from './doctor.ts';
export { dump } from './dump.ts';
export { maps } from './maps.ts';
export { hits } from './hits.ts';
export { snapshot } from './snapshot.ts';
export { strings } from './strings.ts';
export { top } from './top.ts';
export { watch } from './watch.ts';
