/** Only places that run nothing: the web and mail. */
export function safe(target: string): string | null {
  try {
    const url = new URL(target);
    return ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
