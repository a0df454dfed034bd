// Tables as CSV (RFC 4180), and the way onto the clipboard.

const field = (value) => {
  const text = String(value ?? '');
  // A spreadsheet takes a field that begins so for a formula; names come from anywhere.
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** @param {Array<Array<unknown>>} rows  the header first */
export function toCsv(rows) {
  return rows.map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** @returns {Promise<boolean>} whether it worked; also where the page is not served over HTTPS */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
