import { parseStatus, readProc } from './procfs.ts';

/** Names from capabilities(7), in order of their bit numbers. */
const NAMES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);

/** The bit mask of a capability, by a name such as `CAP_SYS_PTRACE`. */
export const capabilityBit = (name: string): bigint => 1n << BigInt(NAMES.indexOf(name));

/** Names of the effective capabilities of this process's main thread. */
export function ownCapabilities(): string[] {
  const effective = parseStatus(readProc(process.pid, 'status') ?? '').get('CapEff');
  const bits = BigInt(`0x${effective ?? '0'}`);
  return NAMES.filter((name) => (bits & capabilityBit(name)) !== 0n);
}
