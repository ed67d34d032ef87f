import prettyBytes from 'pretty-bytes';

export const size = (bytes: number): string => prettyBytes(bytes, { binary: true });

export const signed = (bytes: number): string =>
  prettyBytes(Math.round(bytes), { binary: true, signed: true }).trim();

/** `2 min 5 s`. */
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
