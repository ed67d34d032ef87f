import { addon } from '../native/addon.ts';
import { parseMounts, readProc } from './procfs.ts';

const MEMORY_FILE_SYSTEMS = new Set(['tmpfs', 'hugetlbfs']);

/**
 * Returns a test whether pages of a device (`major:minor` as in maps) are memory: tmpfs and hugetlbfs, as mounted in the
 * process's namespace, and the kernel's internal mounts of them, which back memfd, System V and shared anonymous memory and
 * appear in no mount table. Pathnames prove nothing: anyone can name a file `/memfd:x`.
 */
export function memoryDevices(pid: number): (dev: string) => boolean {
  const devices = new Set(addon.memoryDevices().map(deviceName));
  for (const { device, type } of parseMounts(readProc(pid, 'mountinfo') ?? '')) {
    if (MEMORY_FILE_SYSTEMS.has(type)) devices.add(deviceName(device.split(':').map(Number)));
  }
  return (dev) => devices.has(dev);
}

// As /proc/PID/maps writes it.
const deviceName = (numbers: readonly number[]): string =>
  numbers.map((number) => number.toString(16).padStart(2, '0')).join(':');
