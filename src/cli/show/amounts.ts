import prettyBytes from 'pretty-bytes';

export const size = (bytes: number): string => prettyBytes(bytes, { binary: true });

export const signed = (bytes: number): string =>
  prettyBytes(Math.round(bytes), { binary: true, signed: true }).trim();

/** Seconds as people read them: `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const shown = parts.filter(([number]) => number > 0).map(([number, unit]) => `${number} ${unit}`);
  return shown.length > 0 ? shown.join(' ') : `${Math.abs(seconds).toFixed(1)} s`;
}

/** A number with its noun: `1 string`, `2,000 strings`. */
export const counted = (number: number, what: string): string =>
  `${grouped(number)} ${number === 1 ? what : `${what}s`}`;

/** Bytes per second, by bytes and seconds: `1.5 GB/s`, `80 MB/s`. */
export function rate(read: number, seconds: number): string {
  const mega = read / 1e6 / Math.max(seconds, 1e-6);
  return mega >= 100 ? `${(mega / 1e3).toFixed(1)} GB/s` : `${mega.toFixed(mega >= 1 ? 0 : 1)} MB/s`;
}

/** A whole number in groups: `1,234,567`. (toLocaleString() takes 10 ms to load its languages.) */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
