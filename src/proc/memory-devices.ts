import { addon } from '../native/addon.ts';
import { parseMounts, readProc } from './procfs.ts';

const MEMORY_FILE_SYSTEMS = new Set(['tmpfs', 'hugetlbfs']);

/**
 * Tells the devices whose pages are memory: tmpfs and hugetlbfs, mounted as the process sees them, and the kernel's own
 * mounts of them, which back memfd, System V and shared anonymous memory and stand in no table. A pathname would be no
 * evidence: anyone can name a file `/memfd:x`.
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
