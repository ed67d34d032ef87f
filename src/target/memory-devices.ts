import { addon } from '../native.ts';
import { readProc } from './procfs.ts';

const MEMORY_FILE_SYSTEMS = new Set(['tmpfs', 'hugetlbfs']);

/**
 * Tells the devices whose pages are memory: tmpfs and hugetlbfs, mounted as the process sees them, and the kernel's own
 * mounts of them, which back memfd, System V and shared anonymous memory and stand in no table. A pathname would be no
 * evidence: anyone can name a file `/memfd:x`.
 */
export function memoryDevices(pid: number): (dev: string) => boolean {
  const devices = new Set(addon.memoryDevices().map(deviceName));
  for (const line of (readProc(pid, 'mountinfo') ?? '').split('\n')) {
    const device = mountedMemoryDevice(line);
    if (device) devices.add(device);
  }
  return (dev) => devices.has(dev);
}

// proc_pid_mountinfo(5): id parent major:minor root mount options [optional fields] - type source options
function mountedMemoryDevice(line: string): string | undefined {
  const [head, tail] = line.split(' - ', 2);
  if (!MEMORY_FILE_SYSTEMS.has(tail?.split(' ', 1)[0] ?? '')) return undefined;
  const [major, minor] = (head?.split(' ')[2] ?? '').split(':').map(Number);
  return major === undefined || minor === undefined ? undefined : deviceName([major, minor]);
}

// As /proc/PID/maps writes it.
const deviceName = (numbers: [major: number, minor: number]): string =>
  numbers.map((number) => number.toString(16).padStart(2, '0')).join(':');
