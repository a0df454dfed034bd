// What the reader looks at, as the address's fragment: #run=…&device=…&burst=…

/** @returns {{ run: string, device: string, burst: string }} empty where nothing is chosen */
export function readLink(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  return { run: parts.get('run') ?? '', device: parts.get('device') ?? '', burst: parts.get('burst') ?? '' };
}

export function writeLink(choice) {
  const parts = new URLSearchParams(Object.entries(choice).filter(([, value]) => value !== ''));
  return `#${parts}`;
}
